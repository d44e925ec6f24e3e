/** The lines of one container, followed from the time of the last one. */
import type Docker from 'dockerode';
import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import type { WatchedService } from '../model/services.ts';
import { askDocker } from './docker-answers.ts';
import { DockerPosition, dockerLineReader, type DockerLine } from './docker-frames.ts';
import { firstLines, type FollowedLine, type FollowedLines, type LineSource } from './supervisor.ts';

const terminal = z.object({ Config: z.object({ Tty: z.boolean() }) });
const answerMs = 5_000;
/** A connection on which nothing came for so long may be a dead one, and is made anew. */
const longestSilenceMs = 300_000;

/** Each container is a source of its own: one that is not there keeps nobody from reading the other. */
export function dockerSource(container: Docker.Container, service: WatchedService): LineSource {
  return {
    name: `docker:${service.name}`,
    services: [service.name],
    follow: (after, signal) => follow(container, service, after, signal),
  };
}

async function* follow(
  container: Docker.Container,
  service: WatchedService,
  after: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<FollowedLines, void, undefined> {
  const { Config } = await askDocker(service, answerMs, async (abortSignal) =>
    terminal.parse(await container.inspect({ abortSignal })),
  );
  const position = new DockerPosition(after);
  const stream = await open(container, service, position, signal);
  stream.setTimeout(longestSilenceMs, () => stream.destroy());
  yield { lines: [] };
  const reader = dockerLineReader(Config.Tty);
  const chunks = stream[Symbol.asyncIterator]();
  try {
    for (;;) {
      // A stream that breaks has ended, as the one of a container that stops: it is taken up again either way.
      const next = await chunks.next().catch(() => ({ done: true as const, value: undefined }));
      if (next.done) return;
      const lines = reader.push(next.value as Buffer).map((line) => toFollowed(service, position, line));
      yield { lines: lines.filter((line) => line !== undefined) };
    }
  } finally {
    stream.destroy();
  }
}

/** The time is for the answer alone, which then goes on for as long as the container runs. */
async function open(
  container: Docker.Container,
  service: WatchedService,
  { since }: DockerPosition,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const from = since === undefined ? { tail: firstLines } : { since };
  const stream = await askDocker(service, answerMs, (tooLate) => {
    const abort = new AbortController();
    const answered = () => tooLate.removeEventListener('abort', late);
    const late = () => abort.abort(tooLate.reason);
    tooLate.addEventListener('abort', late, { once: true });
    const abortSignal = AbortSignal.any([signal, abort.signal]);
    return container
      .logs({ follow: true, stdout: true, stderr: true, timestamps: true, ...from, abortSignal })
      .finally(answered);
  });
  return stream as IncomingMessage;
}

function toFollowed(
  { name }: WatchedService,
  position: DockerPosition,
  line: DockerLine,
): FollowedLine | undefined {
  const cursor = position.advance(line);
  if (cursor === undefined) return undefined;
  const { time, text, isError } = line;
  return { service: name, at: Date.parse(time) || 0, text, level: isError ? 'WARNING' : 'INFO', cursor };
}
