/** The launcher of `npm start`, asked over its Unix socket; it keeps the last lines of its services, too. */
import { Agent, request } from 'node:http';
import { z } from 'zod';
import { systemClock, type Clock } from '../../kit/clock.ts';
import { text } from '../../kit/config.ts';
import { Problem } from '../../kit/errors.ts';
import { knownReason, reason, type Reason } from '../../kit/reason.ts';
import { orNull, readJson, sentReason } from '../model/answers.ts';
import type { WatchedService } from '../model/services.ts';
import { usageOfProcesses } from './process-usage.ts';
import {
  states,
  supervisorKind,
  type FollowedLine,
  type FollowedLines,
  type Supervised,
  type Supervisor,
} from './supervisor.ts';
import { createNoSupervisor, watchedOnly } from './watched-only.ts';

const launcherService = z.object({
  name: z.string(),
  pid: z.number().nullable(),
  state: z.enum(states),
  since: z.string(),
  started_at: z.string().nullable(),
  restarts: z.number(),
  last_exit: z
    .object({
      code: z.number().nullable(),
      signal: z.string().nullable(),
      message: z.string(),
      reason: orNull(sentReason).default(null),
    })
    .nullable(),
});
type LauncherService = z.infer<typeof launcherService>;

/** A page of lines; `next` is the launcher's own name, and the number of the last line. */
const launcherPage = z.object({
  lines: z.array(
    z.object({ at: z.string(), service: z.string(), stream: z.enum(['stdout', 'stderr']), line: z.string() }),
  ),
  next: z.string(),
  dropped: z.number(),
});

const refusal = z.object({ detail: z.string() });

const inspectMs = 2_000;
/** A stop may take ten seconds, and a start as long again. */
const actMs = 25_000;
const linesEveryMs = 400;
const linesMs = 5_000;
const pageSize = 250;

export const launcherKind = supervisorKind({
  name: 'process',
  settings: { LAUNCHER_SOCKET: text(undefined, 'the path of the socket of npm start') },
  isPresent: ({ LAUNCHER_SOCKET }) => LAUNCHER_SOCKET !== undefined,
  open: ({ LAUNCHER_SOCKET }) =>
    LAUNCHER_SOCKET === undefined
      ? createNoSupervisor('process', reason('no_launcher'))
      : createLauncherSupervisor(LAUNCHER_SOCKET),
});

/** A supervisor behind the socket at `socketPath`. */
export function createLauncherSupervisor(socketPath: string, clock: Clock = systemClock): Supervisor {
  const find = async ({ name }: WatchedService): Promise<LauncherService | undefined> => {
    const asked = { socketPath, method: 'GET', path: '/services' };
    return (await ask(z.array(launcherService), asked, inspectMs)).find((listed) => listed.name === name);
  };
  const unknown = ({ name }: WatchedService) => reason('watched_launched', { name });
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
      await ask(
        z.object({}),
        { socketPath, method: 'POST', path: `/services/${service.name}/${action}` },
        actMs,
      );
    },
    sources: (services) => {
      const names = services.map(({ name }) => name);
      return [
        {
          name: 'launcher',
          services: names,
          follow: (after, signal) => follow(socketPath, new Set(names), clock, after, signal),
        },
      ];
    },
  };
}

/** @throws Problem unavailable when it does not answer in time, or with its own words when it refuses */
function ask<T>(
  schema: z.ZodType<T>,
  asked: { socketPath: string; method: string; path: string; agent?: Agent },
  withinMs: number,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const unavailable = (why: string | Reason) =>
      reject(new Problem('unavailable', reason('launcher_silent', { reason: why })));
    const signal = AbortSignal.timeout(withinMs);
    const asking = request({ agent: false, ...asked, signal }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', (error) => unavailable(error.message));
      response.once('end', () => {
        const body = Buffer.concat(chunks).toString('utf8');
        if (response.statusCode !== 200) return reject(new Problem('unavailable', refusalIn(body)));
        const answer = readJson(schema, body);
        if (answer !== null) resolve(answer);
        else unavailable(reason('unexpected_answer', { path: asked.path }));
      });
    });
    asking.once('error', (error) =>
      unavailable(signal.aborted ? reason('nothing_in', { limit_ms: withinMs }) : error.message),
    );
    asking.end();
  });
}

/** A reason that is known, or the words it came with. */
function refusalIn(body: string): Reason {
  const stated = knownReason(readJson(sentReason, body));
  return stated ?? reason('verbatim', { text: readJson(refusal, body)?.detail ?? 'no reason' });
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

function explain(exit: LauncherService['last_exit']): Reason | null {
  if (exit === null || exit.code === 0) return null;
  const text = exit.message.split('\n', 1)[0];
  if (exit.reason) return knownReason(exit.reason) ?? reason('verbatim', { text: text ?? '' });
  if (text) return reason('verbatim', { text });
  return exit.signal === null
    ? reason('exit_code', { status: String(exit.code) })
    : reason('ended_by_signal', { signal: exit.signal });
}

/** All services come from one socket, asked for by the number of the last line. */
async function* follow(
  socketPath: string,
  names: ReadonlySet<string>,
  clock: Clock,
  after: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<FollowedLines, void, undefined> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let since = after;
  try {
    while (!signal.aborted) {
      const from = since === undefined ? '' : `&since=${encodeURIComponent(since)}`;
      const path = `/logs?limit=${pageSize}${from}`;
      const page = await ask(launcherPage, { socketPath, method: 'GET', path, agent }, linesMs);
      yield { lines: readPage(page, names), lost: since === undefined ? 0 : page.dropped };
      since = page.next;
      if (page.lines.length < pageSize) await clock.sleep(linesEveryMs, signal).catch(() => {});
    }
  } finally {
    agent.destroy();
  }
}

/** The watched services' lines of a page, each with the cursor behind it. */
export function readPage(
  { lines, next }: z.infer<typeof launcherPage>,
  names: ReadonlySet<string>,
): FollowedLine[] {
  const dash = next.lastIndexOf('-');
  const launcher = next.slice(0, dash);
  const first = Number(next.slice(dash + 1)) - lines.length + 1;
  return lines
    .map(({ at, service, stream, line }, index) => ({
      service,
      at: Date.parse(at) || 0,
      text: line,
      level: stream === 'stderr' ? ('WARNING' as const) : ('INFO' as const),
      cursor: `${launcher}-${first + index}`,
    }))
    .filter(({ service }) => names.has(service));
}
