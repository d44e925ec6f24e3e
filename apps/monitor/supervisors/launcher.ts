/** The launcher of `npm start`, asked over its Unix socket. */
import { request } from 'node:http';
import { Problem } from '../../kit/errors.ts';
import { stringAt } from '../health/fields.ts';
import type { WatchedService } from '../services.ts';
import type { State, Supervised, Supervisor } from './supervisor.ts';

/** A service as the launcher tells of it. */
interface LauncherService {
  readonly name: string;
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
export function createLauncherSupervisor(socketPath: string): Supervisor {
  return {
    kind: 'process',
    refusal: null,
    inspect: async ({ name }) => {
      const services = (await ask(socketPath, 'GET', '/services', inspectMs)) as LauncherService[];
      return toSupervised(
        services.find((service) => service.name === name),
        name,
      );
    },
    act: async ({ name }: WatchedService, action) => {
      await ask(socketPath, 'POST', `/services/${name}/${action}`, actMs);
    },
  };
}

function toSupervised(service: LauncherService | undefined, name: string): Supervised {
  if (!service) throw new Problem('unavailable', `npm start does not run a service named ${name}`);
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

function ask(socketPath: string, method: string, path: string, withinMs: number): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const unavailable = (why: string) =>
      reject(new Problem('unavailable', `npm start does not answer on its socket: ${why}`));
    const signal = AbortSignal.timeout(withinMs);
    const asked = request({ socketPath, method, path, agent: false, signal }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', (error) => unavailable(error.message));
      response.once('end', () => {
        const body = parse(Buffer.concat(chunks).toString('utf8'));
        if (response.statusCode === 200) resolve(body);
        else reject(new Problem('unavailable', stringAt(body, 'detail') ?? 'no reason'));
      });
    });
    asked.once('error', (error) => unavailable(signal.aborted ? `nothing in ${withinMs} ms` : error.message));
    asked.end();
  });
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
