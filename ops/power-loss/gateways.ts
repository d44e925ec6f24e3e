/** Both gateways on one DATA_DIR, as processes in one trace, until the power fails. */
import { once } from 'node:events';
import { readTrace, startTraced, type Call } from './trace.ts';

export interface Ports {
  readonly text: number;
  readonly media: number;
}

export interface TracedGateways {
  readonly ports: Ports;
  /** Ends both at once, and answers with everything they did. */
  cut(): Promise<Call[]>;
  /** Ends everything, for a test that failed. */
  end(): Promise<void>;
}

/** Starts both with `env`; `log` is where the trace goes. @throws Error when one does not listen within 30 s */
export async function startTracedGateways(env: Record<string, string>, log: string): Promise<TracedGateways> {
  const commands = ['send-text', 'send-media'].map((name) => `'${process.execPath}' apps/${name}/main.ts`);
  // Without io_uring, whose writes pass by no system call; Node leaves it off by itself as well.
  const child = startTraced(commands, { ...env, PATH: process.env.PATH, UV_USE_IO_URING: '0' }, log);
  const ended = once(child, 'close');
  let output = '';
  const end = async () => {
    if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid!, 'SIGKILL');
    await ended;
  };
  const listening = new Promise<void>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`no gateways within 30 s: ${output}`)), 30_000);
    void ended.then(() => reject(new Error(`the gateways ended: ${output}`)));
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        output += chunk;
        if (!portOf('send-text', output) || !portOf('send-media', output)) return;
        clearTimeout(late);
        resolve();
      });
    }
  });
  try {
    await listening;
  } catch (error) {
    await end();
    throw error;
  }
  return {
    ports: { text: portOf('send-text', output)!, media: portOf('send-media', output)! },
    end,
    cut: async () => {
      // The tracer last, for it writes the log of what they did up to their end.
      for (const [, pid] of output.matchAll(/^pid (\d+)$/gm)) process.kill(Number(pid), 'SIGKILL');
      await ended;
      return readTrace(log);
    },
  };
}

function portOf(service: string, output: string): number | undefined {
  const line = output.split('\n').find((each) => each.includes(service) && each.includes('"listening"'));
  return line?.endsWith('}') ? (JSON.parse(line) as { port: number }).port : undefined;
}
