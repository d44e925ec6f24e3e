/** The password of a monitor that was given none: made at the first start, told once, its hash kept in a file. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StartError } from '../../kit/run.ts';
import { hashPassword, hashPattern, makePassword } from './passwords.ts';

export interface KeptPassword {
  readonly hash: string;
  /** The password itself, where it has just been made. */
  readonly made: string | undefined;
}

/**
 * The hash kept in `dir`, or a new password.
 * @throws StartError when the file holds something else
 */
export async function keptPassword(dir: string): Promise<KeptPassword> {
  const file = join(dir, 'password-hash');
  const hash = await readIfThere(file);
  if (hash === undefined) {
    const made = makePassword();
    const newHash = await hashPassword(made);
    await mkdir(dir, { recursive: true, mode: 0o700 });
    await writeFile(file, `${newHash}\n`, { mode: 0o600, flag: 'wx' });
    return { hash: newHash, made };
  }
  if (!hashPattern.test(hash)) {
    throw new StartError(`${file} does not hold a password hash: remove it, and a new password is made`);
  }
  return { hash, made: undefined };
}

/** Tells a new password once: to the launcher that started this process, or else to the terminal. */
export function tellPassword(user: string, password: string): void {
  if (process.send) process.send({ type: 'password', user, password });
  else process.stderr.write(`monitor: sign in as ${user} with the password ${password} (shown this once)\n`);
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
