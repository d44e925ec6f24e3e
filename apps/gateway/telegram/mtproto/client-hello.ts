/**
 * A ClientHello like that of a browser, as TDLib makes it (td/mtproto/TlsInit.cpp): the fields of a hello of today in a
 * random order, and in the place of its random bytes a signature by the proxy's secret and the time.
 */
import { createHmac, generateKeyPairSync, randomBytes, randomInt } from 'node:crypto';

/** Where the signature stands, in the hello and in the answer to it. */
export const signatureAt = 11;
export const signatureBytes = 32;
const leastBytes = 513;

export interface HelloOptions {
  readonly secret: Buffer;
  readonly domain: string;
  /** In seconds since the epoch. */
  readonly now: number;
}

/** One record of TLS. */
export function clientHello({ secret, domain, now }: HelloOptions): Buffer {
  const grease = greases(7);
  const body = Buffer.concat([
    hex('0303'),
    Buffer.alloc(signatureBytes),
    hex('20'),
    randomBytes(32),
    hex('0020'),
    grease[0]!,
    hex('130113021303c02bc02fc02cc030cca9cca8c013c014009c009d002f0035'),
    hex('0100'),
    sized(2, extensions(domain, grease)),
  ]);
  const record = Buffer.concat([hex('160301'), sized(2, Buffer.concat([hex('01'), sized(3, body)]))]);
  const signature = createHmac('sha256', secret).update(record).digest();
  signature.writeInt32LE(signature.readInt32LE(28) ^ now, 28);
  signature.copy(record, signatureAt);
  return record;
}

function extensions(domain: string, grease: readonly Buffer[]): Buffer {
  const name = Buffer.concat([hex('00'), sized(2, Buffer.from(domain, 'latin1'))]);
  const shuffled = shuffle([
    extension(0x0000, sized(2, name)),
    extension(0x0005, hex('0100000000')),
    extension(0x000a, sized(2, Buffer.concat([grease[4]!, hex('11ec001d00170018')]))),
    extension(0x000b, hex('0100')),
    extension(0x000d, hex('001004030804040105030805050108060601')),
    extension(0x0010, hex('000c02683208687474702f312e31')),
    extension(0x0012),
    extension(0x0017),
    extension(0x001b, hex('020002')),
    extension(0x0023),
    extension(0x002b, Buffer.concat([hex('06'), grease[6]!, hex('03040303')])),
    extension(0x002d, hex('0101')),
    extension(0x0033, sized(2, keyShares(grease[4]!))),
    extension(0x44cd, hex('0003026832')),
    extension(0xfe0d, encryptedHello()),
    extension(0xff01, hex('00')),
  ]);
  const all = Buffer.concat([grease[2]!, hex('0000'), ...shuffled, grease[3]!, hex('000100')]);
  return all.length < leastBytes
    ? Buffer.concat([all, extension(0x0015, Buffer.alloc(leastBytes - all.length))])
    : all;
}

/** Of a group that nobody has, of X25519 with ML-KEM-768, and of X25519. */
function keyShares(grease: Buffer): Buffer {
  const hybrid = Buffer.concat([latticeKey(), curveKey()]);
  return Buffer.concat([
    ...[grease, sized(2, hex('00'))],
    ...[hex('11ec'), sized(2, hybrid)],
    ...[hex('001d'), sized(2, curveKey())],
  ]);
}

function encryptedHello(): Buffer {
  const payload = randomBytes(144 + 32 * randomInt(4));
  return Buffer.concat([hex('0000010001'), randomBytes(1), sized(2, randomBytes(32)), sized(2, payload)]);
}

/** A public key of X25519. */
function curveKey(): Buffer {
  const { x } = generateKeyPairSync('x25519').publicKey.export({ format: 'jwk' });
  return Buffer.from(x!, 'base64url');
}

/** What a public key of ML-KEM-768 looks like: 768 numbers below 3329 of 12 bits each, and 32 bytes. */
function latticeKey(): Buffer {
  const packed = Array.from({ length: 384 }, () => {
    const pair = Buffer.alloc(3);
    pair.writeUIntLE(randomInt(3329) | (randomInt(3329) << 12), 0, 3);
    return pair;
  });
  return Buffer.concat([...packed, randomBytes(32)]);
}

/** Values that mean nothing (RFC 8701); no two neighbours are alike. */
function greases(count: number): Buffer[] {
  const bytes = randomBytes(count).map((byte) => (byte & 0xf0) | 0x0a);
  for (let index = 1; index < count; index += 2) if (bytes[index] === bytes[index - 1]) bytes[index]! ^= 0x10;
  return [...bytes].map((byte) => Buffer.of(byte, byte));
}

function extension(type: number, body: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(2);
  head.writeUInt16BE(type);
  return Buffer.concat([head, sized(2, body)]);
}

/** Bytes behind their number. */
function sized(size: 2 | 3, bytes: Buffer): Buffer {
  const head = Buffer.alloc(size);
  head.writeUIntBE(bytes.length, 0, size);
  return Buffer.concat([head, bytes]);
}

function shuffle<T>(items: T[]): T[] {
  for (let last = items.length - 1; last > 0; last--) {
    const other = randomInt(last + 1);
    [items[last], items[other]] = [items[other]!, items[last]!];
  }
  return items;
}

function hex(digits: string): Buffer {
  return Buffer.from(digits, 'hex');
}
