/** What the rules judge by: all that could be learnt of the services at one moment. */
import type { Reason, SentReason } from '../../kit/reason.ts';
import type { Level } from '../model/log-levels.ts';
import type { State } from '../supervisors/supervisor.ts';

/** A line of a service's log. */
export interface ErrorLine {
  /** ISO 8601. */
  readonly at: string;
  readonly level: Level;
  readonly class: string;
  readonly message: string;
  readonly chat: string | null;
}

/** Reads the last lines of a service that tell of errors, oldest first. */
export type ReadErrors = (service: string, limit: number) => readonly ErrorLine[];

export interface PortEvidence {
  readonly port: number;
  readonly isListening: boolean;
  /** The process that listens, where this machine says. */
  readonly owner: { readonly pid: number; readonly name: string } | null;
}

/** A wait that Telegram has asked for, and that is not over. */
export interface Gate {
  readonly scope: string;
  readonly seconds: number;
  /** ISO 8601. */
  readonly until: string;
  /** Whether it holds back what this service sends. */
  readonly holds: boolean;
}

/** A check that a gateway makes itself; a service that is not ours gives no reason by its code. */
export interface StatedCheck {
  readonly ok: boolean;
  readonly detail: string;
  readonly reason?: SentReason | null;
}

export interface ServiceEvidence {
  readonly name: string;
  readonly label: string;
  readonly state: State;
  /** Why it is in that state. */
  readonly stateDetail: Reason | null;
  /** How often it was started again by itself in the last ten minutes. */
  readonly restarts: number;
  readonly port: PortEvidence | null;
  /** Whether it answers /health at all. */
  readonly answers: boolean;
  /** Null where it does not say. */
  readonly telegram: StatedCheck | null;
  readonly authorized: StatedCheck | null;
  /** How the account stands with Telegram, as a gateway names it; null where it does not say. */
  readonly accountState: string | null;
  readonly cacheSize: number | null;
  /** Null where it has no /stats. */
  readonly gates: readonly Gate[] | null;
  readonly lines: readonly ErrorLine[];
}

export interface Evidence {
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly services: readonly ServiceEvidence[];
  readonly disk: { readonly freeBytes: number; readonly totalBytes: number } | null;
  /** How far this machine's clock is ahead; null where that could not be measured. */
  readonly clockOffsetMs: number | null;
}
