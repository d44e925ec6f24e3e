/** Messages as they stand in decrypted bytes: alone, in containers, packed. */
import { gzipPacked, TlError, TlReader, unpack } from '../tl/reader.ts';

/** One message of a client, its body not yet read as TL. */
export interface IncomingMessage {
  id: bigint;
  sequence: number;
  body: Buffer;
}

/** The message at `offset`: id, sequence, length, body. Throws TlError where it does not fit before `end`. */
export function messageAt(buffer: Buffer, offset: number, end: number): IncomingMessage {
  if (offset + 16 > end) throw new TlError('a message header is cut off');
  const length = buffer.readInt32LE(offset + 12);
  const start = offset + 16;
  if (length < 0 || length % 4 !== 0 || start + length > end)
    throw new TlError('a message with a wrong length');
  const id = buffer.readBigInt64LE(offset);
  return { id, sequence: buffer.readInt32LE(offset + 8), body: buffer.subarray(start, start + length) };
}

/** The messages of a container, by their declared lengths. */
export function containedIn(body: Buffer): IncomingMessage[] {
  if (body.length < 8) throw new TlError('an empty container');
  const messages: IncomingMessage[] = [];
  let offset = 8;
  for (let count = body.readInt32LE(4); count > 0; count--) {
    const message = messageAt(body, offset, body.length);
    messages.push(message);
    offset += 16 + message.body.length;
  }
  return messages;
}

/** The body itself, unpacked if it came as gzip_packed. */
export function unpackedBody(body: Buffer): Buffer {
  if (body.length < 4 || body.readUInt32LE(0) !== gzipPacked) return body;
  return unpack(new TlReader(body, 4).bytes());
}
