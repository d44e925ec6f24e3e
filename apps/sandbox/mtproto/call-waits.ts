/**
 * Calls that are to be carried out after others (invokeAfterMsg, invokeAfterMsgs): they wait for these to end, whatever
 * connection, container or session of their key those come by.
 */
import type { AuthKey } from './auth-keys.ts';
import type { Call } from './call.ts';
import { sessionsOf } from './session.ts';

/** Why a call is not carried out: one before it failed, or did not end in time. */
export type WaitError = 'MSG_WAIT_FAILED' | 'MSG_WAIT_TIMEOUT';

interface Waiting {
  call: Call;
  ids: readonly bigint[];
  go: (error?: WaitError) => void;
  timer: NodeJS.Timeout;
}

/** How long a call waits for one that has not come, as it may over another connection, and for one that is running. */
const unknownMs = 2000;
const runningMs = 10_000;
const maxWaiting = 1000;

/** The waiting calls of one server. */
export class CallWaits {
  readonly #waiting = new Set<Waiting>();
  readonly #byAwaited = new Map<bigint, Set<Waiting>>();

  /** Calls `go` once: when all calls with these ids have succeeded, or with the reason why they will not. */
  after(call: Call, ids: readonly bigint[], go: (error?: WaitError) => void): void {
    const outcome = outcomeOf(call.session.authKey, ids);
    if (outcome === 'succeeded') return go();
    if (outcome === 'failed') return go('MSG_WAIT_FAILED');
    if (this.#waiting.size >= maxWaiting) return go('MSG_WAIT_TIMEOUT');
    const timer = setTimeout(() => this.#lookAgain(waiting), unknownMs);
    const waiting: Waiting = { call, ids, go, timer };
    this.#waiting.add(waiting);
    for (const id of ids) {
      const others = this.#byAwaited.get(id);
      if (others) others.add(waiting);
      else this.#byAwaited.set(id, new Set([waiting]));
    }
  }

  /** Lets go of those that waited for this call, which was answered. */
  ended({ messageId, session }: Call): void {
    if (this.#waiting.size === 0) return;
    for (const waiting of this.#byAwaited.get(messageId) ?? []) {
      if (waiting.call.session.authKey !== session.authKey) continue;
      const outcome = outcomeOf(session.authKey, waiting.ids);
      if (outcome === 'failed') this.#end(waiting, 'MSG_WAIT_FAILED');
      else if (outcome === 'succeeded') this.#end(waiting, undefined);
    }
  }

  /** Forgets all that wait. */
  close(): void {
    for (const { timer } of this.#waiting) clearTimeout(timer);
    this.#waiting.clear();
    this.#byAwaited.clear();
  }

  #lookAgain(waiting: Waiting): void {
    const isUnknown = outcomeOf(waiting.call.session.authKey, waiting.ids) === 'unknown';
    if (isUnknown) return this.#end(waiting, 'MSG_WAIT_TIMEOUT');
    waiting.timer = setTimeout(() => this.#end(waiting, 'MSG_WAIT_TIMEOUT'), runningMs - unknownMs);
  }

  /** The call goes on in a turn of its own, so that a long chain does not end on a deep stack. */
  #end(waiting: Waiting, error: WaitError | undefined): void {
    clearTimeout(waiting.timer);
    this.#waiting.delete(waiting);
    for (const id of waiting.ids) {
      const others = this.#byAwaited.get(id);
      others?.delete(waiting);
      if (others?.size === 0) this.#byAwaited.delete(id);
    }
    queueMicrotask(() => waiting.go(error));
  }
}

type Outcome = 'succeeded' | 'failed' | 'running' | 'unknown';

/** Of all these calls: one that failed decides, then one that did not come, then one that is running. */
function outcomeOf(authKey: AuthKey, ids: readonly bigint[]): Outcome {
  const outcomes = ids.map((id) => outcomeOfCall(authKey, id));
  const decisive = (['failed', 'unknown', 'running'] as const).find((outcome) => outcomes.includes(outcome));
  return decisive ?? 'succeeded';
}

function outcomeOfCall(authKey: AuthKey, id: bigint): Outcome {
  for (const { seen, running, failed } of sessionsOf(authKey).values()) {
    if (!seen.has(id)) continue;
    if (running.has(id)) return 'running';
    return failed.has(id) ? 'failed' : 'succeeded';
  }
  return 'unknown';
}
