/** The lines of all services: followed, stored, and asked for. */
import type { Clock } from '../../kit/clock.ts';
import type { Logger } from '../../kit/log.ts';
import { reason, type Reason } from '../../kit/reason.ts';
import type { WatchedService } from '../model/services.ts';
import type { Supervisor } from '../supervisors/supervisor.ts';
import { Follower, whyNot, type SourceStatus } from './follower.ts';
import { LogStore } from './log-store.ts';

export interface LogsDeps {
  readonly file: string;
  readonly supervisor: Pick<Supervisor, 'sources' | 'refusal'>;
  readonly services: readonly WatchedService[];
  readonly clock: Clock;
  readonly log: Logger;
}

export class Logs {
  readonly store: LogStore;
  readonly #deps: LogsDeps;
  readonly #followers: readonly Follower[];
  readonly #openedAt: number;

  /** Opens the stored lines, and begins to follow. */
  constructor(deps: LogsDeps) {
    const { supervisor, services, clock, log } = deps;
    this.#deps = deps;
    this.#openedAt = clock.now();
    this.store = LogStore.open(deps.file);
    this.#followers = supervisor
      .sources(services)
      .map((source) => new Follower({ source, store: this.store, clock, log }));
    for (const follower of this.#followers) follower.start();
  }

  /** Every source, and why one is not followed; where there is none, that there is none. */
  sources(): SourceStatus[] {
    if (this.#followers.length > 0) return this.#followers.map(({ status }) => status);
    const { services } = this.#deps;
    return [
      {
        source: 'none',
        services: services.map(({ name }) => name),
        following: false,
        since: new Date(this.#openedAt).toISOString(),
        ...whyNot(this.#deps.supervisor.refusal ?? reason('no_lines')),
        lost: 0,
      },
    ];
  }

  /** How many lines of a service speak of each class; null where none does. */
  readonly errorsOf = (service: string): Readonly<Record<string, number>> | null => {
    const counts = this.store.countsOf(service);
    return Object.keys(counts).length === 0 ? null : counts;
  };

  /** Why the lines of a service are not read now; null while they are. */
  readonly whyUnread = (service: string): Reason | null =>
    this.sources().find(({ services }) => services.includes(service))?.cause ?? null;

  async close(): Promise<void> {
    await Promise.all(this.#followers.map((follower) => follower.stop()));
    this.store.close();
  }
}
