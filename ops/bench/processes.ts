/** The processes of a benchmark: started on free ports with data of their own, ended when it is over. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { basename, dirname, join } from 'node:path';
import { memoryFlags } from '../../apps/launcher/child.ts';
import { compileServices } from '../../apps/launcher/compile.ts';

const root = join(import.meta.dirname, '../..');

export interface Running {
  readonly pid: number;
  /** The values its line `listening` names. */
  readonly listening: Record<string, number>;
  stop(): Promise<void>;
}

/**
 * Starts a script of the project as the launcher does, and waits for its line `listening`, at most 20 s. With `profile`
 * it writes where its time goes into a folder of its own there.
 */
export async function startProcess(
  script: string,
  env: Record<string, string>,
  profile?: string,
): Promise<Running> {
  const folder = profile === undefined ? undefined : join(profile, basename(dirname(script)));
  const flags = folder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${folder}`];
  const child = spawn(process.execPath, [...memoryFlags(script), ...flags, join(root, script)], {
    env: { ...env, PATH: process.env.PATH },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    return { pid: child.pid!, listening: await listeningLine(child), stop: () => end(child) };
  } catch (error) {
    await end(child);
    throw error;
  }
}

/** Compiles services into `cacheDir`, as the launcher does before it starts them: NODE_COMPILE_CACHE for `startProcess`. */
export function compile(names: readonly string[], cacheDir: string): Promise<void> {
  const services = names.map((name) => ({ entry: join(root, `apps/${name}/main.ts`) }));
  return compileServices(services, new URL('../../apps/', import.meta.url), cacheDir);
}

/** Runs a script to its end and reads the JSON it prints last. */
export async function runScript<T>(script: string, args: readonly string[]): Promise<T> {
  const child = spawn(process.execPath, [join(root, script), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${script} ended with ${code}`);
  return JSON.parse(output.trim().split('\n').at(-1)!) as T;
}

/** Goes on reading after the line has come: a pipe that nobody empties would stop the process. */
function listeningLine(child: ChildProcess): Promise<Record<string, number>> {
  return new Promise((resolve, reject) => {
    let output = '';
    const timeout = setTimeout(() => reject(new Error('a process did not listen within 20 s')), 20_000);
    child.stdout!.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
      const line = output
        .split('\n')
        .find((text) => text.includes('"msg":"listening"') && text.endsWith('}'));
      if (!line) return;
      clearTimeout(timeout);
      child.stdout!.removeAllListeners('data').resume();
      resolve(JSON.parse(line) as Record<string, number>);
    });
    child.once('close', (code) =>
      reject(new Error(`a process ended with ${code} before it listened: ${output}`)),
    );
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'close');
  const kill = setTimeout(() => child.kill('SIGKILL'), 12_000);
  child.kill('SIGTERM');
  await ended;
  clearTimeout(kill);
}
