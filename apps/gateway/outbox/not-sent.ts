/** What follows when an attempt did not send its message: it is tried again, it failed, or nobody will ever know. */
import type { Clock } from '../../kit/clock.ts';
import { Problem } from '../../kit/errors.ts';
import type { Logger } from '../../kit/log.ts';
import { reason, ReasonError, type Reason } from '../../kit/reason.ts';
import type { Cause } from '../model/reasons.ts';
import {
  AnswerUnclear,
  answerReason,
  isNotOffered,
  judge,
  notOfferedReason,
  OutcomeUnknown,
  TelegramError,
  Unreached,
  type Verdict,
} from '../model/telegram-error.ts';
import { gateCause, gateClass, GateClosed, gateReason } from '../pacing/gates.ts';
import { shownChat } from '../peers/resolver.ts';
import { isSendMethod, type Account } from '../model/account.ts';
import { asProblem } from '../storage/storage-trouble.ts';
import { failureOf, type Failure, type Outcome, type StoredMessage } from '../model/message.ts';
import { longer, longest, noTroubles, since, type Troubles } from '../model/troubles.ts';

export type NotSent = Exclude<Outcome, { status: 'sent' }>;
type Again = Extract<Outcome, { status: 'again' }> & { readonly troubles: Troubles };

const backoffMs = { first: 250, longest: 30_000 };

export interface NotSentDeps {
  readonly account: Pick<Account, 'succeededAt'>;
  readonly clock: Clock;
  readonly log: Logger;
  /** From 0 to 1; spreads what is tried again. */
  readonly random: () => number;
}

/** What `error` means for the message whose attempt it ended. */
export function notSent(deps: NotSentDeps, message: StoredMessage, error: unknown): NotSent {
  const now = deps.clock.now();
  const where = whereOf(message);
  if (error instanceof TelegramError) return refused(deps, message, error);
  // An upload that Telegram's servers failed for long: the connection is not to blame.
  if (error instanceof Unreached && error.cause instanceof TelegramError)
    return refused(deps, message, error.cause);
  const before = message.troubles ?? noTroubles;
  const again = (cause: Cause, failure: Failure, notBefore = now): Again => {
    const troubles = { ...before, reason: since(before, cause, now) };
    return { status: 'again', notBefore, maybeSent: false, failure, troubles };
  };
  if (error instanceof GateClosed) {
    const held = reason('message_held', { ...where, reason: gateReason(error.gate, now) });
    return again(gateCause(error.gate, now), failureOf(gateClass(error.gate), held), error.gate.until);
  }
  // What belongs to the connection waits for the connection, and not for the message.
  if (error instanceof Unreached) {
    const unreached = reason('message_unreached', { ...where, reason: whyOf(error) });
    const cause = reason('connection_lost', { reason: whyOf(error) });
    return again(cause, failureOf('telegram_unavailable', unreached));
  }
  if (error instanceof OutcomeUnknown) {
    const why = whyOf(error);
    const unanswered = reason('message_unanswered', { ...where, reason: why });
    const outcome = again(
      reason('unanswered', { reason: why }),
      failureOf('telegram_unavailable', unanswered),
    );
    const isOfMessage = error instanceof AnswerUnclear;
    return unlessAskedTooLong(deps, message, isOfMessage ? withPause(deps, outcome) : outcome, why);
  }
  const told = asProblem(error);
  if (told instanceof Problem) {
    const why = whyOf(error as Error);
    const unreadable = reason('files_unreadable', { ...where, reason: why });
    return withPause(
      deps,
      again(reason('storage_failed', { reason: why }), failureOf(told.class, unreadable)),
    );
  }
  deps.log.error({ err: error, id: message.id }, 'sending failed by an error of this service');
  return { status: 'failed', failure: failureOf('internal', reason('internal_error', where)) };
}

function whereOf({ id, chat }: StoredMessage) {
  return { id, chat: shownChat(chat) };
}

/** What an error says, by a reason where it has one. */
function whyOf(error: Error): string | Reason {
  return (
    (error instanceof ReasonError || error instanceof Problem ? error.reason : undefined) ?? error.message
  );
}

function refused(deps: NotSentDeps, message: StoredMessage, error: TelegramError): NotSent {
  const now = deps.clock.now();
  if (isMissing(error)) {
    return { status: 'failed', failure: failureOf('telegram_error', whatIsMissing(message, error)) };
  }
  const verdict = judge(error);
  const refusal = reason('telegram_refused', { ...whereOf(message), reason: answerReason(error) });
  const failure = failureOf(verdict.class, refusal);
  if (verdict.message === 'failed') return { status: 'failed', failure };
  const before = message.troubles ?? noTroubles;
  const values = { name: error.message, method: error.method ?? '', class: verdict.class };
  const troubles: Troubles = { ...before, reason: since(before, { code: 'telegram_error', values }, now) };
  // Of the account: it goes out once that is ready. Of a gate: once that opens, or its chat is no stranger's any more.
  const notBefore = verdict.gate?.scope === 'strangers' ? now : now + (verdict.gate?.waitMs ?? 0);
  const outcome: Again = { status: 'again', notBefore, maybeSent: false, failure, troubles };
  // A new link cures what is said of the account, and comes in its own time.
  if (verdict.message === 'waits' || verdict.account) return outcome;
  const paused = withPause(deps, outcome);
  if (verdict.message === 'again') return paused;
  const lasting = withLasting(paused, error, verdict, now);
  const isLasting = (lasting.troubles.lasting?.ms ?? 0) >= longest.lastingMs;
  if (isLasting && othersSucceed(deps, error, now)) return endedByError(message, error, refusal);
  return isSend(error) ? unlessAskedTooLong(deps, message, lasting, answerReason(error)) : lasting;
}

/** Whether the server lacks a method that sending takes. What a failing server (5xx) says of a send itself proves nothing. */
function isMissing(error: TelegramError): boolean {
  return isNotOffered(error) && (error.code < 500 || !isSend(error));
}

function whatIsMissing(message: StoredMessage, error: TelegramError): Reason {
  const isAlbum = (message.content.media?.length ?? 0) > 1;
  const code = isAlbum ? 'album_not_offered' : 'message_not_offered';
  return reason(code, { ...whereOf(message), reason: notOfferedReason(error) });
}

/** Whether the error is of the call that sends, and so says nothing about whether the message was sent. */
function isSend({ method }: TelegramError): boolean {
  return method === undefined || isSendMethod(method);
}

/** It is tried later; the pause grows with every failure of its own, and the jitter keeps many from coming back at once. */
function withPause({ random }: NotSentDeps, outcome: Again): Again {
  const { notBefore, troubles } = outcome;
  const pause = Math.min(backoffMs.first * 2 ** troubles.failures, backoffMs.longest);
  const later = notBefore + Math.round(pause * (0.5 + random() / 2));
  return { ...outcome, notBefore: later, troubles: { ...troubles, failures: troubles.failures + 1 } };
}

/** Counts how long the same error of a server has been answered, unless it is one that passes. */
function withLasting(outcome: Again, error: TelegramError, verdict: Verdict, now: number): Again {
  const { message: name, method = '', code } = error;
  if (verdict.passes || (code >= 0 && code < 500)) return outcome;
  const { lasting: before } = outcome.troubles;
  const isSame = before?.name === name && before.method === method;
  const span = longer(isSame ? before : undefined, now, isSend(error) ? 'askings' : 'uploads');
  return { ...outcome, troubles: { ...outcome.troubles, lasting: { ...span, name, method } } };
}

/** Whether other calls of the kind have succeeded lately: where none do, it is Telegram that fails, and not the message. */
function othersSucceed({ account }: NotSentDeps, { method = '' }: TelegramError, now: number): boolean {
  const succeededAt = account.succeededAt(method);
  return succeededAt !== undefined && Math.abs(now - succeededAt) <= longest.lastingMs;
}

function endedByError(message: StoredMessage, error: TelegramError, refusal: Reason): NotSent {
  const { method = '' } = error;
  const lasted = { reason: refusal, minutes: longest.lastingMs / 60_000, method };
  if (isSend(error) || message.maybeSent) return unknownOutcome(reason('error_lasted_unknown', lasted));
  return { status: 'failed', failure: failureOf('telegram_error', reason('error_lasted', lasted)) };
}

/** Perhaps sent: it is asked again, unless that has gone on for long enough. `last` is what was answered, if anything. */
function unlessAskedTooLong(
  deps: NotSentDeps,
  message: StoredMessage,
  outcome: Again,
  last: string | Reason,
): NotSent {
  const now = deps.clock.now();
  const unanswered = longer(outcome.troubles.unanswered, now, 'askings');
  if (unanswered.ms < longest.unansweredMs)
    return { ...outcome, maybeSent: true, troubles: { ...outcome.troubles, unanswered } };
  const hours = longest.unansweredMs / 3_600_000;
  return unknownOutcome(reason('never_answered', { ...whereOf(message), hours, reason: last }));
}

function unknownOutcome(why: Reason): NotSent {
  return { status: 'failed', failure: failureOf('outcome_unknown', why), maybeSent: true };
}
