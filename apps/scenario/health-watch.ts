/** Looks at /health of both gateways all the time. */
import { systemClock } from '../kit/clock.ts';
import type { GatewayName } from './data-file.ts';
import type { Sample } from './health-log.ts';
import { askJson } from './http.ts';
import type { Gateway } from './stack.ts';

const lookEveryMs = 200;
/** A health check pings Telegram, which may take its time to fail. */
const timeoutMs = 10_000;

interface HealthBody {
  readonly status: Sample['status'];
  readonly checks: { readonly cache: { readonly ok: boolean } };
}

export interface HealthWatch {
  readonly samples: readonly Sample[];
  stop(): Promise<void>;
}

/** Looks until stopped. */
export function watchHealth(gateways: readonly Gateway[]): HealthWatch {
  const samples: Sample[] = [];
  const stopped = new AbortController();
  const loops = gateways.map(async ({ name, url }) => {
    while (!stopped.signal.aborted) {
      samples.push(await look(name, url));
      await systemClock.sleep(lookEveryMs, stopped.signal).catch(() => {});
    }
  });
  return {
    samples,
    stop: async () => {
      stopped.abort();
      await Promise.all(loops);
    },
  };
}

/** One look; its time is that of the answer. */
async function look(gateway: GatewayName, url: string): Promise<Sample> {
  try {
    const { body } = await askJson<HealthBody>(`${url}/health`, { timeoutMs });
    const { status, checks } = body;
    return { gateway, at: systemClock.now(), status, told: true, isWalkWhole: checks.cache.ok };
  } catch {
    return { gateway, at: systemClock.now(), status: 'down', told: false, isWalkWhole: false };
  }
}
