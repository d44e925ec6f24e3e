/** What a supervisor is: it keeps services running, starts and stops them, and knows where their lines are. */
import type { Config, Settings } from '../../kit/config.ts';
import type { Reason } from '../../kit/reason.ts';
import type { Handle, WatchedService } from '../model/services.ts';

/** A kind of supervisor, all of it in one file; `choose.ts` lists the kinds. */
export interface SupervisorKind<S extends Settings = Settings> {
  /** As SUPERVISOR and the API name it. */
  readonly name: string;
  readonly settings: S;
  /** The field of SERVICES by which it knows a service; without it, it has a list of its own. */
  readonly handle?: Handle;
  /** Whether `auto` takes it, where none before it in the list was taken. */
  isPresent(config: Config<S>): boolean;
  open(config: Config<S>): Supervisor | Promise<Supervisor>;
}

/** Keeps the type of the settings. */
export function supervisorKind<S extends Settings>(kind: SupervisorKind<S>): SupervisorKind<S> {
  return kind;
}

export const states = ['running', 'stopped', 'restarting', 'failed', 'unknown'] as const;
export type State = (typeof states)[number];
export type ControlAction = 'start' | 'stop' | 'restart';

/** One service as its supervisor sees it; times in milliseconds since the epoch, null where it cannot tell. */
export interface Supervised {
  readonly state: State;
  /** Since when it is in that state. */
  readonly since: number | null;
  readonly startedAt: number | null;
  /** How often it was started again by itself. */
  readonly restarts: number | null;
  /** Why it ended the last time, or why nothing is known. */
  readonly detail: Reason | null;
  /** Why it cannot be started and stopped, where that is so of this service alone. */
  readonly refusal?: Reason;
}

/** What a running service uses, null where that cannot be told. */
export interface Usage {
  readonly memoryBytes: number | null;
  /** Processor time since it started. */
  readonly cpuSeconds: number | null;
}

/** A line as a service wrote it, before anything is made of it. */
export interface FollowedLine {
  /** The name of the service. */
  readonly service: string;
  /** When it was written or read, in milliseconds since the epoch. */
  readonly at: number;
  readonly text: string;
  /** What is known of it beside its text: a level for a line that names none. */
  readonly level: 'ERROR' | 'WARNING' | 'INFO';
  /** What to follow after, to go on behind this line. */
  readonly cursor: string;
}

/** Lines that came together; with none, the sign that the source answers. */
export interface FollowedLines {
  readonly lines: readonly FollowedLine[];
  /** How many lines before these are gone unread. */
  readonly lost?: number;
}

/** Where lines come from. */
export interface LineSource {
  /** What its cursor is stored under. */
  readonly name: string;
  /** The services whose lines come from it. */
  readonly services: readonly string[];
  /**
   * The lines after a cursor, oldest first, and then new ones as they come, until the source breaks or ends.
   * Without a cursor it begins with some of the last lines there are.
   * @throws Problem unavailable when lines cannot be read, saying why
   */
  follow(after: string | undefined, signal: AbortSignal): AsyncIterable<FollowedLines>;
}

/** How many of the last lines are read of a service that was never followed before. */
export const firstLines = 10_000;

export interface Supervisor {
  /** The name of its kind; `none` where there is none. */
  readonly kind: string;
  /** Why services cannot be started and stopped through it; null when they can. */
  readonly refusal: Reason | null;
  /** @throws Problem unavailable when the supervisor does not answer or does not know the service */
  inspect(service: WatchedService): Promise<Supervised>;
  /** Memory and processor time, for a service that tells none itself. @throws as inspect */
  usage(service: WatchedService): Promise<Usage>;
  /**
   * Resolves when it is done.
   * @throws Problem unavailable when it does not answer or the service did not come up, conflict when it cannot
   */
  act(service: WatchedService, action: ControlAction): Promise<void>;
  /** Where the lines of these services can be followed. */
  sources(services: readonly WatchedService[]): readonly LineSource[];
}
