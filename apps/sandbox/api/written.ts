/** What is written in a chat: messages sent and received, service messages, the greeting, and the starts of topics. */
import type { Account } from '../world/accounts.ts';
import { contentOf, type Deliveries, type Delivery, type Marks } from '../world/deliveries.ts';
import type { SandboxState } from '../world/state.ts';
import type { TlObject } from '../tl/values.ts';
import { isChannel, type Chat, type Topic } from '../world/chat.ts';
import { lastGreetingId } from '../world/world.ts';
import { greetingObject, messageObject, topicStartObject } from './messages.ts';

const maxLookedAt = 5000;
export const generalTopic = 1;

/** A message with what pages are cut by. */
export interface Written {
  id: number;
  date: number;
  text: string;
  chat: Chat;
  delivery: Delivery | undefined;
  /** The topic that the message began. */
  topic?: Topic | undefined;
}

/** What is written in a chat, the newest first. */
export function writtenIn(state: SandboxState, account: Account, chat: Chat): Written[] {
  const fits = (delivery: Delivery) =>
    delivery.chatId === chat.id && delivery.account === account.id && !delivery.isDeleted;
  const kept = listsOf(state).flatMap((list) => list.newest(fits, { limit: maxLookedAt }));
  const all = [...kept.map((delivery) => writtenOf(chat, delivery)), ...standingIn(chat)];
  return all.sort((a, b) => b.id - a.id);
}

/** One message of a chat. */
export function findWritten(
  state: SandboxState,
  account: Account,
  chat: Chat,
  id: number,
): Written | undefined {
  const fits = (delivery: Delivery) =>
    delivery.messageId === id &&
    delivery.chatId === chat.id &&
    delivery.account === account.id &&
    !delivery.isDeleted;
  const delivery = newestOf(state, fits);
  return delivery ? writtenOf(chat, delivery) : standingIn(chat).find((written) => written.id === id);
}

/** A message of a user or basic chat, which are numbered together. */
export function findCommon(state: SandboxState, account: Account, id: number): Written | undefined {
  const { chats } = account.world;
  const fits = (delivery: Delivery) => {
    if (delivery.messageId !== id || delivery.account !== account.id || delivery.isDeleted) return false;
    const chat = chats.get(delivery.chatId);
    return chat !== undefined && !isChannel(chat);
  };
  const delivery = newestOf(state, fits);
  if (delivery) return writtenOf(chats.get(delivery.chatId)!, delivery);
  if (id > lastGreetingId) return undefined;
  const greeted = [...chats.values()].find((chat) => !isChannel(chat) && chat.greeting.id === id);
  return greeted && standingIn(greeted)[0];
}

/** The topic that a message stands in. */
export function topicOf({ delivery, topic }: Written): number {
  if (delivery?.action?._ === 'messageActionTopicCreate') return delivery.messageId;
  return topic?.id ?? delivery?.topicId ?? generalTopic;
}

/** Who wrote a message, as a marked id; a channel's posts are its own. */
export function authorOf(account: Account, { chat, delivery, topic }: Written): bigint {
  if (chat.kind === 'channel') return chat.id;
  if (topic) return account.id;
  return delivery ? (delivery.from ?? account.id) : (chat.greeting.from ?? chat.id);
}

/** A message as the API shows it. */
export function writtenObject(account: Account, { chat, delivery, topic }: Written): TlObject {
  if (topic) return topicStartObject(account, chat, topic);
  return delivery ? messageObject(account, delivery, chat) : greetingObject(account, chat);
}

/** Where it is kept that a message is pinned, and the reactions to it; service messages take neither. */
export function marksOf({ chat, delivery, topic }: Written): Marks | undefined {
  if (topic || delivery?.action) return undefined;
  return delivery ?? chat.greeting;
}

/** The lists that messages are kept in. */
export function listsOf({ deliveries, incoming, service }: SandboxState): readonly Deliveries[] {
  return [deliveries, incoming, service];
}

function newestOf(state: SandboxState, fits: (delivery: Delivery) => boolean): Delivery | undefined {
  for (const list of listsOf(state)) {
    const [found] = list.newest(fits, { limit: 1 });
    if (found) return found;
  }
  return undefined;
}

function writtenOf(chat: Chat, delivery: Delivery): Written {
  const { messageId: id, at } = delivery;
  return { id, date: Math.floor(at / 1000), text: contentOf(delivery).text, chat, delivery };
}

/** What stands in a chat without having been sent: the greeting, and the starts of its topics. */
function standingIn(chat: Chat): Written[] {
  const { date } = chat.greeting;
  const begun = (chat.topics ?? []).filter((topic) => topic.date === undefined && topic.id !== generalTopic);
  const starts = begun.map((topic) => {
    return { id: topic.id, date, text: '', chat, delivery: undefined, topic };
  });
  return [{ ...chat.greeting, chat, delivery: undefined }, ...starts];
}
