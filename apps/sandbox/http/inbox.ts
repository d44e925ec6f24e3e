/** The web inbox: its page, its data, its media, and the live stream. */
import Router, { type RouterContext } from '@koa/router';
import type { Middleware } from 'koa';
import { Problem } from '../../kit/errors.ts';
import type { EventStreams } from '../../kit/event-stream.ts';
import { pageFiles } from '../../kit/page-files.ts';
import type { Account } from '../world/accounts.ts';
import type { Delivery } from '../world/deliveries.ts';
import type { SandboxState } from '../world/state.ts';
import { sendJson } from './body.ts';
import { codesView, waitingView } from './inbox-beside.ts';
import type { ProxySecrets } from '../mtproxy/secret.ts';
import { conversationOf, pageOf, searchIn, type PageStart } from './inbox-history.ts';
import { InboxIndex } from './inbox-index.ts';
import { chatsView, countersView, isShown, lineView, messageView } from './inbox-views.ts';
import { findMedia, posterOf, sendMedia } from './media-file.ts';
import { eventId, inboxFeed } from './stream.ts';

const pagePolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const messagesAPage = 80;
/** As many as the page holds at most: what it asks for to see what became of them. */
const messagesHeld = 320;
const linesAPage = 100;
const maxHits = 50;
const maxSearchLength = 200;

/** How a client connects: shown on the first page. The fingerprint is a signed decimal number. */
export interface ConnectInfo {
  port: number;
  dc: number;
  fingerprint: string;
  /** All data centres, this one included. */
  data_centres: { id: number; port: number }[];
  /** The MTProxy, with the forms of its secret. */
  proxy: { port: number; secrets: ProxySecrets };
}

const files = pageFiles({
  page: 'apps/sandbox/inbox/index.html',
  main: 'apps/sandbox/inbox/main.js',
  folders: ['apps/sandbox/inbox', 'apps/ui'],
  locales: 'apps/sandbox/inbox/locales/',
  styles: [
    'apps/ui/tokens.css',
    'apps/sandbox/inbox/styles/tokens.css',
    'apps/sandbox/inbox/styles/base.css',
    'apps/sandbox/inbox/styles/side.css',
    'apps/sandbox/inbox/styles/chats.css',
    'apps/sandbox/inbox/styles/talk-head.css',
    'apps/sandbox/inbox/styles/talk.css',
    'apps/sandbox/inbox/styles/bubble.css',
    'apps/sandbox/inbox/styles/quote.css',
    'apps/sandbox/inbox/styles/words.css',
    'apps/sandbox/inbox/styles/media.css',
    'apps/sandbox/inbox/styles/files.css',
    'apps/sandbox/inbox/styles/polls.css',
    'apps/sandbox/inbox/styles/cards.css',
    'apps/sandbox/inbox/styles/lightbox.css',
    'apps/sandbox/inbox/styles/panel.css',
    'apps/sandbox/inbox/styles/forms.css',
    'apps/sandbox/inbox/styles/figures.css',
    'apps/sandbox/inbox/styles/snippets.css',
    'apps/sandbox/inbox/styles/connect.css',
  ],
});

/** Serves the page and its files. */
export const inboxPage: Middleware = async (context, next) => {
  await files(context, next);
  if (context.response.get('ETag')) context.set('Content-Security-Policy', pagePolicy);
};

/** The routes of the inbox. */
export function inboxRoutes(state: SandboxState, connect: ConnectInfo, streams: EventStreams): Router {
  const router = new Router();
  const index = new InboxIndex(state);
  const { deliveries, incoming, events } = state;
  const viewOf = (delivery: Delivery) => messageView(state, delivery);

  router.get('/connect', (context) => sendJson(context, connect));

  router.get('/api/chats', (context) => {
    const account = accountOf(context, state);
    sendJson(context, {
      epoch: index.epoch,
      event_id: eventId(state, index),
      account: account.id,
      chats: chatsView(account, index),
      counters: countersView(state, index),
      connect,
    });
  });

  router.get('/api/chats/:id/messages', (context) => {
    const id = idOf(context);
    if (!/^-?\d{1,19}$/.test(id))
      throw new Problem('bad_request', 'a chat is named by its marked id', { field: 'id' });
    const account = accountOf(context, state);
    const chatId = BigInt(id);
    const fits = (delivery: Delivery) => delivery.chatId === chatId && delivery.account === account.id;
    const start = startOf(context);
    const conversation = conversationOf(deliveries.all().filter(fits), incoming.all().filter(fits));
    const limit = start.from ? messagesHeld : messagesAPage;
    const { messages, hasOlder, hasNewer } = pageOf(conversation, start, limit);
    const from = hasOlder ? (messages[0]?.at ?? 0) : 0;
    const to = hasNewer ? (messages.at(-1)?.at ?? 0) : Infinity;
    const lines = events
      .serviceLines()
      .filter((line) => (line.chatId === undefined || line.chatId === chatId) && isShown(line))
      .filter(({ at }) => at >= from && at <= to);
    sendJson(context, {
      epoch: index.epoch,
      messages: messages.map(viewOf),
      lines: lines.slice(-linesAPage).map(lineView),
      codes: codesView(state, account, chatId),
      waiting: waitingView(state, account, chatId),
      has_older: hasOlder,
      has_newer: hasNewer,
    });
  });

  router.get('/api/search', async (context) => {
    const words = String(context.query.q ?? '').trim();
    if (words.length > maxSearchLength) {
      throw new Problem('bad_request', `a search takes up to ${maxSearchLength} characters`, { field: 'q' });
    }
    const left = new AbortController();
    context.res.on('close', () => left.abort());
    const account = accountOf(context, state);
    const all: Delivery[] = [];
    for (const kept of words === '' ? [] : [deliveries.all(), incoming.all()]) {
      const own = kept.filter((delivery) => delivery.account === account.id);
      all.push(...(await searchIn(own, words, maxHits, left.signal)));
    }
    const found = all.sort((a, b) => b.at - a.at).slice(0, maxHits);
    sendJson(context, { messages: found.map(viewOf), is_whole: found.length < maxHits });
  });

  router.get('/media/:id', (context) => sendMedia(context, findMedia(state, idOf(context))));
  router.get('/media/:id/poster', async (context) => {
    sendMedia(context, await posterOf(findMedia(state, idOf(context))));
  });

  router.get('/api/stream', (context) => {
    const { id } = accountOf(context, state);
    const lastId = context.get('Last-Event-ID') || String(context.query.since ?? '');
    streams.answer(context, inboxFeed({ state, index, accountId: id, lastId }));
  });

  return router;
}

/** The account whose chats are asked for; the default one where none is named. */
function accountOf({ query }: RouterContext, { accounts }: SandboxState): Account {
  const named = query.account;
  if (named === undefined || named === '') return accounts.standard;
  const account = /^\d{1,19}$/.test(String(named)) ? accounts.find(BigInt(String(named))) : undefined;
  if (!account) throw new Problem('not_found', 'there is no account with this id', { field: 'account' });
  return account;
}

function idOf({ params }: RouterContext): string {
  return (params as { id?: string }).id ?? '';
}

function startOf({ query }: RouterContext): PageStart {
  const start: PageStart = {};
  for (const name of ['before', 'after', 'around', 'from'] as const) {
    const given = query[name];
    if (given === undefined) continue;
    const [, theirs, number] = /^(in-)?(\d{1,15})$/.exec(String(given)) ?? [];
    if (number === undefined)
      throw new Problem('bad_request', `${name} takes a message's key`, { field: name });
    start[name] = { isTheirs: theirs !== undefined, number: Number(number) };
  }
  return start;
}
