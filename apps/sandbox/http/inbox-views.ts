/** Chats, messages, service lines and counters as the inbox draws them. Ids become strings on their way out. */
import type { Account } from '../accounts.ts';
import { specialKind } from '../api/special-media.ts';
import type { Delivery, DeliveredMedia } from '../deliveries.ts';
import type { ServiceLine } from '../events.ts';
import type { SandboxState } from '../state.ts';
import type { Chat } from '../world.ts';
import { cardView, entityView } from './cards.ts';
import type { InboxIndex } from './inbox-index.ts';

/** How far back the message that a reply names is looked for. */
const MAX_LOOKED_BACK = 10_000;
const QUOTE_LENGTH = 160;

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
    kind: chat.id === account.id ? 'self' : chat.kind,
    title: chat.title,
    username: chat.username,
    banned: chat.banned,
    pinned: chat.pinned,
    archived: chat.archived,
    members: chat.members,
    count: total?.count ?? 0,
    last: sent
      ? { at: sent.at, text: textOf(sent).text, media: sent.media?.kind ?? cardKindOf(sent), own: true }
      : { at: topAt, text: chat.topText, media: chat.topMedia, own: chat.topIsOwn },
  };
}

/** One message. `kept` is where the message that it answers is looked for. */
export function messageView(delivery: Delivery, kept: readonly Delivery[]) {
  const { text, entities } = textOf(delivery);
  return {
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
    reply: delivery.replyTo === undefined ? undefined : replyView(delivery, delivery.replyTo, kept),
    album: delivery.groupedId,
    topic: delivery.topicId === undefined ? undefined : (delivery.topicTitle ?? `#${delivery.topicId}`),
    scheduled_for: delivery.scheduledFor,
    media: delivery.media && mediaView(delivery.media),
    card: delivery.special && cardView(delivery.special),
  };
}

/** The text as it is now: after the last edit, if there was one. */
function textOf({ text, entities, edited }: Delivery) {
  return edited ?? { text, entities };
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

function replyView({ account, chatId, number }: Delivery, messageId: number, kept: readonly Delivery[]) {
  let looked = 0;
  for (let index = kept.length - 1; index >= 0 && looked < MAX_LOOKED_BACK; index--, looked++) {
    const other = kept[index]!;
    if (other.messageId !== messageId || other.chatId !== chatId || other.account !== account) continue;
    if (other.number === number) continue;
    const text = other.text.slice(0, QUOTE_LENGTH);
    return { message_id: messageId, number: other.number, text, media: other.media?.kind };
  }
  return { message_id: messageId };
}

function mediaView(media: DeliveredMedia) {
  const find = (name: string) => media.attributes.find((attribute) => attribute._ === name);
  const video = find('documentAttributeVideo');
  const audio = find('documentAttributeAudio');
  const size = video ?? find('documentAttributeImageSize');
  return {
    kind: media.kind,
    name: media.name,
    mime_type: media.mimeType,
    size: media.size,
    sha256: media.sha256,
    width: media.width || size?.w,
    height: media.height || size?.h,
    seconds: video?.duration ?? audio?.duration,
    performer: audio?.performer,
    title: audio?.title,
    waveform: Buffer.isBuffer(audio?.waveform) ? unpackWaveform(audio.waveform) : undefined,
    spoiler: media.spoiler || undefined,
    url: media.file.gone ? undefined : `/media/${media.file.id}`,
  };
}

function cardKindOf({ special }: Delivery): string | undefined {
  return special && specialKind(special);
}

/** A voice message's waveform: 5 bits a bar, lowest bits first (core.telegram.org/constructor/documentAttributeAudio). */
export function unpackWaveform(packed: Buffer): number[] {
  const bars = Math.min(Math.floor((packed.length * 8) / 5), 100);
  return Array.from({ length: bars }, (_, bar) => {
    const bit = bar * 5;
    const two = packed[bit >> 3]! | ((packed[(bit >> 3) + 1] ?? 0) << 8);
    return (two >> (bit & 7)) & 31;
  });
}
