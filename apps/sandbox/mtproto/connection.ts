/** One TCP connection: frames in, key exchange or encrypted messages, frames out. Whatever is malformed closes it. */
import type { Socket } from 'node:net';
import type { Logger } from 'pino';
import { TlError, TlReader } from '../tl/reader.ts';
import type { TlObject } from '../tl/values.ts';
import type { AuthKey, AuthKeys } from './auth-keys.ts';
import { Call } from './call.ts';
import { FrameReader } from './frames.ts';
import { Handshake, type OnAuthKey } from './handshake.ts';
import { containedIn, messageAt, unpackedBody, type IncomingMessage } from './incoming.ts';
import { problemOfMessageId, ServerMessageIds } from './message-ids.ts';
import { openMessage } from './message-key.ts';
import type { RsaKey } from './rsa-key.ts';
import { announceSession, refuseMessage, refuseSalt, serve, type ServiceHost } from './service-messages.ts';
import { Session, type FrameSink } from './session.ts';

const CONTAINER = 0x73f1f8dc;
const MSGS_ACK = 0x62d6b459;
const UNKNOWN_AUTH_KEY = -404;
const MAX_SESSIONS_PER_KEY = 200;
const MAX_UNSENT_BYTES = 8 * 1024 * 1024;

/** What the connections of one server share. */
export interface ConnectionContext {
  rsaKey: RsaKey;
  authKeys: AuthKeys;
  log: Logger;
  onAuthKey: OnAuthKey;
  onCall: (call: Call) => void;
}

/** Serves one socket until it closes. */
export class Connection implements FrameSink {
  private readonly context: ConnectionContext;
  private readonly socket: Socket;
  private readonly frames = new FrameReader();
  private readonly messageIds = new ServerMessageIds();
  private handshake: Handshake | undefined;
  private disconnectTimer: NodeJS.Timeout | undefined;

  constructor(context: ConnectionContext, socket: Socket) {
    this.context = context;
    this.socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.take(chunk));
    socket.on('drain', () => socket.resume());
    socket.on('error', (error) => context.log.debug({ err: error }, 'connection failed'));
    socket.on('close', () => clearTimeout(this.disconnectTimer));
  }

  /** The address that the client reached us at, which is one that works for it. */
  get localAddress(): { host: string; port: number } {
    const { localAddress = '127.0.0.1', localPort = 0 } = this.socket;
    return { host: localAddress.replace(/^::ffff:/, ''), port: localPort };
  }

  /** Writes one payload as a frame; reading pauses while the client does not take what it was sent. */
  send(payload: Buffer): void {
    if (!this.frames.transport || !this.socket.writable) return;
    this.socket.write(this.frames.transport.frame(payload));
    if (this.socket.writableLength > MAX_UNSENT_BYTES) this.socket.pause();
  }

  private take(chunk: Buffer): void {
    try {
      for (const payload of this.frames.push(chunk)) {
        if (this.socket.destroyed) return;
        this.payload(payload);
      }
    } catch (error) {
      if (!(error instanceof TlError || error instanceof RangeError)) throw error;
      this.context.log.debug({ reason: error.message }, 'connection closed for a malformed frame');
      this.socket.destroy();
    }
  }

  private payload(payload: Buffer): void {
    if (payload.length < 24) throw new RangeError(`a payload of ${payload.length} bytes`);
    if (payload.readBigInt64LE(0) === 0n) return this.plain(payload);
    const authKey = this.context.authKeys.find(payload.subarray(0, 8));
    if (!authKey) {
      const code = Buffer.alloc(4);
      code.writeInt32LE(UNKNOWN_AUTH_KEY);
      this.send(code);
      this.socket.end();
      return;
    }
    const plain = openMessage(authKey.key, payload, 'client');
    if (!plain || plain.length < 32) throw new TlError('a message that its auth key does not open');
    this.encrypted(authKey, plain);
  }

  private plain(payload: Buffer): void {
    const length = payload.readInt32LE(16);
    if (length < 4 || length > payload.length - 20) throw new TlError('a plain message with a wrong length');
    this.handshake ??= new Handshake(this.context.rsaKey, this.context.onAuthKey);
    const answer = this.handshake.answer(payload.subarray(20, 20 + length));
    const header = Buffer.alloc(20);
    header.writeBigInt64LE(this.messageIds.next(true), 8);
    header.writeInt32LE(answer.length, 16);
    this.send(Buffer.concat([header, answer]));
  }

  private encrypted(authKey: AuthKey, plain: Buffer): void {
    const salt = plain.readBigInt64LE(0);
    const message = messageAt(plain, 16, plain.length);
    const padding = plain.length - 32 - message.body.length;
    if (padding < 12 || padding > 1024) throw new TlError('wrong padding');
    const sessionId = plain.readBigInt64LE(8);
    const session = authKey.sessions.get(sessionId) ?? this.newSession(authKey, sessionId);
    session.sink = this;
    if (salt !== authKey.salt) return refuseSalt(session, message.id, message.sequence);
    const problem = problemOfMessageId(message.id, Date.now());
    if (problem) return refuseMessage(session, message.id, message.sequence, problem);
    if (!session.isAnnounced) announceSession(session, message.id);
    session.isAnnounced = true;
    this.messages(session, message);
  }

  /** Carries a message out; of a container the service messages first, so that acks count before the calls beside them. */
  private messages(session: Session, outer: IncomingMessage): void {
    const body = unpackedBody(outer.body);
    if (body.length < 4) throw new TlError('an empty message');
    if (body.readUInt32LE(0) !== CONTAINER) return this.single(session, outer.id, body);
    const calls: IncomingMessage[] = [];
    for (const message of containedIn(body)) {
      if (message.body.length >= 4 && this.isService(session, message)) continue;
      calls.push(message);
    }
    for (const { id, body: callBody } of calls) {
      if (this.socket.destroyed) return;
      this.single(session, id, callBody);
    }
  }

  private isService(session: Session, message: IncomingMessage): boolean {
    if (message.body.readUInt32LE(0) !== MSGS_ACK) return false;
    return serve(session, message.id, new TlReader(message.body).tlObject(), this.serviceHost(session));
  }

  private single(session: Session, id: bigint, body: Buffer): void {
    if (!session.seen.isNew(id)) return;
    const query = this.parsed(session, id, unpackedBody(body));
    if (!query || serve(session, id, query, this.serviceHost(session))) return;
    this.context.onCall(new Call(session, id, query, () => this.socket.destroy()));
  }

  /** The call's query; where it is no TL, the call is answered as Telegram does. */
  private parsed(session: Session, id: bigint, body: Buffer): TlObject | undefined {
    try {
      return new TlReader(body).tlObject();
    } catch (error) {
      if (!(error instanceof TlError)) throw error;
      const unknown = error.unknownConstructor;
      const reason = unknown === undefined ? 'INPUT_FETCH_FAIL' : `INPUT_METHOD_INVALID_${unknown}_0`;
      new Call(session, id, { _: 'unknown' }, () => {}).fail(400, reason);
      return undefined;
    }
  }

  private newSession(authKey: AuthKey, id: bigint): Session {
    for (const oldest of authKey.sessions.keys()) {
      if (authKey.sessions.size < MAX_SESSIONS_PER_KEY) break;
      authKey.sessions.delete(oldest);
    }
    const session = new Session({ id, authKey, messageIds: new ServerMessageIds(), sink: this });
    authKey.sessions.set(id, session);
    return session;
  }

  private serviceHost(session: Session): ServiceHost {
    return {
      disconnectAfter: (seconds) => {
        clearTimeout(this.disconnectTimer);
        this.disconnectTimer = setTimeout(() => this.socket.destroy(), Math.max(1, seconds) * 1000);
      },
      destroySession: (id) => session.authKey.sessions.delete(id),
    };
  }
}
