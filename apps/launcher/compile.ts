/**
 * Compiles the services in processes that end again, before one is started that stays: what finds itself compiled never
 * loads the compiler of TypeScript, which would hold 40 MB for as long as it runs. Done once, and after every change.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeArguments } from './child.ts';
import type { ServiceSpec } from './plan.ts';

/** A process that takes longer goes uncompiled. */
const longestMs = 30_000;

/** Compiles the entries that share the folder `cacheDir`. Where that fails they are compiled when they are started. */
export async function compileServices(
  services: readonly Pick<ServiceSpec, 'entry'>[],
  appsDir: URL,
  cacheDir: string,
): Promise<void> {
  try {
    await mkdir(cacheDir, { recursive: true, mode: 0o700 });
    const stamp = join(cacheDir, 'compiled-from');
    const sources = await sourcesIn(fileURLToPath(appsDir));
    if ((await readFile(stamp, 'utf8').catch(() => '')) === sources) return;
    await Promise.all(services.map(({ entry }) => compile(entry, cacheDir)));
    await writeFile(stamp, sources);
  } catch {
    // As on a full disk: it costs memory, nothing else.
  }
}

/**
 * A service that is told a setting it refuses ends as soon as all of it is loaded. It gets nothing of our environment,
 * and no `.env`: whatever is set there, it must not begin to serve.
 */
async function compile(entry: string, cacheDir: string): Promise<void> {
  const { NODE_OPTIONS, SystemRoot } = process.env;
  const child = spawn(process.execPath, nodeArguments(entry), {
    cwd: cacheDir,
    env: { NODE_OPTIONS, SystemRoot, NODE_COMPILE_CACHE: cacheDir, LOG_LEVEL: 'none' },
    stdio: 'ignore',
    timeout: longestMs,
    killSignal: 'SIGKILL',
    windowsHide: true,
  });
  await once(child, 'exit');
}

/** Changes with every source, and with what compiles it. */
async function sourcesIn(dir: string): Promise<string> {
  const paths = (await readdir(dir, { recursive: true })).filter((path) => path.endsWith('.ts')).sort();
  const files = await Promise.all(
    paths.map(async (path) => {
      const { size, mtimeMs } = await stat(join(dir, path));
      return [path, size, mtimeMs];
    }),
  );
  const all = [process.version, process.arch, nodeArguments(dir), process.env.NODE_OPTIONS, files];
  return createHash('sha256').update(JSON.stringify(all)).digest('hex');
}
