/** One process of the product, as it runs in production; it can be killed at any moment and started again. */
import { join } from 'node:path';
import { startChild, type Child } from '../launcher/child.ts';
import { StartError } from '../kit/run.ts';
import { cpuSecondsOf } from './usage.ts';

const apps = join(import.meta.dirname, '..');
const startWithinMs = 30_000;
const stopGraceMs = 5_000;

export interface ServiceOptions {
  /** The folder of its entry point, such as `send-text`. */
  readonly name: string;
  readonly env: Readonly<Record<string, string>>;
  /** Where it runs: not the root, whose .env is of whoever develops there. */
  readonly cwd: string;
  readonly onLine: (line: string) => void;
}

export class Service {
  readonly #options: ServiceOptions;
  #child: Child | undefined;
  #env: Readonly<Record<string, string>>;
  #stopping = false;
  /** When it was started last, and when it then listened, in ms since 1970. */
  startedAt = 0;
  listeningAt = 0;
  /** The processor time it had used by then, in seconds, where the system tells. */
  startCpuS: number | undefined;

  constructor(options: ServiceOptions) {
    this.#options = options;
    this.#env = options.env;
  }

  /** Starts it and reads its line `listening`. @throws StartError in its own words when it does not come up */
  async start(): Promise<Record<string, number>> {
    if (this.#stopping) throw new StartError('the scenario is being stopped');
    const { name, cwd, onLine } = this.#options;
    const listening = Promise.withResolvers<Record<string, number>>();
    this.startedAt = Date.now();
    const child = startChild(
      join(apps, name, 'main.ts'),
      { PATH: process.env.PATH, ...this.#env },
      {
        onLine: (_, line) => {
          onLine(line);
          if (line.includes('"msg":"listening"'))
            listening.resolve(JSON.parse(line) as Record<string, number>);
        },
        onMessage: () => {},
      },
      cwd,
    );
    this.#child = child;
    const refuse = (why: string) => listening.reject(new StartError(`${name} ${why}`));
    const timer = setTimeout(() => refuse(`did not listen within ${startWithinMs / 1000} s`), startWithinMs);
    void child.exited.then(({ message, code, signal }) => refuse(message || `ended with ${code ?? signal}`));
    const line = await listening.promise.finally(() => clearTimeout(timer));
    this.listeningAt = Date.now();
    this.startCpuS = cpuSecondsOf(child.pid!);
    return line;
  }

  /** From now on it is started with these settings too, such as the port it has come to. */
  keep(settings: Record<string, string>): void {
    this.#env = { ...this.#env, ...settings };
  }

  /** kill -9, over once it is gone. */
  async kill(): Promise<void> {
    if (this.#child?.pid !== undefined) process.kill(this.#child.pid, 'SIGKILL');
    await this.#child?.exited;
  }

  /** Ends it for good. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#child?.stop(stopGraceMs);
  }
}
