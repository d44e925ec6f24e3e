/** Programs that a test starts in an environment of their own; none of them outlives the test. */
import { spawn, type ChildProcess } from 'node:child_process';
import { tmpdir } from 'node:os';
import { onTestFinished } from 'vitest';
import { until } from './until.ts';
import type { WhenDone } from './when-done.ts';

/** How a program is started. */
export interface ProcessOptions {
  args?: readonly string[];
  /** The whole environment, apart from PATH and the folder where Node keeps what it has compiled. */
  env?: Readonly<Record<string, string>>;
  /** By default DATA_DIR, or the folder for temporary files: never the root, which may hold a developer's .env. */
  cwd?: string;
  /** Node's own options. */
  flags?: readonly string[];
  /** Whether it leads a process group. */
  detached?: boolean;
  /** How it ends with the test. */
  endWith?: NodeJS.Signals;
}

/** Output longer than this is cut at its beginning. */
const maxOutput = 4_000_000;

/** A running program. */
export class TestProcess {
  readonly child: ChildProcess;
  stdout = '';
  stderr = '';
  /** The end of both, as they came. */
  output = '';
  /** Resolves after all output has been read: the exit code, negative where it did not start, or the signal's name. */
  readonly ended: Promise<number | string>;
  #hasEnded = false;
  readonly #command: string;

  constructor(command: string, options: ProcessOptions) {
    const { args = [], env = {}, cwd = env.DATA_DIR ?? tmpdir(), detached = false } = options;
    this.#command = [command, ...args].join(' ');
    const { PATH, NODE_COMPILE_CACHE } = process.env;
    const all = { PATH, NODE_COMPILE_CACHE, ...env };
    this.child = spawn(command, args, { env: all, cwd, detached });
    this.child.on('error', (error) => (this.output += error.message));
    this.child.stdin!.on('error', () => {}); // It may end before it reads.
    for (const stream of ['stdout', 'stderr'] as const) {
      this.child[stream]!.setEncoding('utf8').on('data', (chunk: string) => {
        this[stream] = endOf(this[stream] + chunk);
        this.output = endOf(this.output + chunk);
      });
    }
    const kill = () => this.child.kill('SIGKILL');
    process.once('exit', kill);
    this.ended = new Promise((resolve) => {
      this.child.once('close', (code, signal) => {
        process.off('exit', kill);
        this.#hasEnded = true;
        resolve(code ?? signal!);
      });
    });
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** Waits until its output contains a match. Rejects with the output when it ends before, or after `withinMs`. */
  async says(text: RegExp, withinMs?: number): Promise<RegExpExecArray> {
    const found = await until(
      `${this.#command} says ${text}`,
      () => {
        const match = text.exec(this.output);
        if (!match && !this.#hasEnded) throw new Error(this.output);
        return match ?? 'ended';
      },
      withinMs,
    );
    if (found === 'ended') throw new Error(`${this.#command} ended before it said ${text}: ${this.output}`);
    return found;
  }

  /** The fields of the log line that says it listens. */
  async listening(): Promise<Record<string, number>> {
    const [, line] = await this.says(/^(\{.*"msg":"listening".*\})\n/m);
    return JSON.parse(line!) as Record<string, number>;
  }

  /** The port of that line. */
  async port(): Promise<number> {
    return (await this.listening()).port!;
  }

  /** Types a line. */
  type(line: string): void {
    this.child.stdin!.write(`${line}\n`);
  }

  /** Waits until it ends by itself, and returns what it wrote to stdout. Rejects with its output unless it exits with 0. */
  async done(): Promise<string> {
    const code = await this.ended;
    if (code !== 0) throw new Error(`${this.#command} ended with ${code}: ${this.output}`);
    return this.stdout;
  }

  /** Sends a signal, and SIGKILL 20 s later; resolves as `ended`. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | string> {
    const late = setTimeout(() => this.child.kill('SIGKILL'), 20_000);
    this.child.kill(signal);
    return this.ended.finally(() => clearTimeout(late));
  }
}

/** Starts a program. */
export function startProgram(
  command: string,
  options: ProcessOptions = {},
  whenDone: WhenDone = onTestFinished,
): TestProcess {
  const started = new TestProcess(command, options);
  whenDone(async () => void (await started.stop(options.endWith ?? 'SIGKILL')));
  return started;
}

/** Starts a file with this Node. */
export function startProcess(
  entry: string,
  { flags = [], args = [], ...options }: ProcessOptions = {},
  whenDone?: WhenDone,
): TestProcess {
  return startProgram(process.execPath, { ...options, args: [...flags, entry, ...args] }, whenDone);
}

function endOf(text: string): string {
  return text.length > maxOutput ? text.slice(-maxOutput / 2) : text;
}
