/** One child process: its lines, its messages, its end. It follows its parent into death by `follow-parent.ts`. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Reason } from '../kit/reason.ts';
import type { Environment } from '../kit/environment.ts';

export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
  /** The last lines on stderr, '' when there were none. */
  readonly message: string;
  /** The same by its code, where the process gave one. */
  readonly reason?: Reason | undefined;
}

export interface Child {
  readonly pid: number | undefined;
  /** Resolves once the process is gone and all it printed has been read. */
  readonly exited: Promise<Exit>;
  /** Asks it to stop, and kills it `graceMs` later. Resolves when it is gone. */
  stop(graceMs: number): Promise<void>;
}

export interface ChildEvents {
  onLine(stream: 'stdout' | 'stderr', line: string): void;
  /** Something the child told its launcher alone, such as a new password. */
  onMessage(message: unknown): void;
}

/** A hundred thousand lines pass through the monitor and a few megabytes stay; its heap would grow to four times that. */
const flagsOfMonitor = ['--max-semi-space-size=4', '--optimize-for-size'];
const followParent = new URL('follow-parent.ts', import.meta.url).href;

/** How this Node is told to use its memory for `entry`. */
export function memoryFlags(entry: string): string[] {
  return entry.endsWith('/monitor/main.ts') ? flagsOfMonitor : [];
}

/** How this Node is told to run `entry`. */
export function nodeArguments(entry: string): string[] {
  return [...memoryFlags(entry), '--import', followParent, entry];
}

/** Starts `entry` with this Node, in the folder `cwd` where one is given. */
export function startChild(entry: string, env: Environment, events: ChildEvents, cwd?: string): Child {
  const child = spawn(process.execPath, nodeArguments(entry), {
    env,
    cwd,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    windowsHide: true,
  });
  const lastWords: string[] = [];
  const read = Promise.all([
    readLines(child.stdout!, (line) => events.onLine('stdout', line)),
    readLines(child.stderr!, (line) => {
      lastWords.push(line);
      if (lastWords.length > 20) lastWords.shift();
      events.onLine('stderr', line);
    }),
  ]);
  let reason: Reason | undefined;
  child.on('message', (message) => {
    const { type, reason: given } = (message ?? {}) as { type?: unknown; reason?: Reason };
    if (type === 'ended') reason = given;
    else events.onMessage(message);
  });

  const exited = new Promise<Exit>((resolve) => {
    const end = (code: number | null, signal: string | null, message?: string) =>
      // A grandchild may hold the pipes open: its words are not worth waiting for.
      void Promise.race([read, after(500)]).then(() =>
        resolve({ code, signal, message: message ?? lastWords.join('\n'), reason }),
      );
    child.once('exit', end);
    child.once('error', (error) => child.pid === undefined && end(null, null, error.message));
  });

  return {
    pid: child.pid,
    exited,
    stop: async (graceMs) => {
      askToStop(child);
      const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
      await exited;
      clearTimeout(timer);
    },
  };
}

/** Windows has no SIGTERM: there the closed channel says the same (see follow-parent.ts). */
function askToStop(child: ChildProcess): void {
  if (process.platform !== 'win32') child.kill('SIGTERM');
  else if (child.connected) child.disconnect();
}

function readLines(stream: Readable, onLine: (line: string) => void): Promise<void> {
  const lines = createInterface({ input: stream, crlfDelay: Infinity });
  lines.on('line', onLine);
  return new Promise((resolve) => lines.once('close', resolve));
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
