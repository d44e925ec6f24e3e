/** The updates that sending causes: as an answer to who sent, and as news for the other sessions. */
import type { Account } from '../world/accounts.ts';
import type { Delivery } from '../world/deliveries.ts';
import type { Session } from '../mtproto/session.ts';
import type { SandboxState } from '../world/state.ts';
import type { TlObject } from '../tl/values.ts';
import { isChannel, type Chat } from '../world/chat.ts';
import { messageObject } from './messages.ts';
import { entitiesFor } from './named-peers.ts';

/** What Telegram answers to a text for another user. */
export function shortAnswer(delivery: Delivery): TlObject {
  return {
    _: 'updateShortSentMessage',
    out: true,
    id: delivery.messageId,
    pts: delivery.pts,
    ptsCount: 1,
    date: Math.floor(delivery.at / 1000),
    entities: delivery.entities,
  };
}

/** What Telegram answers to all other sends: the pairs of random id and message id, and the messages. */
export function sentAnswer(
  state: SandboxState,
  account: Account,
  chat: Chat,
  deliveries: readonly Delivery[],
): TlObject {
  const pairs = deliveries.map(({ messageId, randomId }) => ({
    _: 'updateMessageID',
    id: messageId,
    randomId,
  }));
  const messages = deliveries.map((delivery) => newMessage(account, chat, delivery));
  return updatesWith(state, account, chat, [...pairs, ...messages]);
}

/** What the other sessions of the account are told. */
export function newsOf(
  state: SandboxState,
  account: Account,
  chat: Chat,
  deliveries: readonly Delivery[],
): TlObject {
  const messages = deliveries.map((delivery) => newMessage(account, chat, delivery));
  return updatesWith(state, account, chat, messages);
}

/** Updates about one chat, with everyone who is in them. */
export function updatesWith(
  state: SandboxState,
  account: Account,
  chat: Chat,
  updates: TlObject[],
): TlObject {
  const lists = entitiesFor(account, updates, [chat]);
  return { _: 'updates', updates, ...lists, date: state.clock.seconds(), seq: 0 };
}

/**
 * Counts an update that is no new message, keeps it for clients that are away, and pushes it to the account's sessions;
 * `except` is the one that caused it and is answered with what this returns.
 */
export function announce(
  state: SandboxState,
  account: Account,
  chat: Chat,
  update: TlObject & { ptsCount: number },
  except: Session | undefined,
): TlObject {
  const counted = { ...update, pts: account.nextPts(chat, update.ptsCount) };
  account.updatesOf(chat).add(counted);
  const updates = updatesWith(state, account, chat, [counted]);
  account.subscribers.push(() => updates, except);
  return updates;
}

function newMessage(account: Account, chat: Chat, delivery: Delivery): TlObject {
  return {
    _: isChannel(chat) ? 'updateNewChannelMessage' : 'updateNewMessage',
    message: messageObject(account, delivery, chat),
    pts: delivery.pts,
    ptsCount: 1,
  };
}
