/** Messages that wait for their time. */
import type { Delivery } from './deliveries.ts';
import type { Numbers } from './numbers.ts';

/** A message that is not sent yet; `scheduledFor` is in ms since 1970, Infinity for "when they are online". */
export interface ScheduledMessage extends Delivery {
  scheduledFor: number;
}

/** How much a chat may hold, and how far ahead. */
const maxAChat = 100;
const maxAheadMs = 366 * 86_400_000;
/** The longest that a timer can wait. */
const maxTimerMs = 2 ** 31 - 1;

/** The scheduled messages of one server. */
export class Scheduled {
  /** Called with each chat's messages whose time has come, in their order. */
  onDue: (due: readonly ScheduledMessage[]) => void = () => {};
  #messages: ScheduledMessage[] = [];
  #lastIds = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  readonly #numbers: Pick<Numbers, 'floor' | 'use'>;
  /** What the ids begin above: those of earlier runs. */
  readonly #floor: number;

  constructor(numbers: Pick<Numbers, 'floor' | 'use'>) {
    this.#numbers = numbers;
    this.#floor = numbers.floor;
  }

  /** The name of the error that refuses so many more messages in a chat at a time, if one does. */
  problemOf(account: bigint, chatId: bigint, at: number, count: number): string | undefined {
    if (at !== Infinity && at > Date.now() + maxAheadMs) return 'SCHEDULE_DATE_TOO_LATE';
    return this.ofChat(account, chatId).length + count > maxAChat ? 'SCHEDULE_TOO_MUCH' : undefined;
  }

  /** The id of the next scheduled message of a chat; they are numbered apart from the sent ones. */
  nextId(account: bigint, chatId: bigint): number {
    const key = `${account}:${chatId}`;
    const id = this.#numbers.use((this.#lastIds.get(key) ?? this.#floor) + 1);
    this.#lastIds.set(key, id);
    return id;
  }

  add(message: ScheduledMessage): void {
    this.#messages.push(message);
    this.#messages.sort((a, b) => a.scheduledFor - b.scheduledFor);
    this.#wake();
  }

  /** All that wait, the next one first. */
  all(): readonly ScheduledMessage[] {
    return this.#messages;
  }

  /** The messages that wait in a chat, the next one first. */
  ofChat(account: bigint, chatId: bigint): ScheduledMessage[] {
    return this.#messages.filter((message) => message.account === account && message.chatId === chatId);
  }

  earlier(account: bigint, chatId: bigint, randomId: bigint): ScheduledMessage | undefined {
    return this.ofChat(account, chatId).find((message) => message.randomId === randomId);
  }

  /** Takes messages out, and returns those that were there. */
  take(account: bigint, chatId: bigint, ids: readonly number[]): ScheduledMessage[] {
    const taken = new Set(this.ofChat(account, chatId).filter(({ messageId }) => ids.includes(messageId)));
    this.#messages = this.#messages.filter((message) => !taken.has(message));
    this.#wake();
    return [...taken];
  }

  clear(): void {
    this.#messages = [];
    this.#wake();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#messages = [];
  }

  #wake(): void {
    clearTimeout(this.#timer);
    const next = this.#messages[0]?.scheduledFor;
    if (next === undefined || next === Infinity) return;
    this.#timer = setTimeout(() => this.#deliver(), Math.min(Math.max(next - Date.now(), 0), maxTimerMs));
  }

  #deliver(): void {
    const now = Date.now();
    const due = this.#messages.filter(({ scheduledFor }) => scheduledFor <= now);
    this.#messages = this.#messages.filter(({ scheduledFor }) => scheduledFor > now);
    for (const messages of Map.groupBy(due, ({ account, chatId }) => `${account}:${chatId}`).values()) {
      this.onDue(messages);
    }
    this.#wake();
  }
}
