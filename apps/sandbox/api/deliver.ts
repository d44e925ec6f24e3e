/** Delivering: a message gets its number, is noted, and is told to whoever listens. */
import type { Account } from '../world/accounts.ts';
import { contentOf, type Content, type DeliveredMedia, type Delivery } from '../world/deliveries.ts';
import type { Session } from '../mtproto/session.ts';
import type { SandboxState } from '../world/state.ts';
import type { TlObject } from '../tl/values.ts';
import { standAt, type Chat } from '../world/chat.ts';
import { newsOf } from './answers.ts';
import type { Place } from './reply-place.ts';
import { headerFor } from './origins.ts';
import { specialKind } from './special-media.ts';
import { findWritten } from './written.ts';

/** A message on its way, before it has a number. */
export interface Outgoing extends Partial<Place>, Content {
  randomId: bigint;
  /** The text as the client sent it, where the server took white space off its ends. */
  sentText?: string | undefined;
  silent: boolean;
  noWebpage?: boolean | undefined;
  /** Where a forwarded message comes from: a messageFwdHeader. */
  forward?: TlObject | undefined;
  groupedId?: bigint | undefined;
  wasScheduled?: boolean | undefined;
}

/** Delivers a message of the account. Its other sessions get an update; `except` is the one that sent it. */
export function deliver(
  state: SandboxState,
  account: Account,
  chat: Chat,
  message: Outgoing,
  except: Session | undefined,
): Delivery {
  const at = Date.now();
  const delivery = state.deliveries.add(recordOf(account, chat, message, at));
  chat.lastSentAt = at;
  if (chat.kind === 'user') chat.inDialogs = true;
  noteTop(chat, delivery);
  if (message.media) use(message.media);
  state.events.emit({ type: 'delivery', delivery });
  account.subscribers.push(() => newsOf(state, account, chat, [delivery]), except);
  const other = chat.kind === 'user' && chat.id !== account.id ? state.accounts.find(chat.id) : undefined;
  if (other) deliverToOther(state, account, other, chat, delivery, message);
  return delivery;
}

/** Delivers a message to the other account of a private chat, which numbers it for itself. */
function deliverToOther(
  state: SandboxState,
  account: Account,
  other: Account,
  chat: Chat,
  delivery: Delivery,
  message: Outgoing,
): void {
  const from = account.id;
  const answered = message.replyTo && findWritten(state, account, chat, message.replyTo)?.delivery?.twin;
  const replyTo = answered ? answered.messageId : undefined;
  const forward = message.forward && headerFor(other, account, message.forward);
  const replyFields = message.replyFields?.replyFrom ? undefined : message.replyFields;
  const theirs = other.world.meet(from, account.firstName);
  delivery.twin = receive(state, other, theirs, { ...message, replyTo, replyFields, forward, from });
  delivery.twin.twin = delivery;
}

/** Delivers a message that someone else wrote in one of the account's chats. */
export function receive(
  state: SandboxState,
  account: Account,
  chat: Chat,
  { from, ...message }: Outgoing & { from: bigint },
): Delivery {
  if (from > 0n) account.world.meet(from);
  if (from > 0n && chat.kind !== 'user') (chat.authors ??= new Set()).add(from);
  const delivery = state.incoming.add({ ...recordOf(account, chat, message, Date.now()), from });
  chat.inDialogs = true;
  noteTop(chat, delivery);
  if (message.media) use(message.media);
  state.events.emit({ type: 'chat', account: account.id, chatId: chat.id });
  account.subscribers.push(() => newsOf(state, account, chat, [delivery]), undefined);
  return delivery;
}

/** Delivers a service message of the account; `except` is the session behind it. */
export function deliverService(
  state: SandboxState,
  account: Account,
  chat: Chat,
  { action, ...service }: { action: TlObject } & Partial<Place> & { randomId?: bigint },
  except: Session | undefined,
): Delivery {
  const message = {
    randomId: 0n,
    text: '',
    silent: false,
    entities: undefined,
    media: undefined,
    ...service,
  };
  const delivery = state.service.add({ ...recordOf(account, chat, message, Date.now()), action });
  noteTop(chat, delivery);
  state.events.emit({ type: 'chat', account: account.id, chatId: chat.id });
  account.subscribers.push(() => newsOf(state, account, chat, [delivery]), except);
  return delivery;
}

function recordOf(account: Account, chat: Chat, message: Outgoing, at: number): Omit<Delivery, 'number'> {
  return {
    account: account.id,
    chatId: chat.id,
    messageId: account.nextMessageId(chat),
    randomId: message.randomId,
    at,
    text: message.text,
    sentText: message.sentText,
    silent: message.silent,
    noWebpage: message.noWebpage,
    entities: message.entities,
    replyTo: message.replyTo,
    replyFields: message.replyFields,
    forward: message.forward,
    media: message.media,
    pts: account.nextPts(chat),
    topicId: message.topicId,
    topicTitle: message.topicTitle,
    groupedId: message.groupedId,
    special: message.special,
    wasScheduled: message.wasScheduled,
  };
}

/** Makes a message the newest of its chat. */
export function noteTop(chat: Chat, delivery: Delivery): void {
  const { text, media, special } = contentOf(delivery);
  const date = Math.floor(delivery.at / 1000);
  standAt(chat, { id: delivery.messageId, date, text }, delivery);
  chat.topMedia = media?.kind ?? (special && specialKind(special));
  chat.topIsOwn = delivery.from === undefined;
}

/** Counts a message that shows a file. */
export function use({ file, thumbnail }: DeliveredMedia): void {
  file.uses++;
  if (thumbnail) thumbnail.uses++;
}
