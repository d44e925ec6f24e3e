/** One session of an auth key: numbers its messages and packs all that a tick has to say into one encrypted frame. */
import { signedInKey, type AuthKey } from './auth-keys.ts';
import { CallOrder } from './call-order.ts';
import { fillRandom } from './random-padding.ts';
import { SeenIds, type ServerMessageIds } from './message-ids.ts';
import { sealMessage } from './message-key.ts';
import { SentMessages, type ServerMessage } from './sent-messages.ts';

const container = 0x73f1f8dc;
const maxContainerMessages = 1000;
const maxContainerBytes = 1_000_000;
const messageHeaderBytes = 16;
/** How many messages wait for a client that is away before it has to ask for its updates. */
const keptWhileAway = 100;
/** How many failed calls are remembered, for calls that were to come after them. */
const failedCalls = 250;
const frameHeaderBytes = 16 + messageHeaderBytes;

/** Writes whole frames; a session speaks on the connection that it was last heard on. */
export interface FrameSink {
  /** The address that the client reached us at, which is one that works for it. */
  readonly localAddress: { host: string; port: number };
  /** The address that the client comes from. */
  readonly remoteAddress: string;
  readonly isOpen: boolean;
  send(frame: Buffer): void;
}

/** What a session must know about the world around it. */
export interface SessionOptions {
  id: bigint;
  authKey: AuthKey;
  messageIds: ServerMessageIds;
  /** The server's clock, in ms since 1970. */
  now: () => number;
  sink: FrameSink;
}

/** One session. */
export class Session {
  readonly id: bigint;
  readonly authKey: AuthKey;
  seen = new SeenIds();
  /** The client's message that it began with: of what is older nobody knows whether it came. */
  firstMsgId = 0n;
  /** What the sequence numbers of its calls are checked by; begun anew when the client puts its clock right. */
  calls = new CallOrder();
  sink: FrameSink;
  /** Whether new_session_created was sent; a session exists from its first message on, even one with a wrong salt. */
  isAnnounced = false;
  /** The API layer that the client announced in this session. */
  announcedLayer: number | undefined;
  /** Its initConnection was forgotten: no call is taken until another comes. */
  needsInit = false;
  /** The highest of our message ids that the client has acknowledged. */
  acknowledgedUpTo = 0n;
  /** Whether its last call asks for updates: not where it comes wrapped in invokeWithoutUpdates. */
  wantsUpdates = false;
  /** The calls that are being carried out; taken out when they are answered, or their answer is dropped. */
  readonly running = new Set<bigint>();
  /** The latest calls that were answered with an error. */
  failed = new SeenIds(failedCalls);
  /** What was sent and not yet acknowledged, for replays, for clients that ask again and for those that come back. */
  sent = new SentMessages();
  /** Whether updates were left out while the client was away. */
  hasMissedUpdates = false;
  readonly #messageIds: ServerMessageIds;
  readonly #now: () => number;
  #contentMessages = 0;
  #queue: ServerMessage[] = [];

  constructor(options: SessionOptions) {
    this.id = options.id;
    this.authKey = options.authKey;
    this.#messageIds = options.messageIds;
    this.#now = options.now;
    this.sink = options.sink;
  }

  /**
   * Queues one message and returns its id. `kind` is `answer` for what replies to a message of the client, `push`
   * for the rest; `needsAck` marks content-related messages; `replyTo` is the call that the message answers.
   */
  send(body: Buffer, kind: 'answer' | 'push', needsAck: boolean, replyTo?: bigint): bigint {
    const id = this.#messageIds.next(kind === 'answer');
    const sequence = this.#contentMessages * 2 + (needsAck ? 1 : 0);
    if (needsAck) this.#contentMessages++;
    const message: ServerMessage = { id, sequence, body, replyTo, place: 'any', isQueued: false };
    if (needsAck) this.sent.remember(message);
    this.#enqueue(message);
    return id;
  }

  /** Queues one message that clients take only in a frame of its own, such as bad_server_salt. */
  sendAlone(body: Buffer): void {
    const id = this.#messageIds.next(true);
    const sequence = this.#contentMessages * 2;
    this.#enqueue({ id, sequence, body, replyTo: undefined, place: 'alone', isQueued: false });
  }

  /** Sends a message again as it was, unless it is about to be written anyway. */
  sendAgain(message: ServerMessage): void {
    if (message.isQueued) return;
    message.place = 'again';
    this.#enqueue(message);
  }

  /** Forgets all but who and where the client is, as a server does that lost the session. */
  reset(): void {
    this.seen = new SeenIds();
    this.calls = new CallOrder();
    this.failed = new SeenIds(failedCalls);
    this.sent = new SentMessages();
    this.running.clear();
    this.#queue = [];
    this.#contentMessages = 0;
    this.acknowledgedUpTo = 0n;
  }

  /** The API layer of its answers: a session that announced none has the one that its key was last used with. */
  get layer(): number | undefined {
    return this.announcedLayer ?? signedInKey(this.authKey).layer;
  }

  /** Whether an update can be sent, or kept for a client that is away; notes where one is left out. */
  takesUpdate(): boolean {
    const isTaken = this.sink.isOpen || this.sent.size < keptWhileAway;
    if (!isTaken) this.hasMissedUpdates = true;
    return isTaken;
  }

  /** The salt that the client is to use at the moment. */
  get salt(): bigint {
    return this.authKey.salts.at(this.#now());
  }

  /** Forgets the answer to a call, and does not send it where it is not sent yet; undefined where there is none. */
  takeBack(callId: bigint): ServerMessage | undefined {
    const answer = this.sent.answerTo(callId);
    if (!answer) return undefined;
    this.sent.forget(answer.id);
    this.#queue = this.#queue.filter((queued) => queued !== answer);
    return answer;
  }

  /** Takes note of the client's acknowledgements. */
  acknowledge(ids: readonly bigint[]): void {
    for (const id of ids) {
      if (id > this.acknowledgedUpTo) this.acknowledgedUpTo = id;
      this.sent.forget(id);
    }
  }

  /** Writes what is queued, in as few frames as the bounds allow. */
  flush(): void {
    const queue = this.#queue;
    this.#queue = [];
    let batch: ServerMessage[] = [];
    let bytes = 0;
    const writeBatch = () => {
      if (batch.length > 0) this.#write(batch, bytes);
      batch = [];
      bytes = 0;
    };
    for (const message of queue) {
      message.isQueued = false;
      if (!this.sink.isOpen) continue;
      const size = message.body.length + messageHeaderBytes;
      const isFull = batch.length === maxContainerMessages || bytes + size > maxContainerBytes;
      if (isFull || message.place === 'alone') writeBatch();
      batch.push(message);
      bytes += size;
      if (message.place === 'alone') writeBatch();
    }
    writeBatch();
  }

  #enqueue(message: ServerMessage): void {
    if (this.#queue.length === 0) setImmediate(() => this.flush());
    message.isQueued = true;
    this.#queue.push(message);
  }

  #write(batch: readonly ServerMessage[], bytes: number): void {
    const isContainer = batch.length > 1 || batch[0]?.place === 'again';
    const length = frameHeaderBytes + (isContainer ? 8 + bytes : bytes - messageHeaderBytes);
    const padding = 12 + (-(length + 12) & 15);
    const plain = Buffer.allocUnsafe(length + padding);
    plain.writeBigInt64LE(this.salt, 0);
    plain.writeBigInt64LE(this.id, 8);
    let offset = 16;
    if (isContainer) {
      offset = writeHeader(plain, offset, this.#messageIds.next(true), this.#contentMessages * 2, 8 + bytes);
      plain.writeUInt32LE(container, offset);
      plain.writeInt32LE(batch.length, offset + 4);
      offset += 8;
    }
    for (const { id, sequence, body } of batch) {
      offset = writeHeader(plain, offset, id, sequence, body.length);
      offset += body.copy(plain, offset);
    }
    fillRandom(plain, length);
    this.sink.send(sealMessage(this.authKey.key, this.authKey.id, plain, 'server'));
  }
}

const sessionsByKey = new WeakMap<AuthKey, Map<bigint, Session>>();

/** The sessions of an auth key by their id. */
export function sessionsOf(authKey: AuthKey): Map<bigint, Session> {
  const sessions = sessionsByKey.get(authKey) ?? new Map<bigint, Session>();
  sessionsByKey.set(authKey, sessions);
  return sessions;
}

function writeHeader(plain: Buffer, at: number, id: bigint, sequence: number, length: number): number {
  plain.writeBigInt64LE(id, at);
  plain.writeInt32LE(sequence, at + 8);
  plain.writeInt32LE(length, at + 12);
  return at + messageHeaderBytes;
}
