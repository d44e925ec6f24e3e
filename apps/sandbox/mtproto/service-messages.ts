/** MTProto's own messages (core.telegram.org/mtproto/service_messages): pings, acks, salts, states. */
import type { TlObject } from '../tl/values.ts';
import { bytesOf, TlWriter } from '../tl/writer.ts';
import type { Session } from './session.ts';

/** What service messages may do to the connection that they came on. */
export interface ServiceHost {
  /** Ends the connection unless this is called again within so many seconds. */
  disconnectAfter(seconds: number): void;
  /** Forgets a session of this auth key; tells whether there was one. */
  destroySession(id: bigint): boolean;
}

const RPC_RESULT = 0xf35c6d01;
const SALT_VALID_S = 3600;
const MAX_SALTS = 64;

/** Carries out a service message. False where `message` is none, so that it is an API call. */
export function serve(session: Session, messageId: bigint, message: TlObject, host: ServiceHost): boolean {
  const reply = (object: TlObject) => session.send(bytesOf(object), 'answer', false);
  switch (message._) {
    case 'msgsAck':
      session.acknowledge(message.msgIds as bigint[]);
      return true;
    case 'pingDelayDisconnect':
      host.disconnectAfter(message.disconnectDelay as number);
      reply({ _: 'pong', msgId: messageId, pingId: message.pingId });
      return true;
    case 'ping':
      reply({ _: 'pong', msgId: messageId, pingId: message.pingId });
      return true;
    case 'getFutureSalts':
      reply(futureSalts(session, messageId, message.num as number));
      return true;
    case 'destroySession': {
      const sessionId = message.sessionId as bigint;
      const isGone = sessionId !== session.id && host.destroySession(sessionId);
      reply({ _: isGone ? 'destroySessionOk' : 'destroySessionNone', sessionId });
      return true;
    }
    case 'rpcDropAnswer':
      session.send(resultBytes(messageId, { _: 'rpcAnswerUnknown' }), 'answer', true);
      return true;
    case 'msgsStateReq':
    case 'msgResendReq':
      reply(statesOf(session, messageId, message.msgIds as bigint[]));
      return true;
    case 'httpWait':
    case 'msgsStateInfo':
    case 'msgsAllInfo':
      return true;
    default:
      return false;
  }
}

/** new_session_created, which tells a client that the server knows nothing of earlier messages of this session. */
export function announceSession(session: Session, firstMsgId: bigint): void {
  const uniqueId = BigInt.asIntN(64, session.id ^ firstMsgId);
  const object = { _: 'newSessionCreated', firstMsgId, uniqueId, serverSalt: session.authKey.salt };
  session.send(bytesOf(object), 'push', true);
}

/** bad_server_salt with the right salt, after which clients send the message again. */
export function refuseSalt(session: Session, badMsgId: bigint, badMsgSeqno: number): void {
  const newServerSalt = session.authKey.salt;
  const object = { _: 'badServerSalt', badMsgId, badMsgSeqno, errorCode: 48, newServerSalt };
  session.send(bytesOf(object), 'answer', false);
}

/** bad_msg_notification. */
export function refuseMessage(
  session: Session,
  badMsgId: bigint,
  badMsgSeqno: number,
  errorCode: number,
): void {
  const object = { _: 'badMsgNotification', badMsgId, badMsgSeqno, errorCode };
  session.send(bytesOf(object), 'answer', false);
}

function futureSalts(session: Session, reqMsgId: bigint, count: number): TlObject {
  const now = Math.floor(Date.now() / 1000);
  const salts = Array.from({ length: Math.min(Math.max(count, 1), MAX_SALTS) }, (_, index) => ({
    _: 'futureSalt',
    validSince: now + index * SALT_VALID_S,
    validUntil: now + (index + 1) * SALT_VALID_S,
    salt: session.authKey.salt,
  }));
  return { _: 'futureSalts', reqMsgId, now, salts };
}

/** 4: received; 1: nothing is known of the message. */
function statesOf(session: Session, reqMsgId: bigint, ids: readonly bigint[]): TlObject {
  const states = Buffer.from(ids.map((id) => (session.seen.has(id) ? 4 : 1)));
  return { _: 'msgsStateInfo', reqMsgId, info: states.toString('latin1') };
}

function resultBytes(messageId: bigint, object: TlObject): Buffer {
  return new TlWriter().uint(RPC_RESULT).long(messageId).object(object).finish();
}
