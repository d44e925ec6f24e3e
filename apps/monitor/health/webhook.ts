/** Notifies a webhook that an alert began or ended: once each, in order, retried while it cannot be reached. */
import type { Clock } from '../../kit/clock.ts';
import type { Logger } from '../../kit/log.ts';
import { createPost } from '../../kit/post.ts';
import { Signal } from '../../kit/signal.ts';
import type { Alerts, Notice } from './alerts.ts';
import type { Alert } from './alert-rules.ts';

export interface WebhookDeps {
  /** May hold a secret: it is never logged. Without one there is nothing to do. */
  readonly url: string | undefined;
  readonly alerts: Alerts;
  readonly labelOf: (service: string) => string;
  readonly clock: Clock;
  readonly log: Logger;
  /** Called with what came of each try. */
  readonly onTried: (outcome: 'delivered' | 'failed' | 'given_up') => void;
}

export interface Webhook {
  /** There is something new to send. */
  nudge(): void;
  stop(): Promise<void>;
}

/** What is POSTed as JSON, with the id also as the header `webhook-id`. */
export interface WebhookBody {
  readonly type: 'alert.began' | 'alert.ended';
  /** The same for every try, should an answer be lost. */
  readonly id: string;
  readonly service: string;
  readonly label: string;
  /** When it began or ended, ISO 8601 as the times below. */
  readonly at: string;
  /** The first check that was missed. */
  readonly since: string;
  /** How many checks were missed. */
  readonly misses: number;
  readonly reason: string;
  /** The same as diagnostics name it, such as `account_frozen`; null where it is none of the account. */
  readonly cause: Alert['cause'];
  /** All of it in one sentence, where chat services look for it. */
  readonly text: string;
}

/** An operator's own webhook may be at any address. */
const post = createPost({ isAllowed: () => true, timeoutMs: 10_000 });
const pauseMs = { first: 5_000, longest: 300_000 };
const giveUpMs = 24 * 3_600_000;
const idleMs = 3_600_000;

export function startWebhook(deps: WebhookDeps): Webhook {
  const { url, alerts, clock, log } = deps;
  const signal = new Signal(clock);
  const stopped = new AbortController();
  const run = async (address: string) => {
    while (!stopped.signal.aborted) {
      const notice = alerts.next;
      const waitMs = notice ? notice.dueAt - clock.now() : idleMs;
      if (notice && waitMs <= 0) await deliver(deps, address, notice, stopped.signal);
      else await signal.sleep(waitMs);
    }
  };
  const running = url === undefined ? Promise.resolve() : run(url);
  running.catch((error: unknown) => log.error({ err: error }, 'notices of alerts cannot be kept'));
  return {
    nudge: () => signal.wake(),
    stop: async () => {
      stopped.abort(new Error('stopped'));
      signal.wake();
      await running.catch(() => {});
    },
  };
}

async function deliver(deps: WebhookDeps, url: string, notice: Notice, stopped: AbortSignal): Promise<void> {
  const { alerts, clock, log, onTried } = deps;
  const body = bodyOf(notice, deps.labelOf(notice.service));
  const one = { url, headers: headersOf(body, clock.now()), body: JSON.stringify(body) };
  const answer = await post(one, stopped).catch(() => null);
  if (answer === null) return; // It was cut short by us: it stays due.
  if (answer.result === 'delivered') {
    onTried('delivered');
    return alerts.done(notice);
  }
  const facts = { notice: notice.id, attempts: notice.attempts + 1 };
  if (clock.now() - notice.madeAt >= giveUpMs) {
    onTried('given_up');
    log.error(facts, `the webhook was not reached for a day, and the alert is given up: ${answer.error}`);
    return alerts.done(notice);
  }
  onTried('failed');
  const waitMs = Math.min(pauseMs.first * 2 ** Math.min(notice.attempts, 20), pauseMs.longest);
  log.warn(facts, `the webhook has not taken the alert yet: ${answer.error}`);
  await alerts.postpone(notice, clock.now() + waitMs);
}

function headersOf({ id }: WebhookBody, now: number): Record<string, string> {
  return { 'webhook-id': id, 'webhook-timestamp': String(Math.floor(now / 1000)) };
}

export function bodyOf({ id, service, change }: Notice, label: string): WebhookBody {
  const { since, began_at, misses, reason, cause = null } = change.alert;
  const at = change.type === 'began' ? began_at : change.at;
  const text =
    change.type === 'began'
      ? `${label} has not answered ${misses} checks in a row, since ${since}: ${reason}`
      : `${label} answers again; it had not since ${since}: ${reason}`;
  return { type: `alert.${change.type}`, id, service, label, at, since, misses, reason, cause, text };
}
