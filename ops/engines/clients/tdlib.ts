/** TDLib as npm has it, with the sandbox's key in the place of Telegram's. */
import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { output } from '../command.ts';
import { cached } from '../debian.ts';
import { whyNoNamespace } from './loopback-only.ts';

const LOCK = fileURLToPath(new URL('package-lock.json', import.meta.url));
const MANIFEST = fileURLToPath(new URL('package.json', import.meta.url));
const LIBRARY = 'node_modules/@prebuilt-tdlib/linux-x64-glibc/libtdjson.so';
const PEM = /-----BEGIN RSA PUBLIC KEY-----\n[\w+/=\n]+-----END RSA PUBLIC KEY-----/g;

/** A line of TDLib's log. */
export interface LogLine {
  /** 0 is fatal, 1 an error, 2 a warning. */
  readonly level: number;
  /** Without time, thread and actor. */
  readonly words: string;
}

/** The folder of the packages in the cache, installed by the lock file beside this one where they are missing. */
export async function clientPackages(): Promise<string> {
  const lock = await readFile(LOCK);
  const name = `clients-${createHash('sha256').update(lock).digest('hex').slice(0, 16)}`;
  return cached(name, async (folder) => {
    await mkdir(folder);
    await Promise.all([cp(MANIFEST, `${folder}/package.json`), cp(LOCK, `${folder}/package-lock.json`)]);
    await output('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
      cwd: folder,
      withinMs: 300_000,
    });
    await readFile(`${folder}/${LIBRARY}`);
  });
}

/** Writes a copy of the library that trusts this key alone. Both of Telegram's, main and test, are as long as the new one. */
export async function copyTrusting(publicKeyPem: string, packages: string, to: string): Promise<void> {
  const bytes = await readFile(`${packages}/${LIBRARY}`);
  const key = publicKeyPem.trim();
  // The third that it holds is of another kind: that of the list of servers it asks for where none answers.
  const places = [...bytes.toString('latin1').matchAll(PEM)].filter(([pem]) => pem.length === key.length);
  if (places.length !== 2) throw new Error(`TDLib holds ${places.length} keys of this length instead of 2`);
  for (const { index } of places) bytes.write(key, index, 'latin1');
  await writeFile(to, bytes);
}

/** The lines of a log up to this level. */
export function linesOf(log: string, level: number): LogLine[] {
  return [...log.matchAll(/^\[ ?(\d)\](?:\[[^\]]*\])+\t?(.*)$/gm)]
    .map(([, at, words]) => ({ level: Number(at), words: words! }))
    .filter((line) => line.level <= level);
}

/** Why TDLib cannot be had here; undefined where it can. */
export async function whyNoTdlib(): Promise<string | undefined> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'needs Linux on x64';
  const noNamespace = await whyNoNamespace();
  if (noNamespace) return noNamespace;
  return clientPackages().then(
    () => undefined,
    (error: unknown) => `npm did not bring TDLib: ${String(error).split('\n', 1)[0]}`,
  );
}
