/** The clients that are written in Python: a virtual environment with exactly the packages of requirements.txt. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { output } from '../command.ts';
import { cached } from '../debian.ts';

const REQUIREMENTS = fileURLToPath(new URL('requirements.txt', import.meta.url));
/** Debian's Python, because one that stands before it in PATH does not have Debian's packages. */
export const DEBIAN_PYTHON = '/usr/bin/python3';

/** The interpreter of the environment in the cache, which is made where it is missing. */
export async function clientsPython(): Promise<string> {
  const version = await output(DEBIAN_PYTHON, ['--version']);
  const made = createHash('sha256')
    .update(version)
    .update(await readFile(REQUIREMENTS));
  const environment = await cached(`python-${made.digest('hex').slice(0, 16)}`, async (path) => {
    await output(DEBIAN_PYTHON, ['-m', 'venv', path]);
    const install = ['install', '--quiet', '--disable-pip-version-check', '--require-hashes'];
    await output(python(path), ['-m', 'pip', ...install, '--requirement', REQUIREMENTS], {
      env: process.env,
      withinMs: 300_000,
    });
    await output(python(path), ['-c', 'import telethon, pyrogram, cryptg, tgcrypto']);
  });
  return python(environment);
}

/** Why the environment cannot be had here; undefined where it can. */
export async function whyNoPythonClients(): Promise<string | undefined> {
  return clientsPython().then(
    () => undefined,
    (error: unknown) => `needs python3-venv and the packages of requirements.txt: ${firstLine(error)}`,
  );
}

/** Why Debian's own Telethon cannot be had here; undefined where it can. */
export async function whyNoDebianTelethon(): Promise<string | undefined> {
  return output(DEBIAN_PYTHON, ['-c', 'import telethon']).then(
    () => undefined,
    () => 'needs python3-telethon',
  );
}

function python(environment: string): string {
  return join(environment, 'bin/python');
}

function firstLine(error: unknown): string {
  return String(error).split('\n', 1)[0]!;
}
