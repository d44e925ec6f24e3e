/** Passwords as scrypt hashes of the form `scrypt$N$r$p$salt$hash`, salt and hash in base64url. */
import { randomBytes, randomInt, scrypt, timingSafeEqual } from 'node:crypto';

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
