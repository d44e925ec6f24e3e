/** What was written in a chat: pages of it, single messages, and a plain search. */
import type { Account } from '../accounts.ts';
import type { Delivery } from '../deliveries.ts';
import type { SandboxState } from '../state.ts';
import type { TlObject } from '../tl/values.ts';
import type { Chat, Topic } from '../world.ts';
import { isChannel } from './answers.ts';
import { entitiesOf } from './entities.ts';
import { greetingObject, messageObject, topicStartObject } from './messages.ts';
import { method, type MethodTable } from './method.ts';
import { chatOf } from './peers.ts';

const MAX_PAGE = 100;
const MAX_LOOKED_AT = 5000;
const GENERAL_TOPIC = 1;

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

interface PageRequest extends TlObject {
  peer: TlObject;
  offsetId: number;
  offsetDate?: number;
  addOffset: number;
  limit: number;
  maxId: number;
  minId: number;
  q?: string;
  topMsgId?: number;
  filter?: TlObject;
}

interface ByIds extends TlObject {
  id: TlObject[];
  channel: TlObject;
}

const KINDS: Readonly<Record<string, readonly string[]>> = {
  inputMessagesFilterPhotos: ['photo'],
  inputMessagesFilterVideo: ['video'],
  inputMessagesFilterPhotoVideo: ['photo', 'video'],
  inputMessagesFilterDocument: ['document'],
  inputMessagesFilterGif: ['animation'],
  inputMessagesFilterVoice: ['voice'],
  inputMessagesFilterMusic: ['audio'],
  inputMessagesFilterRoundVideo: ['video_note'],
};

export const historyMethods: MethodTable = {
  'messages.getHistory': method<PageRequest>(({ state, account }, request) => {
    const chat = chatOf(account, request.peer);
    return pageOf(account, chat, writtenIn(state, account, chat), request);
  }),

  'messages.search': method<PageRequest>(({ state, account }, request) => {
    const chat = chatOf(account, request.peer);
    const words = (request.q ?? '').toLowerCase();
    const kinds = KINDS[request.filter?._ ?? ''];
    const found = writtenIn(state, account, chat).filter((written) => {
      const { text, delivery } = written;
      const isOfTopic = request.topMsgId === undefined || topicOf(written) === request.topMsgId;
      const isOfKind = !kinds || kinds.includes(delivery?.media?.kind ?? '');
      return isOfTopic && isOfKind && text.toLowerCase().includes(words);
    });
    return pageOf(account, chat, found, request);
  }),

  'channels.getMessages': method<ByIds>(({ state, account }, { channel, id }) => {
    const chat = chatOf(account, channel);
    const written = writtenIn(state, account, chat);
    const messages = id.map((wanted) => {
      const found = written.find((message) => message.id === wanted.id);
      return found ? writtenObject(account, found) : { _: 'messageEmpty', id: wanted.id ?? 0 };
    });
    const shared = { pts: chat.pts, count: messages.length, topics: [], ...entitiesOf(account, [chat]) };
    return { _: 'messages.channelMessages', messages, ...shared };
  }),

  'messages.getMessages': method<ByIds>(({ state, account }, { id }) => {
    const chats = new Set<Chat>();
    const messages = id.map((wanted) => {
      const delivery = commonMessage(state, account, wanted.id as number);
      const chat = delivery && account.world.chats.get(delivery.chatId);
      if (!delivery || !chat) return { _: 'messageEmpty', id: wanted.id ?? 0 };
      chats.add(chat);
      return messageObject(account, delivery, chat);
    });
    return { _: 'messages.messages', messages, topics: [], ...entitiesOf(account, chats) };
  }),
};

/** What is written in a chat, the newest first. */
export function writtenIn(state: SandboxState, account: Account, chat: Chat): Written[] {
  const fits = (delivery: Delivery) =>
    delivery.chatId === chat.id && delivery.account === account.id && !delivery.isDeleted;
  const search = { limit: MAX_LOOKED_AT };
  const kept = [...state.deliveries.newest(fits, search), ...state.incoming.newest(fits, search)];
  const written = kept.map((delivery) => ({
    id: delivery.messageId,
    date: Math.floor(delivery.at / 1000),
    text: delivery.edited?.text ?? delivery.text,
    chat,
    delivery,
  }));
  const { date } = chat.greeting;
  const begun = (chat.topics ?? []).filter(({ id }) => id !== GENERAL_TOPIC).reverse();
  const starts = begun.map((topic) => {
    return { id: topic.id, date: topic.date ?? date, text: '', chat, delivery: undefined, topic };
  });
  const all = [...written, { ...chat.greeting, chat, delivery: undefined }, ...starts];
  return all.sort((a, b) => b.date - a.date || b.id - a.id);
}

/** A message of a user or basic chat, which are numbered together. */
export function commonMessage(state: SandboxState, account: Account, id: number): Delivery | undefined {
  const fits = (delivery: Delivery) => {
    const chat = account.world.chats.get(delivery.chatId);
    const isCommon = chat !== undefined && !isChannel(chat);
    return delivery.messageId === id && delivery.account === account.id && isCommon && !delivery.isDeleted;
  };
  return state.deliveries.newest(fits, { limit: 1 })[0] ?? state.incoming.newest(fits, { limit: 1 })[0];
}

/** The topic that a message stands in. */
export function topicOf({ delivery, topic }: Written): number {
  return topic?.id ?? delivery?.topicId ?? GENERAL_TOPIC;
}

/** A message as the API shows it. */
export function writtenObject(account: Account, { chat, delivery, topic }: Written): TlObject {
  if (topic) return topicStartObject(account, chat, topic);
  return delivery ? messageObject(account, delivery, chat) : greetingObject(account, chat);
}

function pageOf(account: Account, chat: Chat, all: Written[], request: PageRequest): TlObject {
  const { offsetId, offsetDate = 0, addOffset, limit, maxId, minId } = request;
  const isAfterOffset = ({ id, date }: Written) =>
    (offsetId === 0 || id < offsetId) && (offsetDate === 0 || date < offsetDate);
  const first = all.findIndex(isAfterOffset);
  const start = Math.max(0, (first < 0 ? all.length : first) + addOffset);
  const count = Math.min(limit > 0 ? limit : MAX_PAGE, MAX_PAGE);
  const page = all.slice(start, start + count).filter(({ id }) => (maxId === 0 || id < maxId) && id > minId);
  const messages = page.map((written) => writtenObject(account, written));
  const authors = page.map(({ delivery }) => account.world.chats.get(delivery?.from ?? account.id));
  const known = authors.filter((author): author is Chat => author !== undefined);
  const lists = { messages, topics: [], ...entitiesOf(account, new Set([chat, ...known])) };
  if (isChannel(chat)) return { _: 'messages.channelMessages', pts: chat.pts, count: all.length, ...lists };
  if (messages.length === all.length) return { _: 'messages.messages', ...lists };
  return { _: 'messages.messagesSlice', count: all.length, ...lists };
}
