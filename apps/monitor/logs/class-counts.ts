/** How many stored lines each service has of each class, counted along, so that asking costs nothing. */
import type { DatabaseSync } from 'node:sqlite';
import type { LogClass } from './log-line.ts';

type Counts = Partial<Record<LogClass, number>>;

export class ClassCounts {
  readonly #db: DatabaseSync;
  #byService = new Map<string, Counts>();

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.recount();
  }

  add(service: string, name: LogClass, lines = 1): void {
    const counts = this.#byService.get(service) ?? {};
    counts[name] = (counts[name] ?? 0) + lines;
    this.#byService.set(service, counts);
  }

  of(service: string): Readonly<Counts> {
    return this.#byService.get(service) ?? {};
  }

  /** Counts anew: lines were dropped. */
  recount(): void {
    this.#byService = new Map();
    const rows = this.#db
      .prepare('SELECT service, class, count(*) AS lines FROM lines GROUP BY service, class')
      .all();
    for (const row of rows as unknown as { service: string; class: LogClass; lines: number }[]) {
      this.add(row.service, row.class, row.lines);
    }
  }
}
