/** A server's messages, taken out of decrypted bytes: alone, in containers, packed. Each is read by its own length. */
import { unzipSync } from 'node:zlib';
import { ProtocolError } from './message-key.ts';

/** One message; its body begins with the number of its constructor. */
export interface IncomingMessage {
  readonly id: bigint;
  readonly sequence: number;
  readonly body: Buffer;
}

export const gzipPacked = 0x3072cfa1;
const container = 0x73f1f8dc;
const headerBytes = 16;
const longestUnpacked = 32 * 1024 * 1024;

/** The messages of a decrypted frame, those of a container behind each other; they may be packed. @throws ProtocolError */
export function* messagesOf(plain: Buffer): Generator<IncomingMessage> {
  const outer = messageAt(plain, 16);
  const padding = plain.length - 16 - headerBytes - outer.body.length;
  if (padding < 12 || padding > 1024) throw new ProtocolError(`a message with ${padding} bytes of padding`);
  const body = unpacked(outer.body);
  if (body.readUInt32LE(0) !== container) {
    yield { ...outer, body };
    return;
  }
  let offset = 8;
  for (let left = body.readInt32LE(4); left > 0; left--) {
    const message = messageAt(body, offset);
    offset += headerBytes + message.body.length;
    yield message;
  }
}

/** A gzip_packed object unpacked; all else as it is. @throws ProtocolError */
export function unpacked(body: Buffer): Buffer {
  if (body.length < 4) throw new ProtocolError('a message without a constructor');
  if (body.readUInt32LE(0) !== gzipPacked) return body;
  try {
    return unzipSync(tlBytes(body, 4), { maxOutputLength: longestUnpacked });
  } catch (error) {
    throw new ProtocolError('a packed message that cannot be unpacked', { cause: error });
  }
}

/** A TL string or bytes field at `offset`. */
export function tlBytes(body: Buffer, offset: number): Buffer {
  const short = body.readUInt8(offset);
  return short < 254
    ? body.subarray(offset + 1, offset + 1 + short)
    : body.subarray(offset + 4, offset + 4 + body.readUIntLE(offset + 1, 3));
}

/** A vector of longs at `offset`, behind its constructor where it is boxed. */
export function tlLongs(body: Buffer, offset: number): bigint[] {
  const count = body.readInt32LE(offset + 4);
  if (count < 0 || offset + 8 + 8 * count > body.length)
    throw new ProtocolError('a vector longer than its message');
  return Array.from({ length: count }, (_, index) => body.readBigInt64LE(offset + 8 + 8 * index));
}

function messageAt(bytes: Buffer, offset: number): IncomingMessage {
  if (offset + headerBytes > bytes.length) throw new ProtocolError('a message that is cut off');
  const length = bytes.readInt32LE(offset + 12);
  const end = offset + headerBytes + length;
  if (length < 4 || end > bytes.length) throw new ProtocolError('a message with a wrong length');
  const body = bytes.subarray(offset + headerBytes, end);
  return { id: bytes.readBigInt64LE(offset), sequence: bytes.readInt32LE(offset + 8), body };
}
