/** A message of a scenario: as it is planned, and what became of it. Times are in ms since 1970. */
import type { GatewayName } from './data-file.ts';

/** Who it is for: a dialog, a dialog that may be banned, or a chat that nobody knows. */
export type Recipient = 'known' | 'bannable' | 'unknown';

export interface Planned {
  /** Stands in the text, and is found again in the sandbox's report. */
  readonly number: number;
  readonly phase: string;
  /** When it is asked for, in ms from the beginning of its phase; 0 for those as fast as they are taken. */
  readonly afterMs: number;
  readonly gateway: GatewayName;
  readonly chatId: string;
  readonly recipient: Recipient;
  readonly waitSeconds: number;
}

/** What its caller saw. */
export interface Answered extends Planned {
  readonly askedAt: number;
  /** How often it was asked for: again, under its key, when the connection died. */
  readonly asks: number;
  /** The times of the ask that was answered; undefined when none was. */
  readonly lastAskedAt: number;
  readonly answeredAt: number | undefined;
  readonly httpStatus: number | undefined;
  /** Its id, once it was accepted. */
  readonly id: string | undefined;
  readonly state: MessageState;
  /** The class it was refused with. */
  readonly class: string | undefined;
}

/** `refused` was never accepted; `unanswered` has had no answer; `unknown` is forgotten by its gateway. */
export type MessageState =
  'queued' | 'sending' | 'sent' | 'failed' | 'expired' | 'cancelled' | 'refused' | 'unanswered' | 'unknown';

/** With its place in the order its gateway accepted it in, where it was accepted. */
export interface Followed extends Answered {
  readonly rank: number | undefined;
}

/** A message as the sandbox has it, in the order of delivery. */
export interface Delivered {
  readonly number: number;
  readonly chatId: string;
  readonly at: number;
}

const mark = /№(\d+)\b/;

/** The text or caption of a message. */
export function textOf(number: number): string {
  return `Заказ №${number} собран и передан в доставку.`;
}

/** The number in a text that `textOf` made. */
export function numberIn(text: string): number | undefined {
  const found = mark.exec(text)?.[1];
  return found === undefined ? undefined : Number(found);
}

/** The idempotency key of a message. */
export function keyOf(number: number): string {
  return `scenario-${number}`;
}

export function isFinal({ state }: Answered): boolean {
  return state !== 'queued' && state !== 'sending';
}
