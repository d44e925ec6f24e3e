/**
 * Files: the media gateway beside the bare client library's own upload of the same file, against the sandbox, in turns.
 * The full form is one file of 2 GB in each of the three ways, and 20 of 50 MB at once while texts go out elsewhere.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { cpuSeconds, forgetPeak, residentMb } from './process-figures.ts';
import { runScript, type Running } from './processes.ts';
import { startStack, type Stack } from './upload-stack.ts';
import type { BareUpload, Posted, Probed, UploadRow } from './upload-figures.ts';

const full = { oneFileBytes: 2_000_000_000, manyFiles: 20, manyBytes: 50_000_000 };
const short = { oneFileBytes: 64_000_000, manyFiles: 4, manyBytes: 16_000_000 };
const partsAtATime = '4';
const longestUploadMs = 600_000;

export interface UploadsOptions {
  readonly full: boolean;
  /** Where to put what --cpu-prof writes. */
  readonly profile: string | undefined;
  /** What is started is pushed here. */
  readonly running: Running[];
}

/** Measures, with all data within `folder`. */
export async function compareUploads(folder: string, options: UploadsOptions): Promise<UploadRow[]> {
  const sizes = options.full ? full : short;
  const files = join(folder, 'files');
  mkdirSync(files);
  const stack = await startStack(folder, files, options);
  const idleMb = residentMb(stack.media.pid).now;
  const rows: UploadRow[] = [];
  const one = writeFile(join(files, 'one.bin'), sizes.oneFileBytes);
  for (const source of ['multipart', 'url', 'path']) {
    rows.push(await measure(stack, { source, file: one, count: 1, bytes: sizes.oneFileBytes, idleMb }));
  }
  rmSync(one);
  const many = writeFile(join(files, 'many.bin'), sizes.manyBytes);
  const { manyFiles: count, manyBytes: bytes } = sizes;
  const textsBefore = await during(
    stack.textProbe,
    () => new Promise((resolve) => setTimeout(resolve, 5_000)),
  );
  const row = await measure(stack, { source: 'multipart', file: many, count, bytes, idleMb });
  rows.push({ ...row, textsBefore: textsBefore.probed });
  return rows;
}

interface Case {
  readonly source: string;
  readonly file: string;
  readonly count: number;
  readonly bytes: number;
  readonly idleMb: number;
}

async function measure(stack: Stack, { source, file, count, bytes, idleMb }: Case): Promise<UploadRow> {
  const bare = await runScript<BareUpload>('ops/bench/bare-upload.ts', [
    ...[String(stack.port), stack.keyFile, file, partsAtATime],
  ]);
  const { media, sandbox } = stack;
  const megabytes = (count * bytes) / 1e6;
  const perGb = (seconds: number) => (seconds / megabytes) * 1000;
  forgetPeak(media.pid);
  const cpu = () => ({ media: cpuSeconds(media.pid), sandbox: cpuSeconds(sandbox.pid) });
  const before = cpu();
  const { value: sent, probed: health } = await during([`${stack.mediaUrl}/health`], async () => {
    if (count === 1) return { value: await send(), probed: undefined };
    return during(stack.textProbe, send);
  });
  const { posted, accepted, seconds } = sent.value;
  const after = cpu();
  const { now, peak } = residentMb(media.pid);
  return {
    source,
    files: count,
    megabytes,
    bareMbPerS: bare.bytes / bare.seconds / 1e6,
    acceptMbPerS: megabytes / posted,
    uploadMbPerS: megabytes / seconds,
    ratio: megabytes / seconds / (bare.bytes / bare.seconds / 1e6),
    bareCpuSPerGb: (bare.cpuSeconds / bare.bytes) * 1e9,
    acceptCpuSPerGb: perGb(accepted.media - before.media),
    uploadCpuSPerGb: perGb(after.media - accepted.media),
    sandboxCpuSPerGb: perGb(after.sandbox - accepted.sandbox),
    growthPeakMb: peak - idleMb,
    growthAfterMb: now - idleMb,
    health,
    ...(sent.probed && { textsMeanwhile: sent.probed }),
  };

  /** Many files begin to be uploaded while others still come: their upload is counted from the first POST. */
  async function send() {
    const startedAt = performance.now();
    const name = file.slice(file.lastIndexOf('/') + 1);
    const known = source === 'url' ? `${stack.filesUrl}/${name}` : source === 'path' ? name : file;
    const posts = await Promise.all(
      stack.chats
        .slice(0, count)
        .map((chat) => runScript<Posted>('ops/bench/post-file.ts', [stack.mediaUrl, chat, source, known])),
    );
    const accepted = cpu();
    const acceptedAt = performance.now();
    for (const { id } of posts) await untilSent(stack.mediaUrl, id);
    const from = count === 1 ? acceptedAt : startedAt;
    const seconds = (performance.now() - from) / 1000;
    return { posted: Math.max(...posts.map((each) => each.seconds)), accepted, seconds };
  }
}

/** Waits until a message is sent. @throws where it is not within `withinMs` */
export async function untilSent(url: string, id: string, withinMs = longestUploadMs): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (performance.now() < deadline) {
    const message = (await (await fetch(`${url}/messages/${id}`)).json()) as { status: string };
    if (message.status === 'sent') return;
    if (message.status !== 'queued' && message.status !== 'sending') {
      throw new Error(`the file was not sent: ${JSON.stringify(message)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`the file was not sent within ${withinMs / 1000} s`);
}

/** Probes a URL as long as `work` takes. */
async function during<T>(
  probe: readonly string[],
  work: () => Promise<T>,
): Promise<{ value: T; probed: Probed }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'probe.ts'), ...probe], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  const closed = once(child, 'close');
  try {
    const value = await work();
    child.stdin.end();
    await closed;
    return { value, probed: JSON.parse(output) as Probed };
  } finally {
    child.kill();
  }
}

/** Bytes that no compression and no hole makes cheaper, the same megabyte over and over. */
export function writeFile(path: string, bytes: number): string {
  const block = randomBytes(1_000_000);
  const file = openSync(path, 'w');
  for (let left = bytes; left > 0; left -= block.length)
    writeSync(file, block, 0, Math.min(left, block.length));
  closeSync(file);
  return path;
}
