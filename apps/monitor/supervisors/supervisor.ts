/** What keeps the services running: the launcher of `npm start`, Docker, systemd, or nothing that is known. */
import type { WatchedService } from '../services.ts';

export type State = 'running' | 'stopped' | 'restarting' | 'failed' | 'unknown';
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
  readonly detail: string | null;
}

export interface Supervisor {
  readonly kind: 'process' | 'docker' | 'systemd' | 'none';
  /** Why services cannot be started and stopped through it; null when they can. */
  readonly refusal: string | null;
  /** @throws Problem unavailable when the supervisor does not answer */
  inspect(service: WatchedService): Promise<Supervised>;
  /**
   * Resolves when it is done.
   * @throws Problem unavailable when it does not answer or the service did not come up, conflict when it cannot
   */
  act(service: WatchedService, action: ControlAction): Promise<void>;
}
