/** MTProto's own messages (core.telegram.org/mtproto/service_messages): pings, acks, salts, states. */
import type { TlObject } from '../tl/values.ts';
import { bytesOf, TlWriter } from '../tl/writer.ts';
import type { IncomingMessage } from './incoming.ts';
import type { AuthKeys } from './auth-keys.ts';
import type { ServerMessage } from './sent-messages.ts';
import { sessionsOf, type Session } from './session.ts';

/** The connection that a service message came on, as far as such messages reach. */
export interface ServiceHost {
  readonly context: { authKeys: AuthKeys; now: () => number };
  /** Ends the connection unless this is called again within so many seconds. */
  cutAfter(seconds: number): void;
}

const rpcResult = 0xf35c6d01;
const maxSalts = 64;
/** An answer of this size is announced where the client did not ask for it itself. */
const largeBytes = 16 * 1024;

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
      const isGone = sessionId !== session.id && sessionsOf(session.authKey).delete(sessionId);
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
      session.send(bytesOf({ _: 'destroyAuthKeyOk' }), 'answer', true);
      return true;
    case 'msgsStateReq':
      reply(statesOf(session, messageId, message.msgIds as bigint[]));
      return true;
    case 'msgResendReq': {
      const asked = message.msgIds as bigint[];
      const found = asked.map((id) => session.sent.find(id));
      for (const sent of found) if (sent) session.sendAgain(sent);
      if (found.includes(undefined)) reply(statesOf(session, messageId, asked));
      return true;
    }
    case 'msgResendAnsReq': {
      const asked = message.msgIds as bigint[];
      const answers = asked.map((id) => session.sent.answerTo(id));
      for (const answer of answers) if (answer) session.sendAgain(answer);
      reply(statesOf(session, messageId, asked));
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

/** new_session_created: the server knows nothing of messages of this session that are older than `firstMsgId`. */
export function announceSession(session: Session, firstMsgId: bigint): void {
  session.firstMsgId = firstMsgId;
  session.isAnnounced = true;
  const uniqueId = BigInt.asIntN(64, session.id ^ firstMsgId);
  const object = { _: 'newSessionCreated', firstMsgId, uniqueId, serverSalt: session.salt };
  session.send(bytesOf(object), 'push', true);
}

/** Loses a session as servers do now and then; it begins anew above all that its client has sent. */
export function forgetSession(session: Session): void {
  const firstMsgId = session.seen.highest + 4n;
  session.reset();
  announceSession(session, firstMsgId);
}

/** Sends again what the client has not acknowledged, once it is back on another connection. */
export function resumeSession(session: Session): void {
  for (const message of session.sent.all()) remind(session, message);
  if (session.hasMissedUpdates) session.send(bytesOf({ _: 'updatesTooLong' }), 'push', true);
  session.hasMissedUpdates = false;
}

/** Sends a message again, or where it is large, the notice that it is there. */
export function remind(session: Session, message: ServerMessage): void {
  const { id: answerMsgId, replyTo: msgId, body } = message;
  if (body.length <= largeBytes) return session.sendAgain(message);
  const notice = { answerMsgId, bytes: body.length, status: 0 };
  const object =
    msgId === undefined ? { _: 'msgNewDetailedInfo', ...notice } : { _: 'msgDetailedInfo', msgId, ...notice };
  session.send(bytesOf(object), 'push', false);
}

/** bad_server_salt with the right salt, after which clients send the message again. */
export function refuseSalt(session: Session, badMsgId: bigint, badMsgSeqno: number): void {
  const object = { _: 'badServerSalt', badMsgId, badMsgSeqno, errorCode: 48, newServerSalt: session.salt };
  session.sendAlone(bytesOf(object));
}

/** bad_msg_notification. */
export function refuseMessage(session: Session, message: IncomingMessage, errorCode: number): void {
  const { id: badMsgId, sequence: badMsgSeqno } = message;
  const object = { _: 'badMsgNotification', badMsgId, badMsgSeqno, errorCode };
  session.sendAlone(bytesOf(object));
}

/** msgs_ack: the message has arrived. */
export function acknowledge(session: Session, messageId: bigint): void {
  session.send(bytesOf({ _: 'msgsAck', msgIds: [messageId] }), 'push', false);
}

function futureSalts(session: Session, reqMsgId: bigint, count: number, nowMs: number): TlObject {
  const coming = session.authKey.salts.coming(Math.min(Math.max(count, 1), maxSalts), nowMs);
  const salts = coming.map((salt) => ({ _: 'futureSalt', ...salt }));
  return { _: 'futureSalts', reqMsgId, now: Math.floor(nowMs / 1000), salts };
}

/** rpc_drop_answer: the call goes on, but its answer is not sent any more. */
function droppedAnswer(session: Session, callId: bigint): TlObject {
  if (session.running.delete(callId)) {
    const notice: TlObject = { _: 'rpcAnswerDroppedRunning' };
    session.send(resultBytes(callId, notice), 'answer', true, callId);
    return notice;
  }
  const answer = session.takeBack(callId);
  if (!answer) return { _: 'rpcAnswerUnknown' };
  return { _: 'rpcAnswerDropped', msgId: answer.id, seqNo: answer.sequence, bytes: answer.body.length };
}

const stateUnknown = 1;
const stateNotReceived = 2;
const stateNotYet = 3;
const stateReceived = 4;
const beingProcessedOrDone = 32;
const stateAnswered = 64;

/** msgs_state_info (core.telegram.org/mtproto/service_messages_about_messages). */
function statesOf(session: Session, reqMsgId: bigint, ids: readonly bigint[]): TlObject {
  const states = Buffer.from(ids.map((id) => stateOf(session, id)));
  return { _: 'msgsStateInfo', reqMsgId, info: states.toString('latin1') };
}

function stateOf({ seen, sent, running, firstMsgId }: Session, id: bigint): number {
  if (seen.has(id)) {
    const isAnswered = sent.answerTo(id) !== undefined;
    const isCall = isAnswered || running.has(id);
    return stateReceived + (isCall ? beingProcessedOrDone : 0) + (isAnswered ? stateAnswered : 0);
  }
  const isOfClient = (id & 3n) === 0n;
  if (!isOfClient || id < firstMsgId || seen.isTooOld(id)) return stateUnknown;
  return id > seen.highest ? stateNotYet : stateNotReceived;
}

function resultBytes(messageId: bigint, object: TlObject): Buffer {
  return new TlWriter().uint(rpcResult).long(messageId).object(object).finish();
}
