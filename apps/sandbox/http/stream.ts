/**
 * The live stream of the inbox: server-sent events, gathered a few times a second so that a flood stays readable.
 * A client that comes back with Last-Event-ID gets what it missed; where that is too much, or from before a reset,
 * `many` asks it to read anew.
 */
import { eventText, type EventFeed } from '../../kit/event-stream.ts';
import type { SandboxEvent } from '../world/events.ts';
import type { SandboxState } from '../world/state.ts';
import { jsonText, type Json } from './body.ts';
import type { InboxIndex } from './inbox-index.ts';
import {
  chatView,
  type ChatJson,
  countersView,
  type CountersJson,
  isShown,
  lineView,
  messageView,
} from './inbox-views.ts';

const gatherMs = 120;
const tickMs = 1000;
const maxGathered = 100;
const maxChats = 200;

/** One event of the stream as a page reads it. */
export interface InboxUpdate {
  epoch: string;
  events: Json<ReturnType<typeof eventView>>[];
  /** More happened than stands in `events`: the page has to read anew. */
  many: boolean;
  /** The chats that changed. */
  chats: ChatJson[];
  counters: CountersJson;
}

/** What a stream reads of. */
export interface StreamSource {
  state: SandboxState;
  index: InboxIndex;
  accountId: bigint;
  /** The id up to which a client knows everything; '' for one that knows nothing. */
  lastId: string;
}

/** What one page is sent: first what it missed and the counters, then what happens. */
export function inboxFeed(source: StreamSource): EventFeed {
  const { state, index, accountId } = source;
  let { gathered, many } = missed(source);
  let touched = new Set(gathered.flatMap((event) => chatOf(event) ?? []));
  let isDue = true;
  let lastCounters = '';

  const gather = (event: SandboxEvent): boolean => {
    if (accountIn(event) !== undefined && accountIn(event) !== accountId) return false;
    if (event.type === 'service' && !isShown(event.line)) return false;
    const chatId = chatOf(event);
    if (chatId !== undefined && touched.size < maxChats) touched.add(chatId);
    else if (chatId !== undefined && !touched.has(chatId)) many = true;
    if (gathered.length < maxGathered) gathered.push(event);
    else many = true;
    return true;
  };
  return {
    listen: (wake) => {
      let timer: NodeJS.Timeout | undefined;
      const send = () => {
        timer = undefined;
        isDue = true;
        wake();
      };
      const unlisten = state.events.listen((event) => {
        if (gather(event)) timer ??= setTimeout(send, gatherMs);
      });
      const tick = setInterval(() => {
        if (!timer && jsonText(countersView(state, index)) !== lastCounters) send();
      }, tickMs);
      return () => {
        unlisten();
        clearInterval(tick);
        clearTimeout(timer);
      };
    },
    next: () => {
      if (!isDue) return '';
      const counters = countersView(state, index);
      lastCounters = jsonText(counters);
      const account = state.accounts.find(accountId) ?? state.accounts.standard;
      const chats = [...touched].flatMap((id) => account.world.chats.get(id) ?? []);
      const value = {
        epoch: index.epoch,
        events: gathered.map((event) => eventView(event, state)),
        many,
        chats: chats.map((chat) => chatView(account, chat, index)),
        counters,
      };
      gathered = [];
      touched = new Set();
      isDue = many = false;
      return eventText(jsonText(value), { id: eventId(state, index) });
    },
  };
}

/** The id of an event that would come now. */
export function eventId(state: SandboxState, index: InboxIndex): string {
  return `${index.epoch}.${state.deliveries.total}.${state.events.serviceLines().at(-1)?.number ?? 0}`;
}

/** What happened since the event that a client saw last; `many` where that cannot be told. */
function missed({ state, index, accountId, lastId }: StreamSource): {
  gathered: SandboxEvent[];
  many: boolean;
} {
  if (lastId === '') return { gathered: [], many: false };
  const [epoch, delivered = '', lineNumber = ''] = lastId.split('.');
  const count = state.deliveries.total - Number(delivered);
  if (epoch !== index.epoch || !(count <= maxGathered)) return { gathered: [], many: true };
  const deliveries = state.deliveries.all().slice(-maxGathered);
  const lines = state.events
    .serviceLines()
    .filter((line) => line.number > Number(lineNumber) && isShown(line));
  const gathered: SandboxEvent[] = [
    ...deliveries
      .filter(({ number, account }) => number > Number(delivered) && account === accountId)
      .map((delivery) => ({ type: 'delivery' as const, delivery })),
    ...lines.map((line) => ({ type: 'service' as const, line })),
  ];
  return { gathered, many: false };
}

function chatOf(event: SandboxEvent): bigint | undefined {
  if (event.type === 'delivery') return event.delivery.chatId;
  return event.type === 'chat' ? event.chatId : undefined;
}

function accountIn(event: SandboxEvent): bigint | undefined {
  if (event.type === 'delivery') return event.delivery.account;
  return event.type === 'chat' ? event.account : undefined;
}

function eventView(event: SandboxEvent, state: SandboxState) {
  switch (event.type) {
    case 'delivery':
      return { type: 'delivery' as const, message: messageView(state, event.delivery) };
    case 'service':
      return { type: 'service' as const, line: lineView(event.line) };
    case 'chat':
      return { type: 'chat' as const, chat_id: event.chatId };
    case 'world':
    case 'reset':
      return event;
  }
}
