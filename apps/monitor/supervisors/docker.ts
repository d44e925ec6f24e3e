/** Docker, asked over its API about one container for each service. */
import type Docker from 'dockerode';
import { askDocker } from './docker-answers.ts';
import { dockerSource } from './docker-lines.ts';
import type { ControlAction, State, Supervised, Supervisor, Usage } from './supervisor.ts';

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
        await askDocker(service, inspectMs, (abortSignal) =>
          docker.getContainer(service.container).inspect({ abortSignal }),
        ),
      ),
    act: async (service, action) => {
      await askDocker(service, actMs, (abortSignal) =>
        act(docker.getContainer(service.container), action, abortSignal),
      );
    },
    usage: async (service) =>
      toUsage(
        await askDocker(service, inspectMs, (abortSignal) => {
          // Without one-shot the engine takes a second for a second look.
          const once = { stream: false, 'one-shot': true, abortSignal } as const;
          return docker.getContainer(service.container).stats(once);
        }),
      ),
    sources: (services) => services.map((service) => dockerSource(docker, service)),
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

/** The part of a container's statistics that is used here. */
export interface Statistics {
  readonly cpu_stats?: { readonly cpu_usage?: { readonly total_usage?: number } };
  readonly memory_stats?: { readonly usage?: number; readonly stats?: Readonly<Record<string, number>> };
}

/** As `docker stats` counts: what files fill of the memory is not used, under either version of control groups. */
export function toUsage({ cpu_stats, memory_stats }: Statistics): Usage {
  const cpuNs = cpu_stats?.cpu_usage?.total_usage;
  const { usage, stats } = memory_stats ?? {};
  const ofFiles = stats?.inactive_file ?? stats?.total_inactive_file ?? 0;
  return {
    memoryBytes: usage === undefined ? null : Math.max(0, usage - ofFiles),
    cpuSeconds: cpuNs === undefined ? null : cpuNs / 1e9,
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
