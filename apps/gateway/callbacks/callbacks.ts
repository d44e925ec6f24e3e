/**
 * Tells callers what became of their messages, by POSTs to the URLs they gave. What is due stands in the table; in
 * memory there is only what is being posted. A callback may come twice, with one id, but none is lost.
 */
import type { Clock } from '../../kit/clock.ts';
import type { Logger } from '../../kit/log.ts';
import { Signal } from '../../kit/signal.ts';
import type { StoredMessage } from '../model/message.ts';
import type { Answer, Post } from '../../kit/post.ts';
import { longestPausesMs, nextTryAt } from './schedule.ts';
import { signatureHeaders } from './sign.ts';
import type { CallbackTable, PendingCallback, Tried } from '../storage/tables.ts';

export interface CallbacksDeps {
  readonly table: CallbackTable;
  readonly post: Post;
  readonly clock: Clock;
  readonly log: Logger;
  /** The newest first; with none, what is due waits. */
  readonly secrets: readonly Buffer[];
  /** The state of a message as callers are shown it. */
  readonly shown: (message: StoredMessage) => Record<string, unknown>;
  /** Told what came of every try. */
  readonly onTried: (state: Tried['state']) => void;
}

export interface Callbacks {
  /** A message was settled. */
  nudge(): void;
  /** The time is known now, or another one than before: none waits for longer than its pause. @throws Problem storage_full */
  judgeTimes(): Promise<void>;
  /** Starts nothing more, gives what is being posted a moment to end, then cuts it off: it is posted again later. */
  stop(): Promise<void>;
}

/** How many are posted at the same time, and to one host: one that hangs leaves room for the others. */
const concurrency = { all: 32, host: 4 };
/** A host that is being posted to may have something else due meanwhile. */
const longestSleepMs = { idle: 60_000, posting: 5_000 };
/** What could not be written is posted again, but not at once. */
const pauseAfterErrorMs = 30_000;
const stopGraceMs = 2_000;

/** Posts until stopped. */
export function startCallbacks(deps: CallbacksDeps): Callbacks {
  const { table, clock } = deps;
  const log = deps.log.child({ part: 'callbacks' });
  const signal = new Signal(clock);
  const stopped = new AbortController();
  const cut = new AbortController();
  /** By webhook-id. */
  const active = new Map<string, { host: string; posting: Promise<void> }>();

  /** Starts what is due while there is room; answers when the next one will be. */
  const startDue = (): number => {
    const now = clock.now();
    for (const { host, dueAt } of table.hosts(concurrency.all + active.size + 1)) {
      if (dueAt > now) return dueAt;
      const busy = [...active.values()].filter((one) => one.host === host).length;
      // Those being posted are due as well, and stand first.
      const waiting = table.due(host, now, concurrency.host).filter(({ id }) => !active.has(id));
      for (const callback of waiting.slice(0, concurrency.host - busy)) {
        if (active.size >= concurrency.all) return Infinity;
        start(host, callback);
      }
    }
    return Infinity;
  };

  const start = (host: string, callback: PendingCallback) => {
    const posting = deliver(host, callback)
      .catch(async (error: unknown) => {
        if (cut.signal.aborted) return;
        log.error({ err: error, id: callback.message.id }, 'what came of a callback could not be written');
        await clock.sleep(pauseAfterErrorMs, stopped.signal).catch(() => {});
      })
      .finally(() => {
        active.delete(callback.id);
        signal.wake();
      });
    active.set(callback.id, { host, posting });
  };

  const deliver = async (host: string, callback: PendingCallback) => {
    const body = bodyOf(callback, deps.shown);
    const headers = signatureHeaders(deps.secrets, callback.id, body, clock.now());
    const answer = await deps.post({ url: callback.url, headers, body }, cut.signal);
    const tried = triedOf(callback, answer, clock);
    await table.tried(callback, tried);
    deps.onTried(tried.state);
    const facts = { id: callback.message.id, webhookId: callback.id, attempts: callback.attempts + 1 };
    logTried(log, { ...facts, host }, tried);
  };

  const loop = async () => {
    while (!stopped.signal.aborted) {
      const wakeAt = startDue();
      const longest = active.size > 0 ? longestSleepMs.posting : longestSleepMs.idle;
      await signal.sleep(Math.min(wakeAt - clock.now(), longest));
    }
  };

  const waiting = deps.secrets.length > 0 ? 0 : table.pending();
  if (waiting > 0) log.warn({ waiting }, 'callbacks wait for CALLBACK_SECRET, which is not set');
  const running = deps.secrets.length > 0 ? loop() : Promise.resolve();
  return {
    nudge: () => signal.wake(),
    judgeTimes: async () => {
      const now = clock.now();
      await Promise.all(longestPausesMs.map((ms, attempts) => table.dueByNow(attempts, now, now + ms)));
      signal.wake();
    },
    stop: async () => {
      stopped.abort();
      signal.wake();
      await running;
      const ended = Promise.all([...active.values()].map(({ posting }) => posting));
      const over = new AbortController();
      await Promise.race([ended, clock.sleep(stopGraceMs, over.signal).catch(() => {})]);
      over.abort();
      cut.abort();
      await ended;
    },
  };
}

/** As Standard Webhooks recommends it. */
function bodyOf({ message, settledAt }: PendingCallback, shown: CallbacksDeps['shown']): string {
  const { callback: _, ...data } = shown(message);
  const timestamp = new Date(settledAt).toISOString();
  return JSON.stringify({ type: `message.${message.status}`, timestamp, data });
}

function triedOf({ attempts, settledAt }: PendingCallback, answer: Answer, clock: Clock): Tried {
  if (answer.result === 'delivered') return { state: 'delivered' };
  const { error } = answer;
  if (answer.result === 'gone') return { state: 'stopped', error };
  const failed = { attempts: attempts + 1, settledAt, retryAfterMs: answer.retryAfterMs };
  const dueAt = nextTryAt(failed, clock.now(), Math.random(), clock.isTold);
  return dueAt === undefined ? { state: 'failed', error } : { state: 'pending', error, dueAt };
}

function logTried(log: Logger, facts: object, tried: Tried): void {
  switch (tried.state) {
    case 'delivered':
      return log.info(facts, 'callback delivered');
    case 'stopped':
      return log.warn(facts, `callback stopped by its receiver: ${tried.error}`);
    case 'failed':
      return log.error(facts, `callback given up: ${tried.error}`);
    case 'pending':
      return log.warn({ ...facts, dueAt: tried.dueAt }, `callback not delivered yet: ${tried.error}`);
  }
}
