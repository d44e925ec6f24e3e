/** The processes of a benchmark: started on free ports with data of their own, ended when it is over. */
import { basename, dirname, join } from 'node:path';
import { memoryFlags } from '../../apps/launcher/child.ts';
import { compileServices } from '../../apps/launcher/compile.ts';
import { TestProcess } from '../../apps/testkit/process.ts';

const root = join(import.meta.dirname, '../..');

/** A process of a benchmark, and the values that its line `listening` names. */
export interface Running {
  readonly pid: number;
  readonly listening: Record<string, number>;
  stop(): Promise<unknown>;
}

/**
 * Starts a script of the project as the launcher does, and waits for its line `listening`. With `profile` it writes where
 * its time goes into a folder of its own there.
 */
export async function startProcess(
  script: string,
  env: Record<string, string>,
  profile?: string,
): Promise<Running> {
  const folder = profile === undefined ? undefined : join(profile, basename(dirname(script)));
  const profiling = folder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${folder}`];
  const args = [...memoryFlags(script), ...profiling, join(root, script)];
  const started = new TestProcess(process.execPath, { args, env, cwd: process.cwd() });
  try {
    return { pid: started.pid, listening: await started.listening(), stop: () => started.stop() };
  } catch (error) {
    await started.stop('SIGKILL');
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
  const started = new TestProcess(process.execPath, {
    args: [join(root, script), ...args],
    cwd: process.cwd(),
  });
  return JSON.parse((await started.done()).trim().split('\n').at(-1)!) as T;
}
