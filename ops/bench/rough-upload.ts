/**
 * One large file through the media gateway while 1 % of its parts fail, a few are lost by the server, and all connections are
 * cut again and again: what it costs in bytes, time and memory. What is sent should stay below 1.2 times the file.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { residentMb } from './process-figures.ts';
import { runScript, type Running } from './processes.ts';
import { startStack } from './upload-stack.ts';
import type { Posted } from './upload-figures.ts';
import { untilSent, writeFile } from './uploads.ts';

export interface RoughOptions {
  readonly bytes: number;
  readonly cutEveryS: number;
  readonly profile: string | undefined;
  /** What is started is pushed here. */
  readonly running: Running[];
}

export interface RoughFigures {
  readonly megabytes: number;
  readonly seconds: number;
  /** What the gateway wrote to its connections, over the size of the file. */
  readonly sentOverSize: number;
  readonly calls: number;
  readonly errors: Readonly<Record<string, number>>;
  readonly cuts: number;
  /** Resident memory of the gateway, sampled each second: before, half of the samples below, and at most. */
  readonly idleMb: number;
  readonly medianMb: number;
  readonly peakMb: number;
}

const method = 'upload.saveBigFilePart';
const faults = [
  { method, error: 'RPC_CALL_FAIL', probability: 0.005 },
  { method, error: 'Timeout', probability: 0.0025 },
  { method, drop: 'before', probability: 0.0025 },
  { method, lose_part: true, probability: 0.0025, times: 8 },
];
const mostCuts = 900;
const longestS = 3600;

/** Measures, with all data within `folder`. */
export async function measureRough(folder: string, options: RoughOptions): Promise<RoughFigures> {
  const { bytes, cutEveryS } = options;
  const files = join(folder, 'files');
  mkdirSync(files);
  writeFile(join(files, 'rough.bin'), bytes);
  const { media, mediaUrl, sandboxUrl, chats } = await startStack(folder, files, options);
  const ask = async <T>(path: string, body?: unknown): Promise<T> => {
    const init = body === undefined ? undefined : { method: 'POST', body: JSON.stringify(body) };
    const answer = await fetch(`${sandboxUrl}${path}`, init);
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  };
  const idleMb = residentMb(media.pid).now;
  await ask('/faults', faults);
  const { id } = await runScript<Posted>('ops/bench/post-file.ts', [
    mediaUrl,
    chats[0]!,
    'path',
    'rough.bin',
  ]);
  const startedAt = performance.now();
  const writtenBefore = bytesWritten(media.pid);
  const steps = Array.from({ length: mostCuts }, (_, index) => ({
    after_seconds: (index + 1) * cutEveryS,
    cut: true,
  }));
  await ask('/schedule', { steps });
  const samples: number[] = [];
  const sampling = setInterval(() => samples.push(residentMb(media.pid).now), 1000);
  await untilSent(mediaUrl, id, longestS * 1000).finally(() => clearInterval(sampling));
  const sent = bytesWritten(media.pid) - writtenBefore;
  const seconds = (performance.now() - startedAt) / 1000;
  const { rpc, errors } = await ask<Pick<RoughFigures, 'errors'> & { rpc: Record<string, number> }>(
    '/report',
  );
  const schedule = await ask<{ steps: { state: string }[] }>('/schedule');
  const sorted = samples.toSorted((a, b) => a - b);
  return {
    megabytes: bytes / 1e6,
    seconds,
    sentOverSize: sent / bytes,
    calls: rpc[method] ?? 0,
    errors,
    idleMb,
    cuts: schedule.steps.filter(({ state }) => state === 'done').length,
    medianMb: sorted[Math.floor(sorted.length / 2)] ?? idleMb,
    peakMb: sorted.at(-1) ?? idleMb,
  };
}

/** All that a process has written, to files and connections; the file itself is on the disk by then. */
function bytesWritten(pid: number): number {
  return Number(/^wchar: (\d+)$/m.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))![1]);
}

/** Prints the figures in a line or two. */
export function printRough(figures: RoughFigures): void {
  const { megabytes, seconds, sentOverSize, calls, cuts, errors, idleMb, medianMb, peakMb } = figures;
  const failed = Object.entries(errors).map(([name, count]) => `${count} ${name}`);
  console.log(
    `\n${megabytes} MB with failing parts and ${cuts} cuts: ${seconds.toFixed(1)} s, ` +
      `${(megabytes / seconds).toFixed(1)} MB/s, sent ${sentOverSize.toFixed(3)} of its size in ${calls} calls`,
  );
  console.log(`errors: ${failed.join(', ')}`);
  console.log(
    `resident memory: ${idleMb.toFixed(0)} MB idle, ${medianMb.toFixed(0)} MB median, ${peakMb.toFixed(0)} MB at most`,
  );
}
