/** Processes under strace, and what their log says they did to files and answered over HTTP, in order. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One call of the operating system. `begin` and `end` are lines of the log; `end` is Infinity for one that was cut. */
export interface Call {
  readonly begin: number;
  readonly end: number;
  readonly name: string;
  /** Paths, in the order in which they were given; that of a descriptor is its file's. */
  readonly paths: readonly string[];
  /** What was written. */
  readonly data: Buffer;
  /** The rest, as strace shows it: flags, and numbers in their order. */
  readonly rest: string;
  readonly result: number;
}

const calls = [
  ...['openat', 'open', 'creat', 'mkdir', 'mkdirat', 'unlink', 'unlinkat', 'rmdir', 'link', 'linkat'],
  ...['rename', 'renameat', 'renameat2', 'ftruncate', 'truncate', 'fallocate', 'copy_file_range', 'sendfile'],
  ...['write', 'writev', 'pwrite64', 'pwritev', 'pwritev2', 'sendto', 'sendmsg', 'fsync', 'fdatasync'],
];
const longestString = '100000000';
const options = [
  ...['-f', '-y', '-xx', '-s', longestString, '-e', 'signal=none', '--seccomp-bpf'],
  ...['-e', `trace=${calls.map((call) => `?${call}`).join()}`],
];

/** Why nothing can be traced here, or undefined when it can. */
export function whyNoTrace(): string | undefined {
  const { error, status, stderr } = spawnSync('strace', [...options, '-o', '/dev/null', 'true']);
  if (error) return 'strace is not installed';
  return status === 0 ? undefined : `strace does not work: ${stderr.toString().trim().split('\n')[0]}`;
}

/** Starts shell commands side by side in one trace, so that its order is that of all of them. */
export function startTraced(commands: readonly string[], env: NodeJS.ProcessEnv, log: string): ChildProcess {
  const script = commands.map((command) => `${command} & echo pid $!`).join('\n') + '\nwait';
  return spawn('strace', [...options, '-o', log, 'sh', '-c', script], {
    // A group of its own, so that it can be ended whole.
    env,
    cwd: join(import.meta.dirname, '../..'),
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Reads a log of strace. */
export function readTrace(log: string): Call[] {
  const found: Call[] = [];
  const unfinished = new Map<string, { begin: number; text: string }>();
  let line = 0;
  for (const text of readFileSync(log, 'latin1').split('\n')) {
    line++;
    const [, thread, said] = /^(\d+) +(.*)$/.exec(text) ?? [];
    if (!thread || !said) continue;
    // Interrupted by what another thread did, or never seen to end because its process was killed.
    const [cutShort] = / <(unfinished|detached) \.\.\.>$/.exec(said) ?? [];
    if (cutShort) {
      unfinished.set(thread, { begin: line, text: said.slice(0, -cutShort.length) });
      continue;
    }
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/.exec(said);
    const started = resumed && unfinished.get(thread);
    if (started) unfinished.delete(thread);
    const call = readCall(started ? started.text + resumed[1] : said, started?.begin ?? line, line);
    if (call) found.push(call);
  }
  for (const { begin, text } of unfinished.values()) {
    const call = readCall(`${text}) = ?`, begin, Infinity);
    if (call) found.push(call);
  }
  return found.sort((a, b) => a.begin - b.begin);
}

const pathCalls = /^(open|creat|mkdir|unlink|rmdir|link|rename|truncate)/;

function readCall(text: string, begin: number, end: number): Call | undefined {
  const [, name, args, outcome] = /^(\w+)\((.*)\) += (\S+)/.exec(text) ?? [];
  if (!name || args === undefined) return undefined;
  const result = outcome === '?' ? NaN : Number.parseInt(outcome!);
  if (result < 0) return undefined;
  const strings = [...args.matchAll(/"((?:\\x[0-9a-f]{2})*)"/g)].map(([, hex]) => decode(hex!));
  const isOfPaths = pathCalls.test(name);
  const files = [...args.matchAll(/^\d+<(.*?)>/g)].map(([, hex]) => decode(hex!).toString());
  return {
    begin,
    name,
    result,
    end: Number.isNaN(result) ? Infinity : end, // Its process was killed in the middle of it.
    paths: isOfPaths ? strings.map(String) : files,
    data: isOfPaths ? Buffer.alloc(0) : Buffer.concat(strings),
    rest: args.replaceAll(/"[^"]*"|<[^>]*>/g, ''),
  };
}

function decode(hex: string): Buffer {
  return hex.startsWith('\\x') ? Buffer.from(hex.replaceAll('\\x', ''), 'hex') : Buffer.from(hex);
}
