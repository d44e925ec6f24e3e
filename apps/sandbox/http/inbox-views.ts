/** Chats, messages, service lines and counters as the inbox draws them. Ids become strings on their way out. */
import type { Account } from '../world/accounts.ts';
import { specialKind } from '../api/special-media.ts';
import { contentOf, type Delivery, type MediaKind } from '../world/deliveries.ts';
import type { ServiceLine } from '../world/events.ts';
import type { SandboxState } from '../world/state.ts';
import type { Chat } from '../world/chat.ts';
import type { Json } from './body.ts';
import { cardView, entityView } from './cards.ts';
import type { InboxIndex } from './inbox-index.ts';
import { mediaView } from './inbox-media-views.ts';

/** As a page reads them. */
export type ChatJson = Json<ReturnType<typeof chatView>>;
export type MessageJson = Json<ReturnType<typeof messageView>>;
export type LineJson = Json<ReturnType<typeof lineView>>;
export type ReplyJson = Json<ReturnType<typeof replyView>>;
export type CountersJson = Json<ReturnType<typeof countersView>>;
export type CodeJson = CountersJson['codes'][number];

/** How far back the message that a reply names is looked for. */
const maxLookedBack = 10_000;
const quoteLength = 160;

/** The list of chats: those of the dialogs and those that got messages. The page puts them in order. */
export function chatsView(account: Account, index: InboxIndex) {
  return [...account.world.chats.values()]
    .filter((chat) => chat.inDialogs || chat.topIsOwn || index.total(account.id, chat.id))
    .map((chat) => chatView(account, chat, index));
}

/** One chat of the list. `count` is how many messages it got since the last reset. */
export function chatView(account: Account, chat: Chat, index: InboxIndex) {
  const total = index.total(account.id, chat.id);
  const topAt = chat.topDate * 1000;
  /** A replaced world forgets what stood last in its chats; another's message may have come after ours. */
  const sent = total && (chat.topIsOwn || topAt < total.last.at - 1000) ? total.last : undefined;
  return {
    chat_id: chat.id,
    kind: chat.id === account.id ? ('self' as const) : chat.kind,
    title: chat.title,
    username: chat.username,
    banned: chat.banned,
    pinned: chat.pinPlace > 0,
    archived: chat.archived,
    members: chat.members,
    count: total?.count ?? 0,
    last: sent
      ? { at: sent.at, text: summaryOf(sent), media: kindOf(sent), own: true }
      : { at: topAt, text: chat.topText, media: chat.topMedia, own: chat.topIsOwn },
  };
}

/** One message. `key` names it in the page, and in what the page asks for. */
export function messageView(state: SandboxState, delivery: Delivery) {
  const { text, entities, media, special } = contentOf(delivery);
  return {
    key: keyOf(delivery),
    from: authorOf(state, delivery),
    number: delivery.number,
    account: delivery.account,
    chat_id: delivery.chatId,
    message_id: delivery.messageId,
    at: delivery.at,
    text,
    entities: entities?.map(entityView),
    edited_at: delivery.edited?.at,
    deleted: delivery.isDeleted || undefined,
    silent: delivery.silent,
    reply: delivery.replyTo === undefined ? undefined : replyView(state, delivery, delivery.replyTo),
    album: delivery.groupedId,
    topic: delivery.topicId === undefined ? undefined : (delivery.topicTitle ?? `#${delivery.topicId}`),
    scheduled_for: delivery.scheduledFor,
    media: media && mediaView(media),
    card: special && cardView(special),
  };
}

/** A message in one line: its text, or what the card in its stead is called. */
function summaryOf(delivery: Delivery): string {
  const { text, special } = contentOf(delivery);
  return text || ((special && cardView(special).title) ?? '');
}

/** Whether a line tells of more than is shown already, as codes and scheduled messages are. */
export function isShown({ text }: ServiceLine): boolean {
  return !text.startsWith('scheduled for ') && !text.startsWith('sign-in code ');
}

/** A service line. */
export function lineView({ number, at, method, chatId, text }: ServiceLine) {
  return { number, at, method, chat_id: chatId, text };
}

/** The counters, and the sign-in codes that still hold. */
export function countersView(state: SandboxState, index: InboxIndex) {
  const { report, deliveries, faults, limits, signIns } = state;
  const { account, chat, methods = {} } = limits.definition;
  return {
    delivered: deliveries.total,
    duplicates: deliveries.repeated,
    calls: sum(report.rpc),
    errors: sum(report.errors),
    flood_violations: report.floodViolations,
    rpc: Object.fromEntries(report.rpc),
    errors_by_name: Object.fromEntries(report.errors),
    faults: faults.all().filter(({ left, until }) => left > 0 && until > Date.now()).length,
    limits: Number(Boolean(account)) + Number(Boolean(chat)) + Object.keys(methods).length,
    rates: index.rates(),
    codes: signIns.openCodes().map(({ phone, code, sentAt }) => ({ phone, code, sent_at: sentAt })),
  };
}

function sum(counts: Map<string, number>): number {
  return [...counts.values()].reduce((total, count) => total + count, 0);
}

function replyView(state: SandboxState, { account, chatId }: Delivery, messageId: number) {
  const fits = (other: Delivery) =>
    other.messageId === messageId && other.chatId === chatId && other.account === account;
  const quoted = findNewest(state.deliveries.all(), fits) ?? findNewest(state.incoming.all(), fits);
  if (!quoted) return { message_id: messageId };
  return {
    message_id: messageId,
    key: keyOf(quoted),
    from: authorOf(state, quoted),
    text: summaryOf(quoted).slice(0, quoteLength),
    media: kindOf(quoted),
  };
}

function findNewest(kept: readonly Delivery[], fits: (delivery: Delivery) => boolean): Delivery | undefined {
  const end = Math.max(0, kept.length - maxLookedBack);
  for (let index = kept.length - 1; index >= end; index--) if (fits(kept[index]!)) return kept[index];
  return undefined;
}

/** What names a message in the page: its number, or for those of others that number after `in-`. */
function keyOf({ from, number }: Delivery): string {
  return from === undefined ? String(number) : `in-${number}`;
}

/** Who wrote a message, where that is not the account. */
function authorOf({ accounts }: SandboxState, { account, from }: Delivery): string | undefined {
  if (from === undefined) return undefined;
  return accounts.find(account)?.world.chats.get(from)?.title ?? String(from);
}

/** The kind of what a message shows beside its text. */
function kindOf(delivery: Delivery): MediaKind | undefined {
  const { media, special } = contentOf(delivery);
  return media?.kind ?? (special && specialKind(special));
}
