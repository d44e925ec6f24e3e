/**
 * How a call to Telegram can fail, and what follows from a refusal. Three outcomes are kept apart: Telegram refused
 * (TelegramError), the request never left this machine (Unreached), and nobody knows (OutcomeUnknown).
 */
import { reason, ReasonError, sentence, type Reason } from '../../kit/reason.ts';
import type { ErrorClassName } from '../../kit/errors.ts';
import {
  telegramErrors,
  type AccountTrouble,
  type MessageFate,
  type TelegramErrorRow,
  type WaitScope,
} from './telegram-error-table.ts';

export type { WaitScope } from './telegram-error-table.ts';

/** An RPC error as the wire has it: `FLOOD_WAIT_26` is type `FLOOD_WAIT`, argument 26. */
export class TelegramError extends Error {
  readonly code: number;
  readonly type: string;
  readonly argument: number | undefined;
  /** The method that was called, where that is known. */
  readonly method: string | undefined;

  constructor(code: number, wireName: string, method?: string) {
    super(wireName);
    this.name = 'TelegramError';
    const [, type, argument] = /^(.*?)(?:_(\d+))?$/.exec(wireName)!;
    this.code = code;
    this.type = type!;
    this.argument = argument === undefined ? undefined : Number(argument);
    this.method = method;
  }
}

/** An error and the method that it answered, for people. */
export function answered(error: TelegramError): string {
  return sentence(answerReason(error));
}

export function answerReason({ message: name, method }: TelegramError): Reason {
  return method === undefined
    ? reason('telegram_answered_only', { name })
    : reason('telegram_answered', { name, method });
}

/** The request was never sent: no connection, or the account is not ready. Asking again cannot repeat anything. */
export class Unreached extends ReasonError {
  override name = 'Unreached';
}

/** The request was sent and no answer came: timed out, or the connection was cut. It may have been carried out. */
export class OutcomeUnknown extends ReasonError {
  override name = 'OutcomeUnknown';
}

/** An answer came and does not say what became of it: nothing is wrong with the connection. */
export class AnswerUnclear extends OutcomeUnknown {
  override name = 'AnswerUnclear';
}

/** What follows from a refusal. */
export interface Verdict {
  readonly class: ErrorClassName;
  readonly message: MessageFate;
  /** The wait, in milliseconds, and the calls it concerns. `grows` where Telegram named no time: asked again, it is longer. */
  readonly gate?: { readonly scope: WaitScope; readonly waitMs: number; readonly grows: boolean };
  readonly account?: AccountTrouble;
  /** Given by a server in trouble that goes away by itself, however often it comes. */
  readonly passes?: true;
}

/** PEER_FLOOD names no time; asking earlier makes it worse. */
const peerFloodWaitMs = 6 * 60 * 60_000;
/** What an error that asks to wait without saying how long is waited for at first. */
const unnamedWaitMs = 1_000;

const byName = new Map(
  telegramErrors.flatMap((row) => (typeof row.name === 'string' ? [[row.name, row]] : [])),
);
const byPattern = telegramErrors.flatMap((row) =>
  row.name instanceof RegExp ? [{ row, pattern: new RegExp(`^(?:${row.name.source})$`) }] : [],
);

/** Judges a refusal by its name, and where the table does not have that, by its code. */
export function judge(error: TelegramError): Verdict {
  const row = rowOf(error);
  const { class: errorClass, message, account, passes } = row;
  const gate = row.gate && { scope: row.gate, ...waitOf(row.gate, error) };
  return {
    class: errorClass,
    message,
    ...(gate && { gate }),
    ...(account && { account }),
    ...(passes && { passes }),
  };
}

const nobody = new Set([
  'USERNAME_NOT_OCCUPIED',
  'USERNAME_INVALID',
  'PHONE_NOT_OCCUPIED',
  'PHONE_NUMBER_INVALID',
]);

/** Whether a refusal says that nobody has the name or the number: no other one does. */
export function saysNobody({ type }: TelegramError): boolean {
  return nobody.has(type);
}

/** Whether a refusal is of the id or the access hash of a chat. */
export function refusesPeer(error: TelegramError): boolean {
  return rowOf(error).peer === 'refused';
}

const notOffered = new Set(['NOT_IMPLEMENTED', 'METHOD_INVALID', 'INPUT_METHOD_INVALID']);

/** Whether a server says that it does not have the method at all, as servers other than Telegram's do. */
export function isNotOffered(error: unknown): boolean {
  return error instanceof TelegramError && notOffered.has(error.message);
}

/** What a server does not have. */
export function notOfferedReason({ method, message: name }: TelegramError): Reason {
  return method === undefined
    ? reason('not_offered_only', { name })
    : reason('not_offered', { method, name });
}

/** Whether the table has a name. */
export function isKnown(error: TelegramError): boolean {
  return findRow(error) !== undefined;
}

function rowOf(error: TelegramError): Omit<TelegramErrorRow, 'name'> {
  return findRow(error) ?? rowOfCode(error.code);
}

function findRow({ type, message }: TelegramError): TelegramErrorRow | undefined {
  return (
    byName.get(type) ?? byName.get(message) ?? byPattern.find(({ pattern }) => pattern.test(message))?.row
  );
}

/**
 * Of a name nobody has listed: TDLib waits on every 420 and follows every 303; a code that is not listed either is to
 * be treated as 500 (core.telegram.org/api/errors).
 */
function rowOfCode(code: number): Omit<TelegramErrorRow, 'name'> {
  switch (code) {
    case 303:
      return { code, class: 'telegram_unavailable', message: 'again', account: 'elsewhere' };
    case 400:
    case 403:
    case 404:
    case 406:
      return { code, class: 'telegram_error', message: 'failed' };
    case 401:
      return { code, class: 'session_lost', message: 'waits', account: 'unconfirmed' };
    case 420:
      return { code, class: 'flood_wait', message: 'waits', gate: 'method' };
    default:
      return { code, class: 'telegram_unavailable', message: 'unknown' };
  }
}

function waitOf(scope: WaitScope, { argument }: TelegramError): { waitMs: number; grows: boolean } {
  if (scope === 'strangers') return { waitMs: peerFloodWaitMs, grows: false };
  if (argument === undefined) return { waitMs: unnamedWaitMs, grows: true };
  return { waitMs: Math.max(1, argument) * 1000, grows: false };
}
