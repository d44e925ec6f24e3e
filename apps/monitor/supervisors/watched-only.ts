/** Services that the supervisor does not keep: nothing is known of them but what they answer, and nothing done to them. */
import { Problem } from '../../kit/errors.ts';
import type { WatchedService } from '../services.ts';
import type { Supervised, Supervisor } from './supervisor.ts';

/** What is known of such a service; `refusal` says to the operator why that is all. */
export function watchedOnly(refusal: string): Supervised {
  return { state: 'unknown', since: null, startedAt: null, restarts: null, detail: refusal, refusal };
}

const words = { container: 'no container', unit: 'no unit of systemd' };

/** The same supervisor, for a list in which some services have no container, or no unit: it is never asked about those. */
export function withWatchedOnly(supervisor: Supervisor, field: keyof typeof words): Supervisor {
  const isKept = (service: WatchedService) => service[field] !== '';
  const refusal = `it is only watched: SERVICES names ${words[field]} for it`;
  return {
    kind: supervisor.kind,
    refusal: supervisor.refusal,
    inspect: async (service) => (isKept(service) ? supervisor.inspect(service) : watchedOnly(refusal)),
    usage: async (service) =>
      isKept(service) ? supervisor.usage(service) : { memoryBytes: null, cpuSeconds: null },
    act: async (service, action) => {
      if (!isKept(service)) throw new Problem('conflict', refusal);
      await supervisor.act(service, action);
    },
    sources: (services) => supervisor.sources(services.filter(isKept)),
  };
}
