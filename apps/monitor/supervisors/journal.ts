/** The journal of systemd, followed through one journalctl for all units, from the cursor of the last line. */
import { spawn } from 'node:child_process';
import { z } from 'zod';
import { Problem } from '../../kit/errors.ts';
import { reason, type Reason } from '../../kit/reason.ts';
import { orNull, readJson } from '../model/answers.ts';
import { levelOfSeverity } from '../model/log-levels.ts';
import type { WatchedService } from '../model/services.ts';
import { cannotRun, plainEnvironment } from './command.ts';
import { LineCutter } from './line-cutter.ts';
import { firstLines, type FollowedLine, type FollowedLines, type LineSource } from './supervisor.ts';

/** The name of its unit. */
export function unitOf({ handles }: WatchedService): string {
  return handles.unit ?? '';
}

/** The lines of these services' units; tests give another program than journalctl. */
export function journalSource(services: readonly WatchedService[], program = 'journalctl'): LineSource {
  const serviceOfUnit = new Map(services.map((service) => [unitOf(service), service.name]));
  return {
    name: 'journal',
    services: services.map(({ name }) => name),
    follow: (after, signal) => follow(program, serviceOfUnit, after, signal),
  };
}

/** What journalctl is asked; every line is wanted in full, but only the fields that are read. */
export function journalArguments(units: Iterable<string>, after: string | undefined): string[] {
  return [
    '--follow',
    '--output=json',
    '--all',
    '--output-fields=MESSAGE,PRIORITY,_SYSTEMD_UNIT,UNIT',
    ...[...units].map((unit) => `--unit=${unit}`),
    // Following shows the last ten lines by itself, which --no-tail undoes.
    ...(after === undefined ? [`--lines=${firstLines}`] : ['--no-tail', `--after-cursor=${after}`]),
  ];
}

async function* follow(
  program: string,
  serviceOfUnit: ReadonlyMap<string, string>,
  after: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<FollowedLines, void, undefined> {
  const child = spawn(program, journalArguments(serviceOfUnit.keys(), after), {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: plainEnvironment,
  });
  let said = '';
  let trouble: Reason | undefined;
  const kill = () => child.kill('SIGKILL');
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', (error: NodeJS.ErrnoException) => {
      trouble = cannotRun(program, error.code ?? error.message);
      resolve();
    });
  });
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-2_000);
    trouble ??= whyUnreadable(said);
    if (trouble !== undefined) kill(); // It would wait for ever for what it may not read.
  });
  signal.addEventListener('abort', kill, { once: true });
  try {
    yield { lines: [] };
    const cutter = new LineCutter();
    for await (const chunk of child.stdout) {
      const lines = cutter.push(chunk as Buffer).map((line) => parseJournalLine(line, serviceOfUnit));
      yield { lines: lines.filter((line): line is FollowedLine => line !== undefined) };
    }
    await ended;
  } finally {
    signal.removeEventListener('abort', kill);
    kill();
    await ended;
  }
  if (signal.aborted) return;
  if (after !== undefined && /cursor/i.test(said)) {
    yield* follow(program, serviceOfUnit, undefined, signal); // Another journal than the cursor was made for.
    return;
  }
  const last = said.trim().split('\n').at(-1) || reason('no_reason');
  throw new Problem('unavailable', trouble ?? reason('journal_ended', { reason: last }));
}

/** What journalctl says on stderr where it goes on, but shows nothing. */
export function whyUnreadable(said: string): Reason | undefined {
  if (/insufficient permissions|not seeing messages from other users/i.test(said)) {
    return reason('journal_denied');
  }
  if (/no journal files were found/i.test(said)) return reason('no_journal');
  return undefined;
}

const journalFields = z.object({
  __CURSOR: z.string(),
  __REALTIME_TIMESTAMP: z.unknown(),
  UNIT: orNull(z.string()),
  _SYSTEMD_UNIT: orNull(z.string()),
  PRIORITY: z.unknown(),
  MESSAGE: z.unknown(),
});

/**
 * A line of a unit that is watched, or one of systemd about it; undefined for any other.
 * MESSAGE is a string, an array of bytes where it is not UTF-8, an array of both where the field was given more than
 * once, and null where it is too long to be shown.
 */
export function parseJournalLine(
  json: string,
  serviceOfUnit: ReadonlyMap<string, string>,
): FollowedLine | undefined {
  const fields = readJson(journalFields, json);
  if (!fields) return undefined;
  const service = serviceOfUnit.get(fields.UNIT ?? '') ?? serviceOfUnit.get(fields._SYSTEMD_UNIT ?? '');
  const { __CURSOR: cursor, __REALTIME_TIMESTAMP: microseconds } = fields;
  if (service === undefined) return undefined;
  return {
    service,
    at: Math.floor(Number(microseconds) / 1000) || 0,
    text: messageText(fields.MESSAGE),
    // What a service prints is 6, whatever it says.
    level: levelOfSeverity(Number(fields.PRIORITY ?? 6)),
    cursor,
  };
}

function messageText(message: unknown): string {
  if (typeof message === 'string') return message;
  if (!Array.isArray(message)) return '';
  if (message.every((byte) => typeof byte === 'number')) return Buffer.from(message).toString('utf8');
  return message.map(messageText).join('\n');
}
