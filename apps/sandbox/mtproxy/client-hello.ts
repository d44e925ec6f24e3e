/** The ClientHello of a client that fakes TLS: signed with the secret, of this moment, and for the proxy's domain. */
import { createHmac, timingSafeEqual } from 'node:crypto';

/** A record's header, and what of a hello comes before its random bytes. */
export const recordBytes = 5;
export const randomAt = 11;
export const helloRandomBytes = 32;
const signedBytes = 28;
const mostOffS = 600;
const serverNameExtension = 0;

/** What a hello has to be right for. */
export interface HelloCheck {
  secret: Buffer;
  domain: string;
  /** In ms since 1970. */
  now: number;
}

/** The parts of a good hello that the answer repeats. */
export interface ClientHello {
  random: Buffer;
  sessionId: Buffer;
}

/** How long the record is that begins here, as soon as that can be told. Throws RangeError where it is no ClientHello. */
export function helloLength(head: Buffer): number | undefined {
  if (head.length < recordBytes) return undefined;
  if (head.readUIntBE(0, 3) !== 0x160301) throw new RangeError('no ClientHello');
  const length = head.readUInt16BE(3);
  if (length < 128 || length > 4096) throw new RangeError(`a ClientHello of ${length} bytes`);
  return recordBytes + length;
}

/** Reads a whole hello. Throws RangeError where it is another client's, of another time or for another domain. */
export function readHello(record: Buffer, { secret, domain, now }: HelloCheck): ClientHello {
  const random = Buffer.from(record.subarray(randomAt, randomAt + helloRandomBytes));
  const unsigned = Buffer.from(record).fill(0, randomAt, randomAt + helloRandomBytes);
  const digest = createHmac('sha256', secret).update(unsigned).digest();
  if (!timingSafeEqual(digest.subarray(0, signedBytes), random.subarray(0, signedBytes)))
    throw new RangeError('signed with another secret');
  const at = digest.readInt32LE(signedBytes) ^ random.readInt32LE(signedBytes);
  if (Math.abs(now / 1000 - at) > mostOffS) throw new RangeError('of another time');
  const sessionAt = randomAt + helloRandomBytes + 1;
  const sessionId = record.subarray(sessionAt, sessionAt + record[sessionAt - 1]!);
  const asked = serverName(record, sessionAt + sessionId.length);
  if (asked !== domain) throw new RangeError(`for the domain ${asked}`);
  return { random, sessionId };
}

/** The name in the extension server_name; `at` is where the cipher suites begin. */
function serverName(record: Buffer, at: number): string | undefined {
  const compressionAt = at + 2 + record.readUInt16BE(at);
  let next = compressionAt + 1 + record[compressionAt]! + 2;
  while (next + 4 <= record.length) {
    const length = record.readUInt16BE(next + 2);
    // A list's length, a kind, and the name's length come before the name.
    if (record.readUInt16BE(next) === serverNameExtension)
      return record.toString('latin1', next + 9, next + 9 + record.readUInt16BE(next + 7));
    next += 4 + length;
  }
  return undefined;
}
