/** The lines that the launcher of `npm start` keeps of its services, asked for by the number of the last one. */
import { Agent } from 'node:http';
import type { Clock } from '../../kit/clock.ts';
import type { WatchedService } from '../services.ts';
import { askLauncher } from './launcher-client.ts';
import type { FollowedLine, FollowedLines, LineSource } from './supervisor.ts';

/** A page of lines as the launcher answers it; `next` is its own name, and the number of the last line. */
interface LauncherPage {
  readonly lines: readonly { at: string; service: string; stream: 'stdout' | 'stderr'; line: string }[];
  readonly next: string;
  readonly dropped: number;
}

const everyMs = 400;
const pageSize = 250;
const answerMs = 5_000;

/** All services come from one socket. */
export function launcherSource(
  socketPath: string,
  services: readonly WatchedService[],
  clock: Clock,
): LineSource {
  const names = services.map(({ name }) => name);
  return {
    name: 'launcher',
    services: names,
    follow: (after, signal) => follow(socketPath, new Set(names), clock, after, signal),
  };
}

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
      const asked = since === undefined ? '' : `&since=${encodeURIComponent(since)}`;
      const path = `/logs?limit=${pageSize}${asked}`;
      const page = (await askLauncher(socketPath, 'GET', path, answerMs, agent)) as LauncherPage;
      yield { lines: readPage(page, names), lost: since === undefined ? 0 : page.dropped };
      since = page.next;
      if (page.lines.length < pageSize) await clock.sleep(everyMs, signal).catch(() => {});
    }
  } finally {
    agent.destroy();
  }
}

/** The watched services' lines of a page, each with the cursor behind it. */
export function readPage({ lines, next }: LauncherPage, names: ReadonlySet<string>): FollowedLine[] {
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
