/** What the tests take from Debian, from the mirror that this machine uses itself, and keep for the next run. */
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { output } from './command.ts';

/** The folder in which a run leaves what the next one need not make again; `ENGINES_CACHE_DIR` names another. */
export const cacheDir =
  process.env.ENGINES_CACHE_DIR ||
  join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'vestnik-engines');

/**
 * The path of `name` in the cache, made by `make` where it is missing. `make` writes to the path it is given, and may
 * leave anything else in the folder that path is in.
 */
export async function cached(name: string, make: (path: string) => Promise<void>): Promise<string> {
  const path = join(cacheDir, name);
  if (await exists(path)) return path;
  await mkdir(cacheDir, { recursive: true });
  const dir = await mkdtemp(join(cacheDir, 'making-'));
  try {
    await make(join(dir, name));
    await rename(join(dir, name), path);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
  return path;
}

/** Debian's archive as this machine's apt is told to use it, without a slash at its end. */
export async function mirror(): Promise<string> {
  const format = '$(REPO_URI) $(COMPONENT) $(CODENAME)';
  const targets = await output('apt-get', ['indextargets', '--format', format, 'Created-By: Packages']);
  const main = targets.split('\n').find((line) => / main \w+$/.test(line));
  if (!main) throw new Error('apt knows no archive with a component main');
  return main.split(' ', 1)[0]!.replace(/\/$/, '');
}

/** Unpacks one file out of a package of `suite`, whose newest version the archive's index names. */
export async function fileOfPackage(suite: string, name: string, file: string, to: string): Promise<void> {
  const archive = await mirror();
  const arch = (await output('dpkg', ['--print-architecture'])).trim();
  const index = gunzipSync(
    await download(`${archive}/dists/${suite}/main/binary-${arch}/Packages.gz`),
  ).toString();
  const entry = index.split('\n\n').find((stanza) => stanza.startsWith(`Package: ${name}\n`));
  const field = (key: string) => new RegExp(`^${key}: (.+)$`, 'm').exec(entry ?? '')?.[1];
  const [path, sha256] = [field('Filename'), field('SHA256')];
  if (!path || !sha256) throw new Error(`${suite} has no package ${name}`);
  const bytes = await download(`${archive}/${path}`);
  if (createHash('sha256').update(bytes).digest('hex') !== sha256) throw new Error(`${path} came damaged`);
  await writeFile(`${to}.deb`, bytes);
  await output('dpkg-deb', ['-x', `${to}.deb`, `${to}.unpacked`]);
  await rename(join(`${to}.unpacked`, file), to);
}

async function download(url: string): Promise<Buffer> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(120_000) });
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}`);
  return Buffer.from(await answer.arrayBuffer());
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
