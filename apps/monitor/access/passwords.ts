/**
 * Passwords as scrypt hashes of the form `scrypt$N$r$p$salt$hash`, salt and hash in base64url. The one of a monitor that
 * was given none is made at the first start, shown once, and its hash kept in a file.
 */
import { randomBytes, randomInt, scrypt, timingSafeEqual } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StartError } from '../../kit/run.ts';
import { readIfThere } from '../files/state-file.ts';

/** The form of a hash; N is a power of two from 2^12 to 2^18, r and p have one or two digits. */
export const hashPattern =
  /^scrypt\$(4096|8192|16384|32768|65536|131072|262144)\$[1-9]\d?\$[1-9]\d?\$[\w-]{8,}\$[\w-]{16,}$/;

interface Cost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

/** About 60 ms and 32 MB for each check. */
const cost: Cost = { N: 2 ** 15, r: 8, p: 1 };

/** A new hash of a password. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await derive(password, salt, 32, cost);
  return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64url'), hash.toString('base64url')].join('$');
}

/** Whether a password is the one of the hash; takes the same time for every wrong one. */
export async function isPassword(password: string, stored: string): Promise<boolean> {
  const [, N, r, p, salt, hash] = stored.split('$');
  const expected = Buffer.from(hash!, 'base64url');
  const given = await derive(password, Buffer.from(salt!, 'base64url'), expected.length, {
    N: Number(N),
    r: Number(r),
    p: Number(p),
  });
  return timingSafeEqual(given, expected);
}

/** A password of 80 random bits that can be read aloud: four groups, no letters that look alike. */
export function makePassword(): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789';
  const group = () => Array.from({ length: 4 }, () => letters[randomInt(letters.length)]).join('');
  return [group(), group(), group(), group()].join('-');
}

function derive(password: string, salt: Buffer, length: number, { N, r, p }: Cost): Promise<Buffer> {
  const options = { N, r, p, maxmem: 256 * N * r };
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFC'), salt, length, options, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}

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
  const hash = (await readIfThere(file))?.trim();
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

/** Shows a new password once: to the launcher that started this process, or else to the terminal. */
export function tellPassword(user: string, password: string): void {
  if (process.send) process.send({ type: 'password', user, password });
  else process.stderr.write(`monitor: sign in as ${user} with the password ${password} (shown this once)\n`);
}
