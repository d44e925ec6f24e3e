/** What a check comes to: an id with its values, which the page and the report put into words. */

import { sentence, type Reason, type SentReason } from '../../kit/reason.ts';
import type { StatedCheck } from './evidence.ts';

/** Each is of one service, but the last two, which are of the machine. */
export const checkIds = [
  'supervisor',
  'port',
  'health',
  'telegram',
  'session',
  'stats',
  'cache',
  'errors',
  'disk',
  'clock',
] as const;
export type CheckId = (typeof checkIds)[number];

export const detailIds = [
  'state',
  'state_because',
  'unavailable',
  'late',
  'listening',
  'listening_by',
  'not_listening',
  'foreign',
  'foreign_by',
  'answered',
  'answered_because',
  'answered_code',
  'no_answer',
  'not_told',
  'telegram_ok',
  'telegram_ping',
  'signed_in',
  'told',
  'stats',
  'cache',
  'no_errors',
  'errors',
  'disk',
  'clock_right',
  'clock_ahead',
  'clock_behind',
  'clock_unknown',
  'clock_alone',
] as const;
export type DetailId = (typeof detailIds)[number];

/** Units stand in the names: `_s`, `_ms`, `_bytes`, and `_at` for a time in ISO 8601. */
export type Values = Readonly<Record<string, string | number>>;

/** A line of a log, as it is shown. */
export interface ShownLine {
  /** ISO 8601. */
  readonly at: string;
  readonly message: string;
}

export interface Outcome {
  /** Null where it is not known. */
  readonly ok: boolean | null;
  readonly detail: DetailId;
  readonly values?: Values;
  /** What `values.reason` says, by codes. */
  readonly causes?: readonly SentReason[];
  readonly lines?: readonly ShownLine[];
}

export interface Planned {
  readonly check: CheckId;
  /** Null where it is of the whole machine. */
  readonly service: string | null;
}

/** Registers a named check and times it. */
export type Timed = (check: CheckId, service: string | null, outcome: Promise<Outcome>) => void;

export interface CheckOutcome extends Planned, Required<Outcome> {
  readonly ms: number;
}

/** The values of a sentence that has a reason in it. */
export function because(why: Reason, values: Values = {}): Required<Pick<Outcome, 'values' | 'causes'>> {
  return { values: { ...values, reason: sentence(why) }, causes: [why] };
}

/** What a check of a gateway says. */
export function statedBy({ detail, reason }: StatedCheck) {
  return { values: { reason: detail }, ...(reason && { causes: [reason] }) };
}
