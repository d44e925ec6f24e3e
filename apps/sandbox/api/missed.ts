/** What happened in a box, which is a channel or all else of an account, after a value of its counter. */
import type { Account } from '../world/accounts.ts';
import type { Delivery } from '../world/deliveries.ts';
import type { SandboxState } from '../world/state.ts';
import type { TlObject } from '../tl/values.ts';
import { isChannel, type Chat } from '../world/chat.ts';
import { messageObject } from './messages.ts';
import { listsOf } from './written.ts';

/** How far behind a client may be before it must begin anew. */
const maxMissed = 5000;

/** A part of what was missed. */
export interface Missed {
  newMessages: TlObject[];
  otherUpdates: TlObject[];
  /** The counter at the part's end. */
  pts: number;
  /** Whether nothing comes after it. */
  isWhole: boolean;
  /** How much was missed in all. */
  total: number;
}

/** Up to `limit` of what was missed, oldest first; undefined where it is too much, or not all of it is kept. */
export function missedSince(
  state: SandboxState,
  account: Account,
  channel: Chat | undefined,
  pts: number,
  limit: number,
): Missed | undefined {
  const log = channel ? channel.updates : account.updates;
  const updates = log ? log.after(pts) : [];
  const messages = messagesSince(state, account, channel, pts);
  if (!updates || updates.length + messages.length > maxMissed) return undefined;
  const all = [...messages, ...updates].sort((a, b) => a.pts - b.pts);
  const part = all.slice(0, limit);
  const newMessages: TlObject[] = [];
  const otherUpdates: TlObject[] = [];
  for (const one of part) {
    if (!isDelivery(one)) {
      otherUpdates.push(one);
      continue;
    }
    newMessages.push(messageObject(account, one, account.world.chats.get(one.chatId)!));
    const { messageId: id, randomId, from } = one;
    if (from === undefined && randomId !== 0n) otherUpdates.push({ _: 'updateMessageID', id, randomId });
  }
  return {
    newMessages,
    otherUpdates,
    pts: part.at(-1)?.pts ?? pts,
    isWhole: part.length === all.length,
    total: all.length,
  };
}

function messagesSince(
  state: SandboxState,
  account: Account,
  channel: Chat | undefined,
  pts: number,
): Delivery[] {
  const isOfBox = (delivery: Delivery) => {
    if (delivery.account !== account.id) return false;
    if (channel) return delivery.chatId === channel.id;
    const chat = account.world.chats.get(delivery.chatId);
    return chat !== undefined && !isChannel(chat);
  };
  const fits = (delivery: Delivery) => delivery.pts > pts && !delivery.isDeleted && isOfBox(delivery);
  const until = (delivery: Delivery) => delivery.pts <= pts && isOfBox(delivery);
  return listsOf(state).flatMap((list) => list.newest(fits, { limit: maxMissed + 1, until }));
}

function isDelivery(one: Delivery | TlObject): one is Delivery {
  return 'messageId' in one;
}
