/** Memory and CPU of every service over the last hour, for the small charts: in memory only. */
import type { Clock } from '../../kit/clock.ts';
import type { ServiceView } from './service-view.ts';

/** One point of a chart; null where the service says nothing. */
export interface UsageSample {
  /** ISO 8601. */
  readonly at: string;
  readonly memory_bytes: number | null;
  readonly cpu_percent: number | null;
}

const keptForEach = 360;

export class Usage {
  readonly #byService = new Map<string, UsageSample[]>();

  /** Notes what the services use at this time. */
  note(atMs: number, views: readonly ServiceView[]): void {
    const at = new Date(atMs).toISOString();
    for (const { name, memory_bytes, cpu_percent } of views) {
      const samples = this.#byService.get(name) ?? [];
      samples.push({ at, memory_bytes, cpu_percent });
      if (samples.length > keptForEach) samples.shift();
      this.#byService.set(name, samples);
    }
  }

  /** Oldest first. */
  of(service: string): readonly UsageSample[] {
    return this.#byService.get(service) ?? [];
  }
}

export interface SamplerDeps {
  readonly usage: Usage;
  /** The services as they are now, or were a moment ago. */
  readonly look: () => Promise<readonly ServiceView[]>;
  readonly clock: Clock;
  readonly everyMs: number;
}

/** Notes every service at a fixed pace until it is stopped. */
export function startSampler({ usage, look, clock, everyMs }: SamplerDeps): { stop(): Promise<void> } {
  const stopped = new AbortController();
  const run = async () => {
    for (;;) {
      await clock.sleep(everyMs, stopped.signal);
      usage.note(clock.now(), await look());
    }
  };
  const running = run().catch(() => {}); // It ends when it is stopped; a look never throws.
  return {
    stop: async () => {
      stopped.abort(new Error('stopped'));
      await running;
    },
  };
}
