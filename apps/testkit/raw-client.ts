/** For tests and benchmarks: a client of few lines that writes single messages, good ones and bad ones. */
import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { unzipSync } from 'node:zlib';
import { authKeyId } from '../sandbox/mtproto/auth-keys.ts';
import { FrameReader } from '../sandbox/mtproto/frames.ts';
import { containedIn, messageAt, type IncomingMessage } from '../sandbox/mtproto/incoming.ts';
import { openMessage, sealMessage } from '../sandbox/mtproto/message-key.ts';
import { detectTransport, type Transport } from '../sandbox/mtproto/transports.ts';
import { gzipPacked, TlError, TlReader } from '../sandbox/tl/reader.ts';
import type { TlObject } from '../sandbox/tl/values.ts';

const CONTAINER = 0x73f1f8dc;
const RPC_RESULT = 0xf35c6d01;
const HEADER_BYTES = 16;

/** A session that goes on over another connection must not repeat an id. */
let lastId = 0n;

/** Where to connect, and as whom. */
export interface RawOptions {
  port: number;
  key: Buffer;
  salt: bigint;
  sessionId?: bigint;
  /** The address to come from, such as 127.0.0.2. */
  localAddress?: string;
}

/** How a message departs from a good one. */
export interface Deviation {
  id?: bigint;
  sequence?: number;
  salt?: bigint;
}

/** A message that the server sent; an rpc_result is read as far as its own fields, with the rest in `body`. */
export interface Received {
  id: bigint;
  sequence: number;
  name: string;
  object: TlObject | undefined;
  body: Buffer;
  /** The id of the container that it came in. */
  containerId: bigint | undefined;
}

/** One connection, over the abridged transport. */
export class RawClient {
  readonly socket: Socket;
  readonly sessionId: bigint;
  readonly received: Received[] = [];
  /** What the server answered in place of a message, such as -404. */
  transportError: number | undefined;
  /** Called with each message of the server, in place of keeping it. */
  onMessage: ((message: Received) => void) | undefined;
  private readonly options: RawOptions;
  private readonly transport = detectTransport(Buffer.of(0xef)) as Transport;
  private readonly frames = new FrameReader();
  private contentMessages = 0;
  private wake = () => {};

  constructor(options: RawOptions) {
    this.options = options;
    this.sessionId = options.sessionId ?? BigInt(Math.floor(Math.random() * 2 ** 50));
    const { port, localAddress } = options;
    this.socket = createConnection({ port, host: '127.0.0.1', ...(localAddress && { localAddress }) });
    this.socket.setNoDelay(true);
    this.frames.transport = this.transport;
    this.socket.on('data', (chunk: Buffer) => this.take(chunk));
    this.socket.on('error', () => {});
    this.socket.on('close', () => this.wake());
    this.socket.write(Buffer.of(0xef));
  }

  /** A rising message id of this moment, which no other client of this process has. */
  nextId(): bigint {
    const now = Date.now();
    const fresh = (BigInt(Math.floor(now / 1000)) << 32n) | (BigInt(now % 1000) << 22n);
    lastId = fresh > lastId ? fresh : lastId + 4n;
    return lastId;
  }

  /** Sends one message and returns its id. `isContent` is false for service messages. */
  send(body: Buffer, { id, sequence, salt }: Deviation = {}, isContent = true): bigint {
    const usedId = id ?? this.nextId();
    const usedSequence = sequence ?? this.contentMessages * 2 + (isContent ? 1 : 0);
    if (isContent) this.contentMessages++;
    const message = messageBytes(usedId, usedSequence, body);
    const length = HEADER_BYTES + message.length;
    const plain = Buffer.alloc(length + 12 + (-(length + 12) & 15));
    plain.writeBigInt64LE(salt ?? this.options.salt, 0);
    plain.writeBigInt64LE(BigInt.asIntN(64, this.sessionId), 8);
    message.copy(plain, HEADER_BYTES);
    const { key } = this.options;
    this.socket.write(this.transport.frame(sealMessage(key, authKeyId(key), plain, 'client')));
    return usedId;
  }

  /** Sends messages in one container, whose id is returned. */
  sendContainer(messages: readonly IncomingMessage[], deviation: Deviation = {}): bigint {
    const head = Buffer.alloc(8);
    head.writeUInt32LE(CONTAINER);
    head.writeInt32LE(messages.length, 4);
    const inner = messages.map(({ id, sequence, body }) => messageBytes(id, sequence, body));
    return this.send(Buffer.concat([head, ...inner]), deviation, false);
  }

  /** The first message that fits, among those that came and those to come. Rejects when the connection ends. */
  async next(fits: (message: Received) => boolean): Promise<Received> {
    for (;;) {
      const found = this.received.find(fits);
      if (found) return found;
      if (this.socket.closed) throw new Error('the connection ended');
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  async close(): Promise<void> {
    if (this.socket.closed) return;
    this.socket.destroy();
    await once(this.socket, 'close');
  }

  private take(chunk: Buffer): void {
    for (const payload of this.frames.push(chunk)) {
      if (payload.length === 4) this.transportError = payload.readInt32LE();
      const plain = openMessage(this.options.key, payload, 'server');
      if (plain) this.message(messageAt(plain, HEADER_BYTES, plain.length));
    }
    this.wake();
  }

  private message({ id, sequence, body }: IncomingMessage, containerId?: bigint): void {
    const constructor = body.readUInt32LE(0);
    if (constructor === CONTAINER) return containedIn(body).forEach((inner) => this.message(inner, id));
    const isResult = constructor === RPC_RESULT;
    const object = this.onMessage && isResult ? undefined : objectAt(body, isResult ? 12 : 0);
    const name = isResult ? 'rpcResult' : (object?._ ?? '');
    const message = { id, sequence, name, object, body, containerId };
    if (this.onMessage) this.onMessage(message);
    else this.received.push(message);
  }
}

/** The id of the call that an rpc_result answers. */
export function answeredBy({ name, body }: Received): bigint | undefined {
  return name === 'rpcResult' ? body.readBigInt64LE(4) : undefined;
}

/** Whether a result came packed. */
export function isPacked({ body }: Received): boolean {
  return body.readUInt32LE(12) === gzipPacked && unzipSync(new TlReader(body, 16).bytes()).length > 0;
}

/** Undefined where it is no object, or one that the schema lacks. */
function objectAt(body: Buffer, offset: number): TlObject | undefined {
  try {
    const read = new TlReader(body, offset).object();
    return typeof read === 'object' && read && '_' in read ? read : undefined;
  } catch (error) {
    if (error instanceof TlError && error.unknownConstructor !== undefined) return undefined;
    throw error;
  }
}

function messageBytes(id: bigint, sequence: number, body: Buffer): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES + body.length);
  bytes.writeBigInt64LE(id, 0);
  bytes.writeInt32LE(sequence, 8);
  bytes.writeInt32LE(body.length, 12);
  body.copy(bytes, HEADER_BYTES);
  return bytes;
}
