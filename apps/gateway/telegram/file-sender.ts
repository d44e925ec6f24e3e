/**
 * The library's sender, sending parts of files: its own way copies a part fourteen times, tries to compress it, mixes it
 * byte by byte and hands all that at once to a socket that may be slow. Here memory is used again and the socket waited for.
 */
import { hash, createHash, randomFillSync } from 'node:crypto';
import type { Socket } from 'node:net';
import type { BigInteger } from 'big-integer';
import type { BinaryWriter } from 'telegram/extensions/BinaryWriter.js';
import { toSignedLittleBuffer } from 'telegram/Helpers.js';
import { ConnectionTCPAbridged } from 'telegram/network/connection/TCPAbridged.js';
import type { MTProtoSender } from 'telegram/network/MTProtoSender.js';
import type { MTProtoState } from 'telegram/network/MTProtoState.js';
import { encryptIge } from './ige-encrypt.ts';

/** The library puts requests of 1,044,448 bytes together at most. */
const packetBytes = 1 << 20;
const keyIdBytes = 8;
const headBytes = 24;
const saltAndSessionBytes = 16;

/** Writes each packet once the one before it has left, so that two of them are all there are. */
export class FileConnection extends ConnectionTCPAbridged {
  #written: Promise<void> = Promise.resolve();

  override async _send(packet: Buffer): Promise<void> {
    await this.#written;
    const { client } = this.socket as unknown as { client: Socket };
    const words = packet.length >> 2;
    const head = words < 127 ? Buffer.of(words) : Buffer.of(127, words, words >> 8, words >> 16);
    client.cork();
    client.write(head);
    // A socket that is lost ends the sender by its own event.
    this.#written = new Promise((resolve) => client.write(packet, () => resolve()));
    client.uncork();
  }
}

/** Makes a sender whose connection is a FileConnection encrypt in memory that it uses again. */
export function encryptInPlace(sender: MTProtoSender): void {
  const state = (sender as unknown as { _state: MTProtoState })._state;
  const plainMemory = Buffer.allocUnsafeSlow(packetBytes);
  let packetMemory = Buffer.allocUnsafeSlow(packetBytes);
  let nextMemory = Buffer.allocUnsafeSlow(packetBytes);

  state.writeDataAsMessage = (buffer, data, contentRelated, afterId, givenId) => {
    if (afterId !== undefined) throw new Error('parts of files wait for nothing');
    return Promise.resolve(writeMessage(state, buffer, data, contentRelated, givenId));
  };
  state.encryptMessageData = (data) => {
    const authKey = sender.authKey.getKey();
    if (!authKey) return Promise.reject(new Error('no key'));
    const plain = plainMemory.subarray(0, paddedLength(data.length));
    toSignedLittleBuffer(state.salt, 8).copy(plain, 0);
    toSignedLittleBuffer(state.sessionId, 8).copy(plain, 8);
    data.copy(plain, saltAndSessionBytes);
    randomFillSync(plain, saltAndSessionBytes + data.length);
    const digest = createHash('sha256').update(authKey.subarray(88, 120)).update(plain).digest();
    const messageKey = digest.subarray(8, 24);
    const { key, iv } = state._calcKey(authKey, messageKey, true);
    [packetMemory, nextMemory] = [nextMemory, packetMemory];
    const packet = packetMemory.subarray(0, headBytes + plain.length);
    hash('sha1', authKey, 'buffer').copy(packet, 0, 12, 12 + keyIdBytes);
    messageKey.copy(packet, keyIdBytes);
    encryptIge(plain, key, iv, packet.subarray(headBytes));
    return Promise.resolve(packet);
  };
}

/** A message's id, sequence number and length before its bytes. Answers its id. */
function writeMessage(
  state: MTProtoState,
  buffer: BinaryWriter,
  data: Buffer,
  contentRelated: boolean,
  givenId: BigInteger | undefined,
): BigInteger {
  const id = givenId ?? state._getNewMsgId();
  const head = Buffer.alloc(16);
  toSignedLittleBuffer(id, 8).copy(head);
  head.writeInt32LE(state._getSeqNo(contentRelated), 8);
  head.writeInt32LE(data.length, 12);
  buffer.write(head);
  buffer.write(data);
  return id;
}

/** With 12 to 27 bytes at the end that make whole blocks of it. */
function paddedLength(dataBytes: number): number {
  return Math.ceil((saltAndSessionBytes + dataBytes + 12) / 16) * 16;
}
