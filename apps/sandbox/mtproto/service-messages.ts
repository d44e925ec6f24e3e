/** MTProto's own messages (core.telegram.org/mtproto/service_messages): pings, acks, salts, states. */
import type { TlObject } from '../tl/values.ts';
import { bytesOf, TlWriter } from '../tl/writer.ts';
import type { IncomingMessage } from './incoming.ts';
import type { AuthKeys } from './auth-keys.ts';
import type { Session } from './session.ts';

/** The connection that a service message came on, as far as such messages reach. */
export interface ServiceHost {
  readonly context: { authKeys: AuthKeys; now: () => number };
  /** Ends the connection unless this is called again within so many seconds. */
  cutAfter(seconds: number): void;
}

const RPC_RESULT = 0xf35c6d01;
const MAX_SALTS = 64;

/** Carries out a service message. False where `message` is none, so that it is an API call. */
export function serve(session: Session, messageId: bigint, message: TlObject, host: ServiceHost): boolean {
  const reply = (object: TlObject) => session.send(bytesOf(object), 'answer', false);
  switch (message._) {
    case 'msgsAck':
      session.acknowledge(message.msgIds as bigint[]);
      return true;
    case 'pingDelayDisconnect':
      host.cutAfter(message.disconnectDelay as number);
      reply({ _: 'pong', msgId: messageId, pingId: message.pingId });
      return true;
    case 'ping':
      reply({ _: 'pong', msgId: messageId, pingId: message.pingId });
      return true;
    case 'getFutureSalts':
      reply(futureSalts(session, messageId, message.num as number, host.context.now()));
      return true;
    case 'destroySession': {
      const sessionId = message.sessionId as bigint;
      const isGone = sessionId !== session.id && session.authKey.sessions.delete(sessionId);
      reply({ _: isGone ? 'destroySessionOk' : 'destroySessionNone', sessionId });
      return true;
    }
    case 'rpcDropAnswer':
      session.send(
        resultBytes(messageId, droppedAnswer(session, message.reqMsgId as bigint)),
        'answer',
        true,
      );
      return true;
    case 'destroyAuthKey':
      host.context.authKeys.destroy(session.authKey);
      session.send(resultBytes(messageId, { _: 'destroyAuthKeyOk' }), 'answer', true);
      return true;
    case 'msgsStateReq':
      reply(statesOf(session, messageId, message.msgIds as bigint[]));
      return true;
    case 'msgResendReq': {
      const lost = (message.msgIds as bigint[]).filter((id) => !session.sendAgain(id));
      if (lost.length > 0) reply(statesOf(session, messageId, lost));
      return true;
    }
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
  const object = { _: 'newSessionCreated', firstMsgId, uniqueId, serverSalt: session.salt };
  session.send(bytesOf(object), 'push', true);
}

/** bad_server_salt with the right salt, after which clients send the message again. */
export function refuseSalt(session: Session, badMsgId: bigint, badMsgSeqno: number): void {
  const object = { _: 'badServerSalt', badMsgId, badMsgSeqno, errorCode: 48, newServerSalt: session.salt };
  session.send(bytesOf(object), 'answer', false);
}

/** bad_msg_notification. */
export function refuseMessage(session: Session, message: IncomingMessage, errorCode: number): void {
  const { id: badMsgId, sequence: badMsgSeqno } = message;
  const object = { _: 'badMsgNotification', badMsgId, badMsgSeqno, errorCode };
  session.send(bytesOf(object), 'answer', false);
}

/** msgs_ack: the message has arrived. */
export function acknowledge(session: Session, messageId: bigint): void {
  session.send(bytesOf({ _: 'msgsAck', msgIds: [messageId] }), 'push', false);
}

function futureSalts(session: Session, reqMsgId: bigint, count: number, nowMs: number): TlObject {
  const coming = session.authKey.salts.coming(Math.min(Math.max(count, 1), MAX_SALTS), nowMs);
  const salts = coming.map((salt) => ({ _: 'futureSalt', ...salt }));
  return { _: 'futureSalts', reqMsgId, now: Math.floor(nowMs / 1000), salts };
}

/** rpc_drop_answer: the call goes on, but its answer is not sent any more. */
function droppedAnswer(session: Session, callId: bigint): TlObject {
  if (session.running.delete(callId)) return { _: 'rpcAnswerDroppedRunning' };
  const answer = session.takeBack(callId);
  if (!answer) return { _: 'rpcAnswerUnknown' };
  return { _: 'rpcAnswerDropped', msgId: answer.id, seqNo: answer.sequence, bytes: answer.body.length };
}

const STATE_UNKNOWN = 1;
const STATE_NOT_YET = 3;
const STATE_RECEIVED = 4;
const STATE_ANSWERED = 64;

function statesOf(session: Session, reqMsgId: bigint, ids: readonly bigint[]): TlObject {
  const stateOf = (id: bigint) => {
    if (!session.seen.has(id)) return id > session.seen.highest ? STATE_NOT_YET : STATE_UNKNOWN;
    return STATE_RECEIVED + (session.sent.answerTo(id) === undefined ? 0 : STATE_ANSWERED);
  };
  const states = Buffer.from(ids.map(stateOf));
  return { _: 'msgsStateInfo', reqMsgId, info: states.toString('latin1') };
}

function resultBytes(messageId: bigint, object: TlObject): Buffer {
  return new TlWriter().uint(RPC_RESULT).long(messageId).object(object).finish();
}
