/** Services that no supervisor keeps: nothing is known of them but their answers, and nothing is done to them. */
import { Problem } from '../../kit/errors.ts';
import type { Reason } from '../../kit/reason.ts';
import type { Handle, WatchedService } from '../model/services.ts';
import type { Supervised, Supervisor } from './supervisor.ts';

/** What is known of such a service; `refusal` says to the operator why that is all. */
export function watchedOnly(refusal: Reason): Supervised {
  return { state: 'unknown', since: null, startedAt: null, restarts: null, detail: refusal, refusal };
}

/** The same supervisor, for a list in which some services have no handle: it is never asked about those. */
export function withWatchedOnly(supervisor: Supervisor, { field, none }: Handle): Supervisor {
  const unkept = createNoSupervisor(supervisor.kind, none);
  const isKept = ({ handles }: WatchedService) => handles[field] !== undefined;
  const of = (service: WatchedService) => (isKept(service) ? supervisor : unkept);
  return {
    kind: supervisor.kind,
    refusal: supervisor.refusal,
    inspect: (service) => of(service).inspect(service),
    usage: (service) => of(service).usage(service),
    act: (service, action) => of(service).act(service, action),
    sources: (services) => supervisor.sources(services.filter(isKept)),
  };
}

/** Stands where no supervisor can be asked; `reason` says why, to the operator. */
export function createNoSupervisor(kind: string, reason: Reason): Supervisor {
  return {
    kind,
    refusal: reason,
    inspect: () => Promise.resolve(watchedOnly(reason)),
    usage: () => Promise.resolve({ memoryBytes: null, cpuSeconds: null }),
    act: () => Promise.reject(new Problem('conflict', reason)),
    sources: () => [],
  };
}
