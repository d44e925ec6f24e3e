/** The web inbox: its page, its data, its media, and the live stream. */
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import Router, { type RouterContext } from '@koa/router';
import type { SandboxState } from '../state.ts';
import { HttpError, sendJson } from './body.ts';
import { openStream } from './stream.ts';
import { chatsView, countersView, lineView, messageView } from './views.ts';

const FOLDER = join(import.meta.dirname, '..', 'inbox');
const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const MESSAGES_A_PAGE = 100;
/** Shown in the page; all else is a download. */
const INLINE_TYPES = /^(image\/(jpeg|png|gif|webp)|video\/(mp4|webm)|audio\/[a-z0-9.+-]+)$/;

/** How a client connects: shown on the first page. The fingerprint is a signed decimal number. */
export interface ConnectInfo {
  port: number;
  dc: number;
  fingerprint: string;
}

/** The routes of the inbox. Open streams end when `signal` is aborted. */
export function inboxRoutes(state: SandboxState, connect: ConnectInfo, signal: AbortSignal): Router {
  const router = new Router();

  router.get('/', (context) => page(context, 'index.html'));
  router.get('/inbox/:file', (context) => page(context, context.params.file ?? ''));

  router.get('/api/chats', (context) =>
    sendJson(context, { chats: chatsView(state.accounts.standard), counters: countersView(state), connect }),
  );

  router.get('/api/chats/:id/messages', (context) => {
    const { id = '' } = context.params as { id?: string };
    if (!/^-?\d{1,19}$/.test(id)) throw new HttpError(422, 'a chat is named by its marked id', 'id');
    const before = Number(context.query.before ?? Infinity);
    const account = state.accounts.standard.id;
    const messages = state.deliveries.ofChat(account, BigInt(id), MESSAGES_A_PAGE, before);
    const lines = state.events
      .serviceLines()
      .filter((line) => line.chatId === undefined || line.chatId === BigInt(id));
    sendJson(context, {
      messages: messages.map(messageView),
      lines: lines.slice(-MESSAGES_A_PAGE).map(lineView),
    });
  });

  router.get('/media/:id', (context) => {
    const { id = '' } = context.params as { id?: string };
    const delivery = state.deliveries.all().find(({ media }) => media?.file.id === id);
    const media = delivery?.media;
    if (!media || media.file.gone) throw new HttpError(404, 'this file is not kept any more');
    const isInline = INLINE_TYPES.test(media.mimeType);
    context.set('Content-Security-Policy', "sandbox; default-src 'none'");
    context.set('Cache-Control', 'private, max-age=3600');
    context.attachment(media.name || 'file', { type: isInline ? 'inline' : 'attachment' });
    context.type = isInline ? media.mimeType : 'application/octet-stream';
    context.length = media.size;
    context.body = createReadStream(media.file.path);
  });

  router.get('/api/stream', (context) => openStream(context, state, signal));

  return router;
}

async function page(context: RouterContext, file: string): Promise<void> {
  if (!/^[a-z][a-z0-9-]*\.(html|css|js|svg)$/.test(file)) throw new HttpError(404, 'no such page');
  const content = await readFile(join(FOLDER, file)).catch(() => undefined);
  if (!content) throw new HttpError(404, 'no such page');
  context.set('Content-Security-Policy', PAGE_POLICY);
  context.set('Cache-Control', 'no-cache');
  context.type = extname(file);
  context.body = content;
}
