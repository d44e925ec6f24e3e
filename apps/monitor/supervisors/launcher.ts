/** The launcher of `npm start`, asked over its Unix socket. */
import { Problem } from '../../kit/errors.ts';
import { systemClock, type Clock } from '../../kit/clock.ts';
import type { WatchedService } from '../services.ts';
import { askLauncher } from './launcher-client.ts';
import { launcherSource } from './launcher-lines.ts';
import { usageOfProcesses } from './process-usage.ts';
import type { State, Supervised, Supervisor } from './supervisor.ts';
import { watchedOnly } from './watched-only.ts';

/** A service as the launcher tells of it. */
interface LauncherService {
  readonly name: string;
  readonly pid: number | null;
  readonly state: State;
  readonly since: string;
  readonly started_at: string | null;
  readonly restarts: number;
  readonly last_exit: { code: number | null; signal: string | null; message: string } | null;
}

const inspectMs = 2_000;
/** A stop may take ten seconds, and a start as long again. */
const actMs = 25_000;

/** A supervisor behind the socket at `socketPath`. */
export function createLauncherSupervisor(socketPath: string, clock: Clock = systemClock): Supervisor {
  const find = async ({ name }: WatchedService): Promise<LauncherService | undefined> => {
    const services = (await askLauncher(socketPath, 'GET', '/services', inspectMs)) as LauncherService[];
    return services.find((listed) => listed.name === name);
  };
  const unknown = ({ name }: WatchedService) => `it is only watched: npm start runs no ${name}`;
  return {
    kind: 'process',
    refusal: null,
    inspect: async (service) => {
      const found = await find(service);
      return found ? toSupervised(found) : watchedOnly(unknown(service));
    },
    usage: async (service) => {
      const pid = (await find(service))?.pid ?? null;
      return usageOfProcesses(pid === null ? [] : [pid]);
    },
    act: async (service, action) => {
      if (!(await find(service))) throw new Problem('conflict', unknown(service));
      await askLauncher(socketPath, 'POST', `/services/${service.name}/${action}`, actMs);
    },
    sources: (services) => [launcherSource(socketPath, services, clock)],
  };
}

function toSupervised(service: LauncherService): Supervised {
  return {
    state: service.state,
    since: Date.parse(service.since),
    startedAt: service.started_at === null ? null : Date.parse(service.started_at),
    restarts: service.restarts,
    detail: service.state === 'running' ? null : explain(service.last_exit),
  };
}

function explain(exit: LauncherService['last_exit']): string | null {
  if (exit === null || exit.code === 0) return null;
  return exit.message.split('\n', 1)[0] || exit.signal || `exit code ${exit.code}`;
}
