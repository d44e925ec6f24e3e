/**
 * One MTProto session: numbers, packs and sends messages, and matches answers to calls. It outlives its connections: what
 * a lost one leaves without an answer stays known, so that the server can be asked in the same session whether it
 * arrived (core.telegram.org/mtproto/service_messages_about_messages). Asks for no updates, and repeats no call that may have
 * arrived.
 */
import { randomBytes } from 'node:crypto';
import { BinaryReader } from 'telegram/extensions/BinaryReader.js';
import { TelegramError } from '../../model/telegram-error.ts';
import { messagesOf, tlBytes, unpacked, type IncomingMessage } from './incoming.ts';
import { MessageIds, SeenIds } from './message-ids.ts';
import { open, ProtocolError, type AuthKey } from './message-key.ts';
import { fittingCount, longsBody, Packets, type Outgoing } from './packets.ts';
import type { Transport } from './transport.ts';

/** A request as the library's classes are: its bytes, and how its answer is read. */
export interface Request {
  readonly className: string;
  getBytes(): Buffer;
  readResult(reader: BinaryReader): unknown;
}

/** The call was carried out and answered, and the answer is of a newer layer than ours. */
export class AnswerUnreadable extends Error {
  override name = 'AnswerUnreadable';
}

/** The session itself came to an end, or the server forgot it: what was called may have been carried out. */
export class Forgotten extends Error {
  override name = 'Forgotten';
}

/** One call. `result` settles with the server's answer alone, on this connection or a later one. */
export interface Call {
  readonly request: Request;
  readonly method: string;
  readonly result: PromiseWithResolvers<unknown>;
  readonly session: Session;
  /** 0 until it is written. */
  id: bigint;
  containerId: bigint;
  /** Its answer is of no interest any more. */
  forget(): void;
}

/** What the server knows of a call: `unknown` also where it forgot. */
export type CallState = 'unknown' | 'not_received' | 'received';

export interface SessionEvents {
  /** A message that cannot be read was skipped. */
  onSkipped(error: Error): void;
  /** An update, or another object that no call asked for and that is none of the protocol's own. */
  onPushed?(): void;
  /** The first message of the server over this connection: its time, in milliseconds since the epoch. */
  onServerTime?(at: number): void;
  /** A packet that breaks the protocol: the connection is of no use any more. */
  onBroken(error: Error): void;
}

const ids = {
  rpcResult: 0xf35c6d01,
  rpcError: 0x2144ca19,
  msgsAck: 0x62d6b459,
  badMessage: 0xa7eff811,
  badSalt: 0xedab447b,
  newSession: 0x9ec20908,
  pong: 0x347773c5,
  stateRequest: 0xda69fb52,
  stateInfo: 0x04deb57d,
  allInfo: 0x8cc0d131,
  detailedInfo: 0x276d3ec6,
  newDetailedInfo: 0x809db6df,
  resendRequest: 0x7d861a08,
  pingDelay: 0xf3427b8c,
} as const;
/** What a server may send unasked and needs no answer here: acknowledgements, salts, questions about messages. */
const bookkeeping = new Set<number>([
  ...[ids.msgsAck, ids.allInfo, ids.stateRequest, ids.resendRequest],
  ...[0xae500895, 0xe22045fc, 0x62d350c9], // future_salts, destroy_session_ok and _none
]);
/** The id is too low or too high: the clocks differ. */
const clockDiffers = new Set([16, 17]);
const ackAfter = { messages: 16, ms: 1000 };
const stateTimeoutMs = 15_000;
/** A session of one key. */
export class Session {
  readonly key: AuthKey;
  #events: SessionEvents | undefined;
  readonly #id = randomBytes(8).readBigInt64LE();
  readonly #ids: MessageIds;
  readonly #packets: Packets;
  readonly #seen = new SeenIds();
  readonly #calls = new Map<bigint, Call>();
  readonly #states = new Map<bigint, { calls: readonly Call[]; done: PromiseWithResolvers<CallState[]> }>();
  readonly #pongs = new Map<bigint, () => void>();
  #salt = 0n;
  #transport: Transport | undefined;
  #hasHeard = false;
  #hasRoom = true;
  #queue: (Outgoing & { readonly call?: Call })[] = [];
  #isFlushing = false;
  #acks: bigint[] = [];
  #ackTimer: NodeJS.Timeout | undefined;

  /** `salt` and `serverTimeS` are the server's, where they are known already. */
  constructor(key: AuthKey, salt = 0n, serverTimeS?: number) {
    this.key = key;
    this.#salt = salt;
    this.#ids = new MessageIds(serverTimeS === undefined ? undefined : () => serverTimeS);
    this.#packets = new Packets(key, this.#id, this.#ids);
  }

  /** The server's salt, which is that of all sessions of the key. */
  get salt(): bigint {
    return this.#salt;
  }

  /** Speaks over this connection from now on. */
  attach(transport: Transport, events: SessionEvents): void {
    this.#transport = transport;
    this.#events = events;
    this.#hasHeard = false;
    this.#hasRoom = true;
  }

  /** A connection is gone. If it is that of the session, calls that were never written to it are answered as `unsent`. */
  detach(transport: Transport | undefined, unsent: () => Error): void {
    if (transport !== this.#transport) return;
    this.#transport = undefined;
    const queue = this.#queue;
    this.#queue = [];
    for (const { call } of queue) call?.result.reject(unsent());
    for (const { done } of this.#states.values()) done.reject(new Forgotten('the connection was lost'));
    this.#states.clear();
    this.#pongs.clear();
  }

  /** Ends the session: whatever has no answer by now gets `error`. */
  end(error: Error): void {
    this.detach(this.#transport, () => error);
    clearTimeout(this.#ackTimer);
    for (const { result } of this.#calls.values()) result.reject(error);
    this.#calls.clear();
  }

  /** Calls a method, which `request` may wrap. Its answer may come over a later connection, for as long as it is not forgotten. */
  call(request: Request, method: string): Call {
    const call: Call = {
      request,
      method,
      session: this,
      result: Promise.withResolvers(),
      id: 0n,
      containerId: 0n,
      forget: () => this.#calls.delete(call.id),
    };
    call.result.promise.catch(() => {}); // Whoever made the call may have gone.
    this.#enqueueCall(call);
    return call;
  }

  /** Resolves at the server's answer; it closes the connection where no other ping follows within so many seconds. */
  ping(closesAfterS: number): Promise<void> {
    const pingId = randomBytes(8).readBigInt64LE();
    const body = Buffer.alloc(16);
    body.writeUInt32LE(ids.pingDelay);
    body.writeBigInt64LE(pingId, 4);
    body.writeInt32LE(closesAfterS, 12);
    return new Promise((resolve) => {
      this.#pongs.set(pingId, resolve);
      this.#enqueue({ body, isContent: false });
    });
  }

  /** Asks what became of calls of earlier connections. @throws Forgotten where no answer comes in time */
  async statesOf(calls: readonly Call[]): Promise<CallState[]> {
    const done = Promise.withResolvers<CallState[]>();
    const timer = setTimeout(
      () => done.reject(new Forgotten('no answer about earlier calls')),
      stateTimeoutMs,
    );
    const body = longsBody(
      ids.stateRequest,
      calls.map(({ id }) => id),
    );
    let asked = 0n;
    this.#enqueue({
      body,
      isContent: true,
      onPacked: (id) => {
        asked = id;
        this.#states.set(id, { calls, done });
      },
    });
    try {
      return await done.promise;
    } finally {
      clearTimeout(timer);
      this.#states.delete(asked);
    }
  }

  /** How long ago a call was written, in seconds by the server's clock. */
  ageS({ id }: Call): number {
    return this.#ids.ageS(id);
  }

  /** The server's time in seconds since the epoch, once it has answered anything. */
  serverTimeS(): number {
    return this.#ids.serverTimeS();
  }

  /** Takes in one payload of the connection. */
  take(payload: Buffer): void {
    try {
      const plain = open(this.key, payload);
      if (plain.readBigInt64LE(8) !== this.#id) throw new ProtocolError('a message of another session');
      for (const message of messagesOf(plain)) this.#skipOnError(() => this.#message(message));
    } catch (error) {
      if (!(error instanceof ProtocolError || error instanceof RangeError)) throw error;
      this.#events?.onBroken(error);
    }
  }

  /** The socket takes more. */
  drained(): void {
    this.#hasRoom = true;
    this.#flushSoon();
  }

  /** A message that is of no known form costs nothing but itself. */
  #skipOnError(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#events?.onSkipped(error as Error);
    }
  }

  #message({ id, sequence, body: packed }: IncomingMessage): void {
    if (id % 2n === 0n) throw new ProtocolError('a message with an even id');
    if (!this.#hasHeard) this.#heardFirst(id);
    else if (!this.#ids.isTimely(id)) throw new ProtocolError('a message of another time');
    if (sequence % 2 === 1) this.#acknowledge(id);
    if (!this.#seen.add(id)) return;
    const body = unpacked(packed);
    switch (body.readUInt32LE(0)) {
      case ids.rpcResult:
        return this.#result(body);
      case ids.pong:
        return this.#pong(body.readBigInt64LE(12));
      case ids.badSalt:
        this.#salt = body.readBigInt64LE(20);
        return this.#again(body.readBigInt64LE(4));
      case ids.badMessage:
        return this.#badMessage(body.readBigInt64LE(4), body.readInt32LE(16), id);
      case ids.newSession:
        return this.#newSession(body.readBigInt64LE(4), body.readBigInt64LE(20));
      case ids.stateInfo:
        return this.#states.get(body.readBigInt64LE(4))?.done.resolve([...tlBytes(body, 12)].map(callState));
      case ids.detailedInfo:
        return this.#wantAnswer(body.readBigInt64LE(12));
      case ids.newDetailedInfo:
        return this.#wantAnswer(body.readBigInt64LE(4));
      default: // Updates, which nobody asked for, and what concerns a server's own bookkeeping.
        if (!bookkeeping.has(body.readUInt32LE(0))) this.#events?.onPushed?.();
    }
  }

  #result(body: Buffer): void {
    const call = this.#calls.get(body.readBigInt64LE(4));
    if (!call) return;
    this.#calls.delete(call.id);
    let answer: Buffer;
    try {
      answer = unpacked(body.subarray(12));
      if (answer.readUInt32LE(0) === ids.rpcError) {
        const name = tlBytes(answer, 8).toString();
        return call.result.reject(new TelegramError(answer.readInt32LE(4), name, call.method));
      }
      call.result.resolve(call.request.readResult(new BinaryReader(answer)));
    } catch (error) {
      const { message } = error as Error;
      call.result.reject(new AnswerUnreadable(`the answer to ${call.method} is unreadable: ${message}`));
      throw error;
    }
  }

  #pong(pingId: bigint): void {
    this.#pongs.get(pingId)?.();
    this.#pongs.delete(pingId);
  }

  /** The server did not carry out a message, or a container with all that is in it: it goes out again, with a new id. */
  #again(id: bigint): void {
    const request = this.#states.get(id);
    if (request) {
      this.#states.delete(id);
      const body = longsBody(
        ids.stateRequest,
        request.calls.map((call) => call.id),
      );
      this.#enqueue({ body, isContent: true, onPacked: (again) => this.#states.set(again, request) });
    }
    for (const call of [...this.#calls.values()]) {
      if (call.id !== id && call.containerId !== id) continue;
      this.#calls.delete(call.id);
      this.#enqueueCall(call);
    }
  }

  #heardFirst(id: bigint): void {
    this.#hasHeard = true;
    this.#ids.adoptTimeOf(id);
    this.#events?.onServerTime?.(this.serverTimeS() * 1000);
  }

  #badMessage(id: bigint, code: number, serverId: bigint): void {
    if (clockDiffers.has(code)) this.#ids.adoptTimeOf(serverId);
    this.#again(id);
  }

  /** What was written before `firstId` the server has forgotten. */
  #newSession(firstId: bigint, salt: bigint): void {
    this.#salt = salt;
    for (const call of [...this.#calls.values()]) {
      // A server that names the container means what is in it, too.
      if (call.id >= firstId || call.containerId === firstId) continue;
      this.#calls.delete(call.id);
      call.result.reject(new Forgotten('Telegram began the session anew'));
    }
  }

  /** An answer was sent before, and did not arrive. */
  #wantAnswer(answerId: bigint): void {
    if (!this.#seen.has(answerId))
      this.#enqueue({ body: longsBody(ids.resendRequest, [answerId]), isContent: true });
  }

  #acknowledge(id: bigint): void {
    this.#acks.push(id);
    if (this.#acks.length >= ackAfter.messages) return this.#flushSoon();
    this.#ackTimer ??= setTimeout(() => this.#flush(), ackAfter.ms);
  }

  #enqueueCall(call: Call): void {
    const onPacked = (id: bigint, containerId: bigint) => {
      call.id = id;
      call.containerId = containerId;
      this.#calls.set(id, call);
    };
    this.#enqueue({ body: call.request.getBytes(), isContent: true, call, onPacked });
  }

  #enqueue(message: Outgoing & { readonly call?: Call }): void {
    this.#queue.push(message);
    this.#flushSoon();
  }

  /** What is called in one tick goes out together. */
  #flushSoon(): void {
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    queueMicrotask(() => this.#flush());
  }

  #flush(): void {
    this.#isFlushing = false;
    clearTimeout(this.#ackTimer);
    this.#ackTimer = undefined;
    while (this.#transport && this.#hasRoom && (this.#queue.length > 0 || this.#acks.length > 0))
      this.#hasRoom = this.#transport.write(this.#packets.pack(this.#takeBatch(), this.#salt));
  }

  /** As much of the queue as fits one packet, with the acknowledgements that are due. */
  #takeBatch(): Outgoing[] {
    const acks = this.#acks;
    this.#acks = [];
    const ackBody = acks.length > 0 ? [{ body: longsBody(ids.msgsAck, acks), isContent: false }] : [];
    return [...ackBody, ...this.#queue.splice(0, fittingCount(this.#queue))];
  }
}

function callState(byte: number): CallState {
  const state = byte & 7;
  return state === 4 ? 'received' : state === 2 || state === 3 ? 'not_received' : 'unknown';
}
