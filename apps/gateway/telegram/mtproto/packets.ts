/**
 * Outgoing messages of a session, packed and encrypted: those of one moment share a packet as a container
 * (core.telegram.org/mtproto/service_messages#containers).
 */
import type { MessageIds } from './message-ids.ts';
import { headBytes, keyRoom, paddedLength, seal, type AuthKey } from './message-key.ts';

/** One message before it has an id. */
export interface Outgoing {
  readonly body: Buffer;
  /** Whether it asks for an acknowledgement. */
  readonly isContent: boolean;
  /** Called when it is packed, with its id and that of the container around it (0 where there is none). */
  readonly onPacked?: ((id: bigint, containerId: bigint) => void) | undefined;
}

const container = 0x73f1f8dc;
const vector = 0x1cb5c415;
const most = { bytes: 1_000_000, messages: 500 };
const headerBytes = 16;
const prefixBytes = 16;
const containerBytes = headerBytes + 8;
/** Larger packets share one memory: the socket has taken one before the next is made. */
const smallBytes = 64 * 1024;

/** How many messages of the queue, at least one, fit one packet. */
export function fittingCount(queue: readonly Outgoing[]): number {
  let bytes = 0;
  let count = 0;
  for (const { body } of queue) {
    bytes += headerBytes + body.length;
    if (count > 0 && (bytes > most.bytes || count === most.messages)) break;
    count++;
  }
  return count;
}

/** Makes the packets of one session. A packet of more than 64 KB is valid until the next one is made. */
export class Packets {
  readonly #key: AuthKey;
  readonly #sessionId: bigint;
  readonly #ids: MessageIds;
  #memory = { plain: Buffer.alloc(0), packet: Buffer.alloc(0) };

  constructor(key: AuthKey, sessionId: bigint, ids: MessageIds) {
    this.#key = key;
    this.#sessionId = sessionId;
    this.#ids = ids;
  }

  /** One packet with all of these messages. */
  pack(batch: readonly Outgoing[], salt: bigint): Buffer {
    const isContainer = batch.length > 1;
    const bodies = batch.reduce((sum, { body }) => sum + headerBytes + body.length, 0);
    const used = prefixBytes + bodies + (isContainer ? containerBytes : 0);
    const { plain, packet } = this.#memoryFor(paddedLength(used));
    plain.writeBigInt64LE(salt, keyRoom);
    plain.writeBigInt64LE(this.#sessionId, keyRoom + 8);
    let offset = keyRoom + prefixBytes + (isContainer ? containerBytes : 0);
    const packed = batch.map((message) => {
      const id = this.#ids.next();
      offset = writeHeader(plain, offset, id, this.#ids.sequence(message.isContent), message.body.length);
      offset += message.body.copy(plain, offset);
      return { id, message };
    });
    const containerId = isContainer ? this.#ids.next() : 0n;
    if (isContainer) {
      const at = keyRoom + prefixBytes;
      const start = writeHeader(plain, at, containerId, this.#ids.sequence(false), bodies + 8);
      plain.writeUInt32LE(container, start);
      plain.writeInt32LE(batch.length, start + 4);
    }
    for (const { id, message } of packed) message.onPacked?.(id, containerId);
    seal(this.#key, plain, used, packet);
    return packet;
  }

  #memoryFor(length: number): { plain: Buffer; packet: Buffer } {
    if (length <= smallBytes)
      return { plain: Buffer.allocUnsafe(keyRoom + length), packet: Buffer.allocUnsafe(headBytes + length) };
    if (this.#memory.packet.length < headBytes + length) {
      this.#memory = {
        plain: Buffer.allocUnsafeSlow(keyRoom + length),
        packet: Buffer.allocUnsafeSlow(headBytes + length),
      };
    }
    const { plain, packet } = this.#memory;
    return { plain: plain.subarray(0, keyRoom + length), packet: packet.subarray(0, headBytes + length) };
  }
}

/** The body of a message that holds nothing but a vector of longs. */
export function longsBody(constructor: number, longs: readonly bigint[]): Buffer {
  const body = Buffer.alloc(12 + 8 * longs.length);
  body.writeUInt32LE(constructor);
  body.writeUInt32LE(vector, 4);
  body.writeInt32LE(longs.length, 8);
  longs.forEach((long, index) => body.writeBigInt64LE(long, 12 + 8 * index));
  return body;
}

function writeHeader(plain: Buffer, at: number, id: bigint, sequence: number, length: number): number {
  plain.writeBigInt64LE(id, at);
  plain.writeInt32LE(sequence, at + 8);
  plain.writeInt32LE(length, at + 12);
  return at + headerBytes;
}
