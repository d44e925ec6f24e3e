/** Docker, asked over its API about one container for each service. */
import type Docker from 'dockerode';
import { Problem } from '../../kit/errors.ts';
import type { WatchedService } from '../services.ts';
import type { ControlAction, State, Supervised, Supervisor } from './supervisor.ts';

const defaultHost = 'unix:///var/run/docker.sock';
/** Docker kills a container that has not stopped after so long. */
const stopSeconds = 10;
const inspectMs = 2_000;
/** A stop may take ten seconds, and a start as long again. */
const actMs = 25_000;

/** The part of a container's inspection that is used here. */
export interface Inspection {
  readonly RestartCount: number;
  readonly State: {
    readonly Status: string;
    readonly ExitCode: number;
    readonly OOMKilled: boolean;
    readonly Error: string;
    readonly StartedAt: string;
    readonly FinishedAt: string;
  };
}

/** A supervisor behind `DOCKER_HOST`. The client library is loaded only here: it is large. */
export async function createDockerSupervisor(dockerHost = defaultHost): Promise<Supervisor> {
  const { default: DockerClient } = await import('dockerode');
  const docker = new DockerClient(connectionTo(dockerHost));
  return {
    kind: 'docker',
    refusal: null,
    inspect: async (service) =>
      toSupervised(
        await asked(service, inspectMs, (abortSignal) =>
          docker.getContainer(service.container).inspect({ abortSignal }),
        ),
      ),
    act: async (service, action) => {
      await asked(service, actMs, (abortSignal) =>
        act(docker.getContainer(service.container), action, abortSignal),
      );
    },
  };
}

function connectionTo(host: string): Docker.DockerOptions {
  if (host.startsWith('unix://')) return { socketPath: host.slice('unix://'.length) };
  const { hostname, port } = new URL(host.replace(/^tcp:/, 'http:'));
  return { protocol: 'http', host: hostname, port: Number(port || 2375) };
}

async function act(
  container: Docker.Container,
  action: ControlAction,
  abortSignal: AbortSignal,
): Promise<void> {
  try {
    if (action === 'start') await container.start({ abortSignal });
    else if (action === 'stop') await container.stop({ t: stopSeconds, abortSignal });
    else await container.restart({ t: stopSeconds, abortSignal });
  } catch (error) {
    // 304: it is in that state already.
    if ((error as { statusCode?: number }).statusCode !== 304) throw error;
  }
}

/** What a container's inspection means for the service in it. */
export function toSupervised({ State, RestartCount }: Inspection): Supervised {
  const startedAt = timeOf(State.StartedAt);
  const state = stateOf(State);
  return {
    state,
    since: state === 'running' ? startedAt : timeOf(State.FinishedAt),
    startedAt: state === 'running' ? startedAt : null,
    restarts: RestartCount,
    detail: state === 'failed' ? State.Error || exitReason(State) : null,
  };
}

function stateOf({ Status, ExitCode, OOMKilled }: Inspection['State']): State {
  if (Status === 'running' || Status === 'restarting') return Status;
  if (Status === 'created' || Status === 'paused' || Status === 'removing') return 'stopped';
  if (Status !== 'exited' && Status !== 'dead') return 'unknown';
  // What ends by SIGTERM or SIGKILL was told to stop, unless memory ran out.
  const wasTold = ExitCode === 0 || ExitCode === 143 || ExitCode === 137;
  return Status === 'exited' && wasTold && !OOMKilled ? 'stopped' : 'failed';
}

function exitReason({ OOMKilled, ExitCode }: Inspection['State']): string {
  return OOMKilled ? 'out of memory' : `exit code ${ExitCode}`;
}

/** Docker writes the year 1 for "never". */
function timeOf(iso: string): number | null {
  const time = Date.parse(iso);
  return time > 0 ? time : null;
}

async function asked<T>(
  service: WatchedService,
  withinMs: number,
  ask: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const signal = AbortSignal.timeout(withinMs);
  try {
    return await ask(signal);
  } catch (error) {
    const { statusCode, message } = error as Error & { statusCode?: number };
    const why =
      statusCode === 404
        ? `has no container named ${service.container}`
        : statusCode === undefined
          ? `does not answer: ${signal.aborted ? `nothing in ${withinMs} ms` : message}`
          : `does not do that: ${message}`;
    throw new Problem('unavailable', `Docker ${why}`, { cause: error });
  }
}
