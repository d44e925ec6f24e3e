/** Memory and CPU of the last hour, for the small charts of the cards: asked for once, then gone on from the stream. */
import { ask } from './request.js';

/** @import { ServiceUsage } from '../apps/monitor/http/health-history.ts' */
/** @import { PageState } from './main.js' */

const keptMs = 3_600_000;
const everyMs = 10_000;

/** @returns {{ update: (state: PageState) => void, of: (service: string) => ServiceUsage[] }} */
export function createUsage() {
  /** @type {Map<string, ServiceUsage[]>} */
  const byService = new Map();
  let needsPast = true;

  const loadPast = async () => {
    const answer = await ask('/api/usage');
    if (!answer.ok) return;
    byService.clear();
    for (const sample of answer.body) add(sample);
  };

  /** @param {ServiceUsage} sample */
  const add = (sample) => {
    const samples = byService.get(sample.service) ?? [];
    const last = samples.at(-1);
    if (last && Date.parse(sample.at) - Date.parse(last.at) < everyMs * 0.9) return;
    samples.push(sample);
    while (samples[0] && Date.parse(sample.at) - Date.parse(samples[0].at) > keptMs) samples.shift();
    byService.set(sample.service, samples);
  };

  // What was missed while nobody looked, the monitor has.
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') needsPast = true;
  });

  return {
    of: (service) => byService.get(service) ?? [],
    update: ({ services, now, isLost }) => {
      if (isLost) {
        needsPast = true;
        return;
      }
      if (needsPast) void loadPast();
      needsPast = false;
      const at = new Date(now).toISOString();
      for (const { name, memory_bytes, cpu_percent } of services) {
        add({ service: name, at, memory_bytes, cpu_percent });
      }
    },
  };
}
