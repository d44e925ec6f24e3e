/** The secret of the sandbox's MTProxy: made once, kept in the data folder, and no secret at all, as it is only a sandbox's. */
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The site that a connection with fake TLS asks for. */
export const domain = 'sandbox.example';

/** The forms in which clients are given the secret, in hexadecimal. */
export interface ProxySecrets {
  /** 16 bytes: any framing. */
  plain: string;
  /** `dd` and 16 bytes: padded frames. */
  padded: string;
  /** `ee`, 16 bytes and the domain: padded frames within fake TLS. */
  tls: string;
}

const form = /^[0-9a-f]{32}$/;

/** Reads the 16 bytes from `folder`, or makes them there (mtproxy-secret, in hexadecimal). */
export async function loadProxySecret(folder: string): Promise<Buffer> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'mtproxy-secret');
  const kept = await readFile(file, 'utf8').catch(() => '');
  if (form.test(kept.trim())) return Buffer.from(kept.trim(), 'hex');
  const made = randomBytes(16);
  await writeFile(file, `${made.toString('hex')}\n`, { mode: 0o600 });
  return made;
}

/** The secret as clients take it. */
export function secretsOf(secret: Buffer): ProxySecrets {
  const plain = secret.toString('hex');
  return { plain, padded: `dd${plain}`, tls: `ee${plain}${Buffer.from(domain).toString('hex')}` };
}
