/** Stands where no supervisor can be asked: the services are watched over HTTP alone, and not controlled. */
import { Problem } from '../../kit/errors.ts';
import type { Supervised, Supervisor } from './supervisor.ts';

/** A supervisor that knows nothing; `reason` says why, to the operator. */
export function createNoSupervisor(kind: Supervisor['kind'], reason: string): Supervisor {
  const unknown: Supervised = {
    state: 'unknown',
    since: null,
    startedAt: null,
    restarts: null,
    detail: reason,
  };
  return {
    kind,
    refusal: reason,
    inspect: () => Promise.resolve(unknown),
    usage: () => Promise.resolve({ memoryBytes: null, cpuSeconds: null }),
    act: () => Promise.reject(new Problem('conflict', reason)),
    sources: () => [],
  };
}
