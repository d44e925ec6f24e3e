/** Real gateway processes for a test, as they run in production: one entry point under plain Node. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

const root = join(import.meta.dirname, '../../..');

export interface TestProcess {
  readonly child: ChildProcess;
  /** Everything printed so far, on both outputs. */
  output(): string;
  /** The port it says it listens on. */
  readonly port: Promise<number>;
  /** Sends a signal and waits for the end; the exit code, or the name of the signal that ended it. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | string>;
  readonly ended: Promise<number | string>;
}

/** Starts apps/`name`/main.ts with nothing in its environment but `env`; killed when the test is over. */
export function startProcess(name: 'send-text' | 'send-media', env: Record<string, string>): TestProcess {
  const child = spawn(process.execPath, [join(root, 'apps', name, 'main.ts')], {
    cwd: env.DATA_DIR, // Not the root, whose .env is of whoever develops there.
    env: { LOG_LEVEL: 'info', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string);
  const port = new Promise<number>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        output += chunk;
        const listening = /"port":(\d+).*"msg":"listening"/.exec(output);
        if (listening) resolve(Number(listening[1]));
      });
    }
    void ended.then((code) => reject(new Error(`${name} ended with ${code} before it listened: ${output}`)));
  });
  port.catch(() => {});
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return {
    ...{ child, port, ended },
    output: () => output,
    end: (signal) => {
      child.kill(signal);
      return ended;
    },
  };
}
