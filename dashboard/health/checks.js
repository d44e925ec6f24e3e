/** The checks of the last 24 hours, asked for once a minute while somebody looks, and when an alert begins or ends. */
import { ask } from '../request.js';

/** @import { KeptCheck } from '../../apps/monitor/health/history.ts' */
/** @import { PageState } from '../main.js' */

const everyMs = 60_000;

/** @returns {{ update: (state: PageState) => void, of: (service: string) => KeptCheck[], version: () => number, refresh: () => Promise<void> }} */
export function createChecks() {
  /** @type {Map<string, KeptCheck[]>} */
  let byService = new Map();
  let askedAt = 0;
  /** The services with an alert when it was last asked. */
  let alerted = '';
  let version = 0;

  const load = async () => {
    askedAt = Date.now();
    const answer = await ask('/api/health-history?hours=24');
    if (!answer.ok) return;
    byService = Map.groupBy(/** @type {KeptCheck[]} */ (answer.body), ({ service }) => service);
    version += 1;
  };

  return {
    of: (service) => byService.get(service) ?? [],
    version: () => version,
    refresh: load,
    update: ({ services, isLost }) => {
      if (isLost || document.visibilityState === 'hidden') return;
      const alertedNow = services.filter(({ alert }) => alert !== null).map(({ name }) => name);
      if (alertedNow.join(' ') === alerted && Date.now() - askedAt < everyMs) return;
      alerted = alertedNow.join(' ');
      void load();
    },
  };
}
