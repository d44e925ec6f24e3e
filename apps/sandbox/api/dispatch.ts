/**
 * The way of every call: unwrap, count, faults, limits, method, answer. Methods that are not here answer as
 * Telegram answers methods that it does not have.
 */
import type { Logger } from 'pino';
import type { Account } from '../world/accounts.ts';
import type { Fault } from '../control/faults.ts';
import { signedInKey, type AuthKey } from '../mtproto/auth-keys.ts';
import type { Call } from '../mtproto/call.ts';
import { CallWaits } from '../mtproto/call-waits.ts';
import { isInParallel } from '../mtproto/parallel-use.ts';
import { forgetSession } from '../mtproto/service-messages.ts';
import type { SandboxState } from '../world/state.ts';
import { isServed, newestLayer, oldestLayer } from '../tl/layers.ts';
import { methodsByName } from '../tl/schema.ts';
import type { TlObject, TlValue } from '../tl/values.ts';
import { methods, openMethods } from './methods.ts';
import type { Method } from './method.ts';
import { withoutItem } from './omit-item.ts';
import { chatIdOf } from './peers.ts';
import { codeOf, RpcError, waitOf } from '../mtproto/rpc-error.ts';
import { unwrap } from './unwrap.ts';

/** The one method that may come before its client announced a layer: it comes unwrapped, from TDLib for one. */
const binding = 'auth.bindTempAuthKey';

/** Carries calls out. */
export interface Dispatcher {
  handle(call: Call): void;
  /** Forgets calls that a fault delays. */
  close(): void;
}

interface Prepared {
  call: Call;
  query: TlObject;
  name: string;
  account: Account;
  chatId: bigint | undefined;
  method: Method;
  /** The calls that must succeed before. */
  after: readonly bigint[];
}

/** A constructor that no layer has, with a field that stays unread. */
const unknownObject = Buffer.from('a7c0de7e00000000', 'hex');

/** A dispatcher over one sandbox's state. */
export function createDispatcher(state: SandboxState, log: Logger, takesParallelCalls = false): Dispatcher {
  const delayed = new Set<NodeJS.Timeout>();
  const waits = new CallWaits();

  function handle(call: Call): void {
    const prepared = prepare(call);
    if (!prepared) return;
    if (prepared.after.length === 0) return begin(prepared);
    waits.after(call, prepared.after, (error) => {
      if (error) refuse(call, prepared.name, error);
      else begin(prepared);
    });
  }

  function begin(prepared: Prepared): void {
    const { call, name, account, chatId } = prepared;
    state.report.countCall(call, account.id, name, chatId);
    if (account.frozenAt !== undefined && !reading.test(name)) return fail(prepared, 'FROZEN_METHOD_INVALID');
    if (state.faults.isDrained(call.connection.openedAt)) return fail(prepared, 'INTERNAL');
    const fault = state.faults.hit(name, chatId);
    if (!fault?.delay_ms) return afterDelay(prepared, fault);
    const timer = setTimeout(() => {
      delayed.delete(timer);
      afterDelay(prepared, fault);
    }, fault.delay_ms);
    delayed.add(timer);
  }

  function prepare(call: Call): Prepared | undefined {
    const { session } = call;
    const { query, layer, after } = unwrap(session, call.query);
    const name = query?._ ?? 'unknown';
    const method = methods[name];
    const authKey = signedInKey(session.authKey);
    authKey.activeAt = call.receivedAt;
    if (layer !== undefined && !isServed(layer)) return refuseLayer(call, layer);
    if (layer !== undefined) {
      session.announcedLayer = layer;
      state.authKeys.noteLayer(authKey, layer);
    }
    const isInited = session.layer !== undefined && !session.needsInit;
    if (!isInited && name !== binding) return refuse(call, name, 'CONNECTION_NOT_INITED');
    const signedIn = state.accounts.find(authKey.accountId);
    const account = signedIn ?? state.accounts.standard;
    if (!query || !methodsByName.has(name)) return refuse(call, name, 'INPUT_METHOD_INVALID');
    if (!method) {
      state.report.countMissing(name);
      log.warn({ method: name }, 'method not served');
      return refuse(call, name, 'METHOD_INVALID');
    }
    const refusal = openMethods[name] ? undefined : refusalOf(session.authKey, signedIn, name);
    if (refusal) return refuse(call, name, refusal);
    const isOfFiles = openMethods[name] !== undefined || name.startsWith('upload.');
    if (!isOfFiles && call.connection.isMedia) return refuse(call, name, 'METHOD_INVALID');
    if (!isOfFiles && !takesParallelCalls && isInParallel(call)) {
      state.authKeys.refuse(authKey, 'AUTH_KEY_DUPLICATED');
      log.info({ method: name }, 'an auth key is called with over two connections');
      return refuse(call, name, 'AUTH_KEY_DUPLICATED');
    }
    if (signedIn && session.wantsUpdates && !isOfFiles) signedIn.subscribers.add(session);
    return { call, query, name, account, chatId: peerIn(account, query), method, after };
  }

  function refuse(call: Call, name: string, error: string): undefined {
    state.report.countError(error);
    call.fail(codeOf(error), error);
    waits.ended(call);
    log.debug({ method: name, error }, 'call refused');
  }

  function refuseLayer(call: Call, layer: number): undefined {
    const error = 'CONNECTION_LAYER_INVALID';
    refuse(call, 'invokeWithLayer', error);
    const served = `${oldestLayer} to ${newestLayer}`;
    state.events.line('invokeWithLayer', undefined, `${error}: layer ${layer}, served ${served}`);
    log.warn({ layer, served }, 'a client announced a layer that is not served');
  }

  function afterDelay(prepared: Prepared, fault: Fault | undefined): void {
    const { call, name, chatId, account } = prepared;
    if (fault?.drop === 'before') return cut(prepared, 'before');
    if (fault?.forget_session === 'before') return forget(prepared);
    if (fault?.forget_init) {
      call.session.needsInit = true;
      return fail(prepared, 'CONNECTION_NOT_INITED');
    }
    if (fault?.move_to) {
      account.moveTo(fault.move_to);
      return fail(prepared, fault.error ?? `USER_MIGRATE_${fault.move_to}`);
    }
    if (fault?.error && !fault.carry_out) return conclude(prepared, fault, () => failBy(prepared, fault));
    const limit = state.limits.check(account.id, name, chatId, call.receivedAt);
    if (limit)
      return fail(prepared, `FLOOD_WAIT_${limit.seconds}`, { onlyChatId: limit.ofChat ? chatId : undefined });
    if (fault?.lose_part) return conclude(prepared, fault, () => answer(prepared, true, fault));
    run(prepared, fault);
  }

  function run(prepared: Prepared, fault: Fault | undefined): void {
    const { call, account, query } = prepared;
    const finish = (result: TlValue) => conclude(prepared, fault, () => answer(prepared, result, fault));
    const failed = (error: unknown) => {
      if (!(error instanceof RpcError)) log.error({ err: error, method: prepared.name }, 'method failed');
      const name = error instanceof RpcError ? error.message : 'INTERNAL_SERVER_ERROR';
      conclude(prepared, fault, () => fail(prepared, name));
    };
    try {
      const forgetsRandomIds = fault?.forget_random_ids;
      const result = prepared.method({ state, call, account, log, forgetsRandomIds }, query);
      if (result instanceof Promise) result.then(finish).catch(failed);
      else finish(result);
    } catch (error) {
      failed(error);
    }
  }

  /** Answers a call that is over, with what a fault makes of that. */
  function conclude(prepared: Prepared, fault: Fault | undefined, respond: () => void): void {
    if (fault?.forget_session === 'after') return forget(prepared);
    if (fault?.unknown_constructor === 'push') prepared.call.session.send(unknownObject, 'push', true);
    respond();
    if (fault?.drop === 'after') cut(prepared, 'after');
  }

  function answer(prepared: Prepared, result: TlValue, fault: Fault | undefined): void {
    const { call } = prepared;
    if (fault?.error) return failBy(prepared, fault);
    if (fault?.unknown_constructor === 'result') call.answerRaw(unknownObject);
    else call.answer(fault?.omit_item === undefined ? result : withoutItem(result, fault.omit_item));
    waits.ended(call);
  }

  function failBy(prepared: Prepared, { error = '', error_code: code, peer }: Fault): void {
    fail(prepared, error, { code, onlyChatId: peer === undefined ? undefined : prepared.chatId });
  }

  /** Answers an error; a wait that it announces holds for the method, or for `onlyChatId` alone. */
  function fail(
    { call, name, account, chatId }: Prepared,
    error: string,
    { code = codeOf(error), onlyChatId }: { code?: number | undefined; onlyChatId?: bigint | undefined } = {},
  ): void {
    state.report.countError(error);
    const answerId = call.fail(code, error);
    waits.ended(call);
    const wait = waitOf(error);
    if (wait && answerId !== undefined) {
      const reach = wait.ofChat ? chatId : onlyChatId;
      state.report.announceWait(call, {
        account: account.id,
        method: name,
        chatId: reach,
        seconds: wait.seconds,
        answerId,
      });
    }
    state.events.line(name, chatId, error);
    log.info({ method: name, chat_id: chatId?.toString(), error }, 'error answered');
  }

  function cut({ call, name, chatId }: Prepared, when: 'before' | 'after'): void {
    if (when === 'before') call.lose();
    else call.connection.cut();
    state.events.line(name, chatId, `connection cut ${when} the call`);
    log.info({ method: name, chat_id: chatId?.toString(), when }, 'connection cut');
  }

  function forget({ call, name, chatId }: Prepared): void {
    forgetSession(call.session);
    state.events.line(name, chatId, 'session forgotten');
    log.info({ method: name, chat_id: chatId?.toString() }, 'session forgotten');
  }

  return {
    handle,
    close() {
      waits.close();
      for (const timer of delayed) clearTimeout(timer);
      delayed.clear();
    },
  };
}

/** What an account may do where it does not live: pass files, and sign out. */
const elsewhere = /^(upload|help)\.|^auth\.(logOut|exportAuthorization)$/;

/** What a frozen account may do; Telegram names no list, but that it may look on. */
const reading =
  /^(auth|help|langpack|updates|upload)\.|\.(get|search|read|received|resolve|check|updateStatus|registerDevice)/;

/** Why a method of an account is refused to this key; the error's name. */
function refusalOf(authKey: AuthKey, account: Account | undefined, name: string): string | undefined {
  if (authKey.expiresAt !== undefined && !authKey.boundTo) return 'AUTH_KEY_PERM_EMPTY';
  const { refusal, passwordFor } = signedInKey(authKey);
  if (refusal) return refusal;
  if (!account) return passwordFor === undefined ? 'AUTH_KEY_UNREGISTERED' : 'SESSION_PASSWORD_NEEDED';
  if (account.dc !== authKey.dc && !elsewhere.test(name)) return `USER_MIGRATE_${account.dc}`;
  return undefined;
}

function peerIn(account: Account, query: TlObject): bigint | undefined {
  const peer = query.peer ?? query.toPeer;
  if (typeof peer !== 'object' || peer === null || !('_' in peer)) return undefined;
  return chatIdOf(account, peer);
}
