/** Looks at the services while somebody watches, and remembers what the next look needs. */
import type { Clock } from '../../kit/clock.ts';
import type { WatchedService } from '../model/services.ts';
import type { Supervised, Supervisor, Usage } from '../supervisors/supervisor.ts';
import type { Gateway, Scrape } from './gateway.ts';
import { createView, type ServiceNotes, type ServiceView } from './service-view.ts';

export interface Watched {
  readonly service: WatchedService;
  readonly gateway: Gateway;
}

export type Listener = (services: readonly ServiceView[]) => void;

const everyMs = 2_000;
/** A look this young is good enough for whoever asks. */
const freshMs = 1_000;

interface Memory {
  scrape: Scrape;
  silentSince: number | null;
  /** The account it sends as, as far as it ever said. */
  account: string | null;
  used: Usage | null;
}

export class Watcher {
  readonly #watched: readonly Watched[];
  readonly #supervisor: Supervisor;
  readonly #clock: Clock;
  readonly #notesOf: (service: string) => ServiceNotes;
  readonly #memory = new Map<string, Memory>();
  readonly #restarts = new Restarts();
  readonly #listeners = new Set<Listener>();
  #latest: { at: number; views: readonly ServiceView[] } | undefined;
  #look: Promise<readonly ServiceView[]> | undefined;
  #pause: AbortController | undefined;

  constructor(
    watched: readonly Watched[],
    supervisor: Supervisor,
    clock: Clock,
    notesOf: (service: string) => ServiceNotes,
  ) {
    this.#watched = watched;
    this.#supervisor = supervisor;
    this.#clock = clock;
    this.#notesOf = notesOf;
  }

  /** The account a service sends as: by the settings, or as it said when it last answered; null when it never did. */
  accountOf(service: string): string | null {
    const set = this.#watched.find((each) => each.service.name === service)?.service.account;
    return set ?? this.#memory.get(service)?.account ?? null;
  }

  /** How often a service was started again by itself in the last `withinMs`, as far as somebody looked. */
  restartsOf(service: string, withinMs: number): number {
    return this.#restarts.since(service, this.#clock.now() - withinMs);
  }

  /** The services as they are, or were a second ago. */
  async services(): Promise<readonly ServiceView[]> {
    if (this.#latest && this.#clock.now() - this.#latest.at < freshMs) return this.#latest.views;
    return this.#joinLook();
  }

  /** Looks anew, though a look may be under way, and calls every listener: something has just been done. */
  async look(): Promise<readonly ServiceView[]> {
    await this.#look;
    return this.#joinLook();
  }

  /** Calls `listener` every two seconds, and after every action, until the returned function is called. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) void this.#keepLooking();
    else if (this.#latest) listener(this.#latest.views);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#pause?.abort(new Error('nobody looks'));
    };
  }

  async #keepLooking(): Promise<void> {
    if (this.#pause) return; // The loop of those who looked before has not ended yet: it goes on.
    const pause = new AbortController();
    this.#pause = pause;
    while (this.#listeners.size > 0) {
      await this.#joinLook();
      if (this.#listeners.size > 0) await this.#clock.sleep(everyMs, pause.signal).catch(() => {});
      if (pause.signal.aborted) break;
    }
    this.#pause = undefined;
    if (this.#listeners.size > 0) void this.#keepLooking();
  }

  #joinLook(): Promise<readonly ServiceView[]> {
    this.#look ??= this.#lookAtAll().finally(() => (this.#look = undefined));
    return this.#look;
  }

  async #lookAtAll(): Promise<readonly ServiceView[]> {
    const views = await Promise.all(this.#watched.map((watched) => this.#lookAt(watched)));
    this.#latest = { at: this.#clock.now(), views };
    for (const listener of this.#listeners) listener(views);
    return views;
  }

  async #lookAt({ service, gateway }: Watched): Promise<ServiceView> {
    const [supervised, scrape] = await Promise.all([
      this.#supervisor.inspect(service).catch((error: unknown): Supervised | Error => error as Error),
      gateway.scrape(),
    ]);
    if (!(supervised instanceof Error)) this.#restarts.note(service.name, scrape.at, supervised.restarts);
    const isBare =
      scrape.metrics === null && !(supervised instanceof Error) && supervised.state === 'running';
    const used = isBare ? await this.#supervisor.usage(service).catch(() => null) : null;
    const before = this.#memory.get(service.name);
    const isSilent = scrape.health === null && !scrape.lacks.includes('/health');
    const silentSince = isSilent ? (before?.silentSince ?? scrape.at) : null;
    const { kind, refusal } = this.#supervisor;
    const view = createView({
      service,
      supervisor: { kind, refusal },
      supervised,
      scrape,
      previous: before?.scrape,
      silentSince,
      notes: this.#notesOf(service.name),
      used,
      usedBefore: before?.used ?? null,
    });
    const account = view.account ?? before?.account ?? null;
    this.#memory.set(service.name, { scrape, silentSince, account, used });
    return view;
  }
}

interface Seen {
  count: number;
  /** When restarts were seen, in milliseconds since the epoch, oldest first. */
  readonly times: number[];
}

/** A service that restarts more often is in trouble enough. */
const keptRestarts = 100;

/** How often each service was started again by its supervisor lately, from the counts that were seen: in memory only. */
export class Restarts {
  readonly #byService = new Map<string, Seen>();

  /** Notes a supervisor's count; null where it keeps none. A count that went back has begun anew. */
  note(service: string, at: number, count: number | null): void {
    if (count === null) return;
    const seen = this.#byService.get(service) ?? { count, times: [] };
    const more = Math.min(Math.max(0, count - seen.count), keptRestarts);
    seen.times.push(...Array.from({ length: more }, () => at));
    seen.times.splice(0, seen.times.length - keptRestarts);
    this.#byService.set(service, { count, times: seen.times });
  }

  /** How many there were since a moment. */
  since(service: string, moment: number): number {
    return (this.#byService.get(service)?.times ?? []).filter((at) => at >= moment).length;
  }
}
