/** Stands where no supervisor can be asked: the services are watched over HTTP alone, and not controlled. */
import { Problem } from '../../kit/errors.ts';
import type { Supervisor } from './supervisor.ts';
import { watchedOnly } from './watched-only.ts';

/** A supervisor that knows nothing; `reason` says why, to the operator. */
export function createNoSupervisor(kind: Supervisor['kind'], reason: string): Supervisor {
  return {
    kind,
    refusal: reason,
    inspect: () => Promise.resolve(watchedOnly(reason)),
    usage: () => Promise.resolve({ memoryBytes: null, cpuSeconds: null }),
    act: () => Promise.reject(new Problem('conflict', reason)),
    sources: () => [],
  };
}
