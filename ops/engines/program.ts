/** A program of Debian's that a test starts with a config and data of its own, and stops. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { until } from '../../apps/testkit/until.ts';
import { spawnBound } from './command.ts';

export class Program {
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #killAtExit = () => this.#child.kill('SIGKILL');
  #log = '';

  /** Resolves when `url` with `readyPath` answers 200. @throws with the end of its log when it does not */
  static async start(
    command: string,
    args: readonly string[],
    { url, readyPath, env = {} }: { url: string; readyPath: string; env?: Readonly<Record<string, string>> },
  ): Promise<Program> {
    const program = new Program(command, args, url, env);
    try {
      await until(`${command} answers`, async () => {
        program.#mustRun(command);
        return (await fetch(url + readyPath, { signal: AbortSignal.timeout(2_000) })).ok;
      });
    } catch (error) {
      await program[Symbol.asyncDispose]();
      throw new Error(`${command} did not start: ${program.log}`, { cause: error });
    }
    return program;
  }

  private constructor(
    command: string,
    args: readonly string[],
    url: string,
    env: Readonly<Record<string, string>>,
  ) {
    this.url = url;
    this.#child = spawnBound(command, args, {
      env: { PATH: process.env.PATH, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child.on('error', (error) => (this.#log += error.message));
    for (const stream of [this.#child.stdout!, this.#child.stderr!])
      stream.setEncoding('utf8').on('data', (chunk: string) => (this.#log += chunk));
    process.on('exit', this.#killAtExit);
  }

  /** The end of what it has printed. */
  get log(): string {
    return this.#log.slice(-4_000);
  }

  #hasEnded(): boolean {
    return this.#child.pid === undefined || this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  #mustRun(command: string): void {
    if (this.#hasEnded()) throw new Error(`${command} has ended`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    process.off('exit', this.#killAtExit);
    if (this.#hasEnded()) return;
    const ended = once(this.#child, 'exit');
    const tooLong = setTimeout(() => this.#child.kill('SIGKILL'), 10_000);
    this.#child.kill('SIGTERM');
    await ended;
    clearTimeout(tooLong);
  }
}
