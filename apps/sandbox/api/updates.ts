/** updates.*: where the counters stand, and what a client missed. */
import type { Account } from '../accounts.ts';
import type { Delivery } from '../deliveries.ts';
import type { SandboxState } from '../state.ts';
import type { TlObject } from '../tl/values.ts';
import type { Chat } from '../world.ts';
import { isChannel } from './answers.ts';
import { dialogObject } from './dialogs.ts';
import { entitiesOf } from './entities.ts';
import { messageObject, topMessageObject } from './messages.ts';
import { method, type MethodTable } from './method.ts';
import { chatOf } from './peers.ts';
import { stateObject } from './state-object.ts';

const MAX_MISSED = 1000;

interface GetDifference extends TlObject {
  pts: number;
  limit: number;
  channel: TlObject;
}

export const updateMethods: MethodTable = {
  'updates.getState': method(({ state, account }) => stateObject(state, account)),

  'updates.getDifference': method<GetDifference>(({ state, account }, { pts }) => {
    if (pts >= account.pts) return { _: 'updates.differenceEmpty', date: state.clock.seconds(), seq: 0 };
    const missed = missedIn(state, account, pts, (chat) => !isChannel(chat));
    if (missed.length > MAX_MISSED) return { _: 'updates.differenceTooLong', pts: account.pts };
    const chats = chatsOf(account, missed);
    return {
      _: 'updates.difference',
      newMessages: messagesOf(account, missed),
      newEncryptedMessages: [],
      otherUpdates: [],
      ...entitiesOf(account, chats),
      state: stateObject(state, account),
    };
  }),

  'updates.getChannelDifference': method<GetDifference>(({ state, account }, { channel, pts, limit }) => {
    const chat = chatOf(account, channel);
    const shared = { final: true, pts: chat.pts, timeout: 30 };
    if (pts >= chat.pts) return { _: 'updates.channelDifferenceEmpty', ...shared };
    const missed = missedIn(state, account, pts, (other) => other === chat);
    const lists = entitiesOf(account, chatsOf(account, missed).add(chat));
    if (missed.length > Math.max(limit, 1)) {
      const top = { dialog: dialogObject(chat), messages: [topMessageObject(account, chat)] };
      return { _: 'updates.channelDifferenceTooLong', ...shared, ...top, ...lists };
    }
    const newMessages = messagesOf(account, missed);
    return { _: 'updates.channelDifference', ...shared, newMessages, otherUpdates: [], ...lists };
  }),
};

/** The messages after a counter, oldest first; one more than are told where there are too many. */
function missedIn(
  state: SandboxState,
  account: Account,
  pts: number,
  isOfBox: (chat: Chat) => boolean,
): Delivery[] {
  const isOwn = (delivery: Delivery) => {
    const chat = delivery.account === account.id ? account.world.chats.get(delivery.chatId) : undefined;
    return chat !== undefined && isOfBox(chat);
  };
  const fits = (delivery: Delivery) => isOwn(delivery) && delivery.pts > pts && !delivery.isDeleted;
  const until = (delivery: Delivery) => isOwn(delivery) && delivery.pts <= pts;
  const search = { limit: MAX_MISSED + 1, until };
  const found = [...state.deliveries.newest(fits, search), ...state.incoming.newest(fits, search)];
  return found.sort((a, b) => a.pts - b.pts);
}

function messagesOf(account: Account, deliveries: readonly Delivery[]): TlObject[] {
  return deliveries.map((delivery) => {
    return messageObject(account, delivery, account.world.chats.get(delivery.chatId)!);
  });
}

function chatsOf(account: Account, deliveries: readonly Delivery[]): Set<Chat> {
  const ids = deliveries.flatMap(({ chatId, from }) => [chatId, from ?? account.id]);
  const chats = ids.map((id) => account.world.chats.get(id));
  return new Set(chats.filter((chat): chat is Chat => chat !== undefined));
}
