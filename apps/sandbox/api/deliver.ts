/** Delivering: a message gets its number, is noted, and is told to whoever listens. */
import type { Account } from '../accounts.ts';
import type { DeliveredMedia, Delivery } from '../deliveries.ts';
import type { Session } from '../mtproto/session.ts';
import type { SandboxState } from '../state.ts';
import type { TlObject } from '../tl/values.ts';
import type { Chat } from '../world.ts';
import { newsOf } from './answers.ts';
import type { Place } from './send-checks.ts';
import { specialKind } from './special-media.ts';

/** A message on its way, before it has a number. */
export interface Outgoing extends Partial<Place> {
  randomId: bigint;
  text: string;
  silent: boolean;
  noWebpage?: boolean | undefined;
  entities: readonly TlObject[] | undefined;
  media: DeliveredMedia | undefined;
  special?: TlObject | undefined;
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
  chat.topIsOwn = true;
  noteTop(chat, delivery);
  if (message.media) use(message.media);
  state.events.emit({ type: 'delivery', delivery });
  account.subscribers.push(() => newsOf(state, account, chat, [delivery]), except);
  const other = chat.kind === 'user' && chat.id !== account.id ? state.accounts.find(chat.id) : undefined;
  if (other)
    receive(state, other, other.world.meet(account.id, account.firstName), { ...message, from: account.id });
  return delivery;
}

/** Delivers a message that someone else wrote in one of the account's chats. */
export function receive(
  state: SandboxState,
  account: Account,
  chat: Chat,
  { from, ...message }: Outgoing & { from: bigint },
): Delivery {
  const delivery = state.incoming.add({ ...recordOf(account, chat, message, Date.now()), from });
  chat.topIsOwn = false;
  chat.inDialogs = true;
  noteTop(chat, delivery);
  if (message.media) use(message.media);
  state.events.emit({ type: 'chat', account: account.id, chatId: chat.id });
  account.subscribers.push(() => newsOf(state, account, chat, [delivery]), undefined);
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
    silent: message.silent,
    noWebpage: message.noWebpage,
    entities: message.entities,
    replyTo: message.replyTo,
    media: message.media,
    pts: account.nextPts(chat),
    topicId: message.topicId,
    topicTitle: message.topicTitle,
    groupedId: message.groupedId,
    special: message.special,
    wasScheduled: message.wasScheduled,
  };
}

function noteTop(chat: Chat, { messageId, at, text, media, special }: Delivery): void {
  chat.topMessageId = messageId;
  chat.topDate = Math.floor(at / 1000);
  chat.topText = text;
  chat.topMedia = media?.kind ?? (special && specialKind(special));
}

function use({ file, thumbnail }: DeliveredMedia): void {
  file.uses++;
  if (thumbnail) thumbnail.uses++;
}
