/** One TCP connection: frames in, key exchange or encrypted messages, frames out. Whatever is malformed closes it. */
import type { Socket } from 'node:net';
import type { Logger } from 'pino';
import { TlError } from '../tl/reader.ts';
import { signedInKey, type AuthKey, type AuthKeys } from './auth-keys.ts';
import type { Call } from './call.ts';
import { largeFrameBytes, type FrameOpener } from './frame-opener.ts';
import { FrameReader } from './frames.ts';
import { Handshake, type AgreedKey } from './handshake.ts';
import { FaultySocket, type SocketFault } from './faulty-socket.ts';
import { ServerMessageIds } from './message-ids.ts';
import { openMessage } from './message-key.ts';
import { takeMessage, type MessageConnection } from './messages.ts';
import type { RsaKey } from './rsa-key.ts';
import type { Session } from './session.ts';

const unknownAuthKey = -404;
/** How long a client has to close a connection that was refused. */
const refusedS = 10;

/** What the connections of one data centre share. */
export interface ConnectionContext {
  dc: number;
  /** Whether it is an address of the data centre for files alone. */
  isMedia: boolean;
  rsaKey: RsaKey;
  authKeys: AuthKeys;
  /** Opens the large frames of all of them. */
  opener: FrameOpener;
  log: Logger;
  /** The server's clock, in ms since 1970. */
  now: () => number;
  /** How connections misbehave at the moment. */
  socketFault: () => SocketFault | undefined;
  /** The transport error that a connection is refused with, asked for once at its first payload. */
  transportError: () => number | undefined;
  /**
   * Called once for each connection, when its first payload shows whose it is or it ended without one; `openedAt` is in
   * ms since 1970 by this machine's clock.
   */
  onConnection: (authKey: AuthKey | undefined, openedAt: number) => void;
  /** Called with each key that was agreed on at a data centre. */
  onAuthKey: (agreed: AgreedKey, dc: number) => void;
  onCall: (call: Call) => void;
}

/** Serves one socket until it closes. */
export class Connection implements MessageConnection {
  readonly context: ConnectionContext;
  readonly remoteAddress: string;
  readonly openedAt = Date.now();
  readonly #socket: Socket;
  readonly #faultySocket: FaultySocket;
  readonly #frames = new FrameReader();
  readonly #messageIds: ServerMessageIds;
  readonly #keys = new Set<AuthKey>();
  readonly #sessions = new WeakSet<Session>();
  /** Payloads that wait for the one before them to be opened. */
  readonly #arrived: Buffer[] = [];
  #isOpening = false;
  #isCounted = false;
  #isRefused = false;
  #handshake: Handshake | undefined;
  #disconnectTimer: NodeJS.Timeout | undefined;

  constructor(context: ConnectionContext, socket: Socket) {
    this.context = context;
    this.#socket = socket;
    this.remoteAddress = plainAddress(socket.remoteAddress);
    this.#messageIds = new ServerMessageIds(context.now);
    this.#faultySocket = new FaultySocket(socket, {
      fault: context.socketFault,
      onBytes: (chunk) => this.#take(chunk),
      onError: (error) => context.log.debug({ err: error }, 'connection failed'),
      onClose: () => this.#closed(),
    });
  }

  get localAddress(): { host: string; port: number } {
    return { host: plainAddress(this.#socket.localAddress), port: this.#socket.localPort ?? 0 };
  }

  get isOpen(): boolean {
    return this.#faultySocket.isOpen;
  }

  get isMedia(): boolean {
    return this.context.isMedia;
  }

  /** Writes one payload as a frame. */
  send(payload: Buffer): void {
    const framed = this.isOpen ? this.#frames.frame(payload) : undefined;
    if (framed) this.#faultySocket.write(framed);
  }

  /** Ends the connection at once. */
  cut(): void {
    this.#socket.destroy();
  }

  /** Ends the connection unless this is called again within so many seconds. */
  cutAfter(seconds: number): void {
    clearTimeout(this.#disconnectTimer);
    this.#disconnectTimer = setTimeout(() => this.cut(), Math.max(1, seconds) * 1000);
  }

  /** Whether a session is heard on this connection for the first time; notes it. */
  isNewFor(session: Session): boolean {
    if (this.#sessions.has(session)) return false;
    this.#sessions.add(session);
    return true;
  }

  #take(chunk: Buffer): void {
    if (this.#isRefused) return;
    this.#orCut(() => {
      this.#arrived.push(...this.#frames.push(chunk));
      this.#carryOut();
    });
  }

  /** In the order in which they came; one ahead is read while a large one is opened, and no more. */
  #carryOut(): void {
    while (!this.#isOpening && !this.#isRefused && !this.#socket.destroyed) {
      const payload = this.#arrived.shift();
      if (payload === undefined) break;
      this.#payload(payload);
    }
    if (this.#arrived.length > 0) this.#faultySocket.rest();
    else this.#faultySocket.goOn();
  }

  #orCut(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof TlError || error instanceof RangeError)) throw error;
      this.context.log.debug({ reason: error.message }, 'connection closed for a malformed frame');
      this.cut();
    }
  }

  #payload(payload: Buffer): void {
    if (payload.length < 24) throw new RangeError(`a payload of ${payload.length} bytes`);
    const isPlain = payload.readBigInt64LE(0) === 0n;
    const authKey = isPlain ? undefined : this.context.authKeys.find(payload.subarray(0, 8));
    if (!this.#isCounted) {
      this.#count(authKey);
      const transportError = this.context.transportError();
      if (transportError !== undefined) return this.#refuse(transportError);
    }
    if (isPlain) return this.#plain(payload);
    if (authKey?.dc !== this.context.dc) return this.#refuse(unknownAuthKey);
    if (payload.length < largeFrameBytes) {
      return this.#opened(authKey, openMessage(authKey.key, payload, 'client'));
    }
    this.#isOpening = true;
    void this.context.opener.open(authKey.key, payload).then((plain) => {
      this.#isOpening = false;
      if (this.#socket.destroyed) return;
      this.#orCut(() => {
        this.#opened(authKey, plain);
        this.#carryOut();
      });
    });
  }

  #count(authKey: AuthKey | undefined): void {
    this.#isCounted = true;
    this.context.onConnection(authKey, this.openedAt);
  }

  #refuse(transportError: number): void {
    this.#isRefused = true;
    const code = Buffer.alloc(4);
    code.writeInt32LE(transportError);
    this.send(code);
    this.cutAfter(refusedS);
    this.#socket.end();
  }

  #opened(authKey: AuthKey, plain: Buffer | undefined): void {
    if (!plain || plain.length < 32) throw new TlError('a message that its auth key does not open');
    if (!this.#keys.has(authKey)) this.#noteUse(authKey);
    takeMessage(this, authKey, plain);
  }

  #plain(payload: Buffer): void {
    const length = payload.readInt32LE(16);
    if (length < 4 || length > payload.length - 20) throw new TlError('a plain message with a wrong length');
    const { rsaKey, onAuthKey, now, dc } = this.context;
    this.#handshake ??= new Handshake(rsaKey, (agreed) => onAuthKey(agreed, dc), now);
    const answer = this.#handshake.answer(payload.subarray(20, 20 + length));
    const header = Buffer.alloc(20);
    header.writeBigInt64LE(this.#messageIds.next(true), 8);
    header.writeInt32LE(answer.length, 16);
    this.send(Buffer.concat([header, answer]));
  }

  /** A key that is used from two addresses at once is given up, as Telegram does. */
  #noteUse(authKey: AuthKey): void {
    this.#keys.add(authKey);
    const { addresses } = signedInKey(authKey);
    addresses.set(this.remoteAddress, (addresses.get(this.remoteAddress) ?? 0) + 1);
    if (addresses.size < 2) return;
    this.context.authKeys.refuse(signedInKey(authKey), 'AUTH_KEY_DUPLICATED');
    this.context.log.info({ addresses: [...addresses.keys()] }, 'an auth key is used from two addresses');
  }

  #closed(): void {
    clearTimeout(this.#disconnectTimer);
    if (!this.#isCounted) this.#count(undefined);
    for (const authKey of this.#keys) {
      const { addresses } = signedInKey(authKey);
      const left = (addresses.get(this.remoteAddress) ?? 1) - 1;
      if (left > 0) addresses.set(this.remoteAddress, left);
      else addresses.delete(this.remoteAddress);
    }
  }
}

function plainAddress(address = '127.0.0.1'): string {
  return address.replace(/^::ffff:/, '');
}
