/** The messages inside encrypted frames: checked as Telegram checks them, taken out of containers, and carried out. */
import { isServed } from '../tl/layers.ts';
import { TlError, TlReader } from '../tl/reader.ts';
import type { TlObject } from '../tl/values.ts';
import type { AuthKey } from './auth-keys.ts';
import { Call, type CallConnection } from './call.ts';
import { CallOrder } from './call-order.ts';
import { containedIn, messageAt, unpackedBody, type IncomingMessage } from './incoming.ts';
import { problemOfMessageId, ServerMessageIds } from './message-ids.ts';
import {
  acknowledge,
  announceSession,
  refuseMessage,
  refuseSalt,
  remind,
  resumeSession,
  serve,
  type ServiceHost,
} from './service-messages.ts';
import { Session, sessionsOf, type FrameSink } from './session.ts';

const container = 0x73f1f8dc;
const msgsAck = 0x62d6b459;
const invokeWithLayer = 0xda9b0d0d;
const maxSessionsPerKey = 200;

/** Codes of bad_msg_notification (core.telegram.org/mtproto/service_messages_about_messages). */
const ofTheFuture = 17;
const repeatedContainer = 19;
const tooOld = 20;
const notEven = 34;
const notOdd = 35;
const badContainer = 64;

/** The connection that a message came on. */
export interface MessageConnection extends FrameSink, CallConnection, ServiceHost {
  readonly context: ServiceHost['context'] & { onCall: (call: Call) => void };
  /** Whether a session is heard on it for the first time; notes it. */
  isNewFor(session: Session): boolean;
}

/** Carries out what a decrypted frame holds. Throws TlError where it is malformed. */
export function takeMessage(connection: MessageConnection, authKey: AuthKey, plain: Buffer): void {
  const salt = plain.readBigInt64LE(0);
  const message = messageAt(plain, 16, plain.length);
  const padding = plain.length - 32 - message.body.length;
  if (padding < 12 || padding > 1024) throw new TlError('wrong padding');
  const sessionId = plain.readBigInt64LE(8);
  const session = sessionsOf(authKey).get(sessionId) ?? newSession(connection, authKey, sessionId);
  session.sink = connection;
  if (!authKey.salts.holds(salt, connection.context.now()))
    return refuseSalt(session, message.id, message.sequence);
  const problem = problemOfMessageId(message.id, connection.context.now());
  if (problem === ofTheFuture) session.calls = new CallOrder();
  if (problem) return refuseMessage(session, message, problem);
  const body = unpackedBody(message.body);
  if (body.length < 4) throw new TlError('an empty message');
  const isContainer = body.readUInt32LE(0) === container;
  const contents = isContainer ? contentsOf(session, message, body) : [{ ...message, body }];
  if (typeof contents === 'number') return refuseMessage(session, message, contents);
  if (!session.isAnnounced) announceSession(session, lowestIdIn(contents) ?? message.id);
  carryOut(connection, session, contents);
}

/** The acks go first, so that they count before the calls beside them, and before what is sent again. */
function carryOut(
  connection: MessageConnection,
  session: Session,
  messages: readonly IncomingMessage[],
): void {
  const rest: IncomingMessage[] = [];
  for (const message of messages) {
    const isAck = message.body.length >= 4 && message.body.readUInt32LE(0) === msgsAck;
    if (!isAck) rest.push(message);
    else if (session.seen.isNew(message.id))
      serve(session, message.id, new TlReader(message.body).tlObject(), connection);
  }
  if (connection.isNewFor(session)) resumeSession(session);
  for (const message of rest) {
    if (!connection.isOpen) return;
    single(connection, session, message, unpackedBody(message.body));
  }
}

/** The messages of a container, or the code of what is wrong with it. */
function contentsOf(session: Session, outer: IncomingMessage, body: Buffer): IncomingMessage[] | number {
  if (outer.sequence % 2 !== 0) return notEven;
  if (session.seen.isTooOld(outer.id)) return tooOld;
  if (!session.seen.isNew(outer.id)) return repeatedContainer;
  return goodContents(body, outer.id) ?? badContainer;
}

function lowestIdIn(messages: readonly IncomingMessage[]): bigint | undefined {
  let lowest = messages[0]?.id;
  for (const { id } of messages) if (lowest === undefined || id < lowest) lowest = id;
  return lowest;
}

/** The messages of a container, unless one does not fit, is no older than the container, or is one itself. */
function goodContents(body: Buffer, outerId: bigint): IncomingMessage[] | undefined {
  try {
    const inner = containedIn(body);
    const isGood = ({ id, body: own }: IncomingMessage) =>
      id < outerId && (own.length < 4 || own.readUInt32LE(0) !== container);
    return inner.every(isGood) ? inner : undefined;
  } catch (error) {
    if (!(error instanceof TlError)) throw error;
    return undefined;
  }
}

function single(
  connection: MessageConnection,
  session: Session,
  message: IncomingMessage,
  body: Buffer,
): void {
  const { id } = message;
  if ((id & 3n) !== 0n) return refuseMessage(session, message, 18);
  if (session.seen.isTooOld(id)) return refuseMessage(session, message, tooOld);
  if (!session.seen.isNew(id)) return replayed(session, id);
  const query = parsed(connection, session, id, body);
  if (!query || serve(session, id, query, connection)) return;
  const problem = message.sequence % 2 === 0 ? notOdd : session.calls.take(id, message.sequence);
  if (problem) {
    session.seen.forget(id);
    return refuseMessage(session, message, problem);
  }
  connection.context.onCall(new Call(session, id, query, connection));
}

/** A message that came before is not carried out again: its answer is sent once more, or its arrival confirmed. */
function replayed(session: Session, id: bigint): void {
  const answer = session.sent.answerTo(id);
  if (answer) remind(session, answer);
  else acknowledge(session, id);
}

/**
 * The call's query; where it is not TL, the call is answered as Telegram does. What comes in a layer that is not served
 * may well not be, and is refused for its layer.
 */
function parsed(
  connection: MessageConnection,
  session: Session,
  id: bigint,
  body: Buffer,
): TlObject | undefined {
  try {
    return new TlReader(body).tlObject();
  } catch (error) {
    if (!(error instanceof TlError)) throw error;
    const layer =
      body.length >= 8 && body.readUInt32LE(0) === invokeWithLayer ? body.readInt32LE(4) : undefined;
    if (layer !== undefined && !isServed(layer)) return { _: 'invokeWithLayer', layer };
    const unknown = error.unknownConstructor;
    const reason = unknown === undefined ? 'INPUT_FETCH_FAIL' : `INPUT_METHOD_INVALID_${unknown}_0`;
    new Call(session, id, { _: 'unknown' }, connection).fail(400, reason);
    return undefined;
  }
}

function newSession(connection: MessageConnection, authKey: AuthKey, id: bigint): Session {
  const sessions = sessionsOf(authKey);
  if (sessions.size >= maxSessionsPerKey) {
    const all = [...sessions.values()];
    const given = all.find(({ sink }) => !sink.isOpen) ?? all[0]!;
    sessions.delete(given.id);
  }
  const { now } = connection.context;
  const session = new Session({ id, authKey, messageIds: new ServerMessageIds(now), now, sink: connection });
  sessions.set(id, session);
  return session;
}
