/** A sandbox as a process that foreign clients use, and that can be stopped and started again on the same ports and data. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { spawnBound } from '../command.ts';

const MAIN = fileURLToPath(new URL('../../../apps/sandbox/main.ts', import.meta.url));
const START_WITHIN_MS = 20_000;

/** How to start it. */
export interface SandboxProcessOptions {
  readonly env: Readonly<Record<string, string>>;
  /** What the command line begins with, such as nsenter with its arguments. */
  readonly prefix?: readonly string[];
}

export class SandboxProcess {
  /** Everything that it has printed. */
  log = '';
  readonly #options: SandboxProcessOptions;
  #child: ChildProcess | undefined;

  /** Resolves when it listens. @throws with its log when it ends before, or takes too long */
  static async start(options: SandboxProcessOptions): Promise<SandboxProcess> {
    const sandbox = new SandboxProcess(options);
    await sandbox.#start();
    return sandbox;
  }

  private constructor(options: SandboxProcessOptions) {
    this.#options = options;
  }

  /** Stops it and starts it again. */
  async restart(): Promise<void> {
    await this[Symbol.asyncDispose]();
    await this.#start();
  }

  async #start(): Promise<void> {
    const [command, ...args] = [...(this.#options.prefix ?? []), process.execPath, MAIN];
    const child = spawnBound(command, args, {
      env: { PATH: process.env.PATH, ...this.#options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    const note = (text: string) => (this.log += `${text}\n`);
    createInterface(child.stderr!).on('line', note);
    const lines = createInterface(child.stdout!).on('line', note);
    const timeout = setTimeout(() => child.kill('SIGKILL'), START_WITHIN_MS);
    const listening = new Promise<boolean>((resolve) => {
      lines.on('line', (line) => line.includes('"msg":"listening"') && resolve(true));
      child.once('exit', () => resolve(false));
    });
    const isListening = await listening;
    clearTimeout(timeout);
    if (!isListening) throw new Error(`the sandbox did not start:\n${this.log}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  }
}
