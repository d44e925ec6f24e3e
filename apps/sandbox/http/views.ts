/** What the HTTP side shows of the sandbox: report, world and inbox as JSON values. */
import type { Account } from '../accounts.ts';
import type { Delivery } from '../deliveries.ts';
import type { ServiceLine } from '../events.ts';
import type { SandboxState } from '../state.ts';
import { compareDialogs, type Chat } from '../world.ts';

/** GET /report, with ids as strings. */
export function reportView({ report, deliveries }: SandboxState) {
  return {
    rpc: Object.fromEntries(report.rpc),
    errors: Object.fromEntries(report.errors),
    delivered: deliveries.all().map((delivery) => ({
      account: delivery.account,
      chat_id: delivery.chatId,
      message_id: String(delivery.messageId),
      random_id: delivery.randomId,
      at: new Date(delivery.at).toISOString(),
      text: delivery.text,
      media: delivery.media && mediaOfReport(delivery.media),
    })),
    delivered_total: deliveries.total,
    duplicates: deliveries.repeated,
    flood_violations: report.floodViolations,
    violations: report.violations.map(({ at, account, method, chatId, earlyMs }) => ({
      at: new Date(at).toISOString(),
      account,
      method,
      chat_id: chatId,
      early_ms: earlyMs,
    })),
  };
}

function mediaOfReport({ kind, name, size, sha256 }: NonNullable<Delivery['media']>) {
  return { kind, name, size, sha256 };
}

/** GET /world. */
export function worldView({ world }: Account) {
  return {
    ...world.definition,
    chats: [...world.chats.values()].map(({ id, kind, title, inDialogs, banned, username }) => ({
      chat_id: id,
      kind,
      title,
      username,
      in_dialogs: inDialogs,
      banned,
    })),
  };
}

/** The inbox's list of chats: those of the dialogs and those that got messages, the latest first. */
export function chatsView(account: Account) {
  const chats = [...account.world.chats.values()];
  return chats
    .filter((chat) => chat.inDialogs || chat.topIsOwn)
    .sort(compareDialogs)
    .map((chat) => chatView(account, chat));
}

function chatView(account: Account, chat: Chat) {
  return {
    chat_id: chat.id,
    kind: chat.id === account.id ? 'self' : chat.kind,
    title: chat.title,
    username: chat.username,
    banned: chat.banned,
    pinned: chat.pinned,
    archived: chat.archived,
    members: chat.members,
    last: { at: chat.topDate * 1000, text: chat.topText, media: chat.topMedia, own: chat.topIsOwn },
  };
}

/** One message as the inbox draws it. */
export function messageView(delivery: Delivery) {
  const { media } = delivery;
  return {
    number: delivery.number,
    chat_id: delivery.chatId,
    message_id: delivery.messageId,
    at: delivery.at,
    text: delivery.text,
    entities: delivery.entities?.map(({ _, offset, length, url }) => ({ type: _, offset, length, url })),
    silent: delivery.silent,
    reply_to: delivery.replyTo,
    media: media && {
      kind: media.kind,
      name: media.name,
      mime_type: media.mimeType,
      size: media.size,
      sha256: media.sha256,
      width: media.width,
      height: media.height,
      url: media.file.gone ? undefined : `/media/${media.file.id}`,
    },
  };
}

/** A service line as the inbox draws it. */
export function lineView({ number, at, method, chatId, text }: ServiceLine) {
  return { number, at, method, chat_id: chatId, text };
}

/** The counters that the inbox shows. */
export function countersView({ report, deliveries, faults, limits }: SandboxState) {
  const sum = (counts: Map<string, number>) =>
    [...counts.values()].reduce((total, count) => total + count, 0);
  return {
    delivered: deliveries.total,
    duplicates: deliveries.repeated,
    calls: sum(report.rpc),
    errors: sum(report.errors),
    flood_violations: report.floodViolations,
    faults: faults.all().filter(({ left, until }) => left > 0 && until > Date.now()).length,
    limits:
      Number(Boolean(limits.definition.account)) +
      Number(Boolean(limits.definition.chat)) +
      Object.keys(limits.definition.methods ?? {}).length,
  };
}
