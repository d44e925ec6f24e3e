/** Docker, asked over its API about one container for each service. */
import type Docker from 'dockerode';
import { z } from 'zod';
import { text } from '../../kit/config.ts';
import { reason, type Reason } from '../../kit/reason.ts';
import { orNull } from '../model/answers.ts';
import type { WatchedService } from '../model/services.ts';
import { askDocker, nameOf } from './docker-answers.ts';
import { dockerSource } from './docker-lines.ts';
import {
  supervisorKind,
  type ControlAction,
  type State,
  type Supervised,
  type Supervisor,
  type Usage,
} from './supervisor.ts';

const defaultHost = 'unix:///var/run/docker.sock';
/** Docker kills a container that has not stopped after so long. */
const stopSeconds = 10;
const inspectMs = 2_000;
/** A stop may take ten seconds, and a start as long again. */
const actMs = 25_000;

/** The part of a container's inspection that is used here. */
const inspection = z.object({
  RestartCount: z.number(),
  State: z.object({
    Status: z.string(),
    ExitCode: z.number(),
    OOMKilled: z.boolean(),
    Error: z.string(),
    StartedAt: z.string(),
    FinishedAt: z.string(),
  }),
});
export type Inspection = z.infer<typeof inspection>;

const statistics = z.object({
  cpu_stats: orNull(z.object({ cpu_usage: orNull(z.object({ total_usage: orNull(z.number()) })) })),
  memory_stats: orNull(
    z.object({ usage: orNull(z.number()), stats: orNull(z.record(z.string(), z.number())) }),
  ),
});

export const dockerKind = supervisorKind({
  name: 'docker',
  settings: {
    DOCKER_HOST: text(
      undefined,
      'unix:///path or tcp://host:port, such as unix:///var/run/docker.sock',
      /^(unix:\/\/\/.+|(tcp|http):\/\/[^/\s]+)$/,
    ),
  },
  handle: {
    field: 'container',
    takes: 'the name of a Docker container such as vestnik-send-text-1',
    pattern: /^[a-zA-Z\d][\w.-]*$/,
    ofGateway: (name) => `vestnik-${name}-1`,
    none: reason('watched_container'),
  },
  isPresent: ({ DOCKER_HOST }) => DOCKER_HOST !== undefined,
  open: ({ DOCKER_HOST }) => createDockerSupervisor(DOCKER_HOST),
});

/** A supervisor behind `DOCKER_HOST`. The client library is loaded only here: it is large. */
export async function createDockerSupervisor(dockerHost = defaultHost): Promise<Supervisor> {
  const { default: DockerClient } = await import('dockerode');
  const docker = new DockerClient(connectionTo(dockerHost));
  const containerOf = (service: WatchedService) => docker.getContainer(nameOf(service));
  return {
    kind: 'docker',
    refusal: null,
    inspect: async (service) =>
      toSupervised(
        await askDocker(service, inspectMs, async (abortSignal) =>
          inspection.parse(await containerOf(service).inspect({ abortSignal })),
        ),
      ),
    act: async (service, action) => {
      await askDocker(service, actMs, (abortSignal) => act(containerOf(service), action, abortSignal));
    },
    usage: async (service) =>
      toUsage(
        await askDocker(service, inspectMs, (abortSignal) => {
          // Without one-shot the engine takes a second for a second look.
          const once = { stream: false, 'one-shot': true, abortSignal } as const;
          return containerOf(service).stats(once);
        }),
      ),
    sources: (services) => services.map((service) => dockerSource(containerOf(service), service)),
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
    detail: state === 'failed' ? exitReason(State) : null,
  };
}

/** As `docker stats` counts: what files fill of the memory is not used, under either version of control groups. */
export function toUsage(answer: unknown): Usage {
  const { cpu_stats, memory_stats } = statistics.parse(answer);
  const cpuNs = cpu_stats?.cpu_usage?.total_usage ?? null;
  const { usage, stats } = memory_stats ?? { usage: null };
  const ofFiles = stats?.inactive_file ?? stats?.total_inactive_file ?? 0;
  return {
    memoryBytes: usage === null ? null : Math.max(0, usage - ofFiles),
    cpuSeconds: cpuNs === null ? null : cpuNs / 1e9,
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

function exitReason({ Error: said, OOMKilled, ExitCode }: Inspection['State']): Reason {
  if (said) return reason('verbatim', { text: said });
  return OOMKilled ? reason('out_of_memory') : reason('exit_code', { status: String(ExitCode) });
}

/** Docker writes the year 1 for "never". */
function timeOf(iso: string): number | null {
  const time = Date.parse(iso);
  return time > 0 ? time : null;
}
