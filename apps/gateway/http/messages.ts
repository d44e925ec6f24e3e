/** The messages the outbox keeps: looked at, retried and cancelled, one or all that match. */
import type Router from '@koa/router';
import type { RouterContext } from '@koa/router';
import type { Clock } from '../../kit/clock.ts';
import { Problem } from '../../kit/errors.ts';
import { shortened } from '../../kit/shorten.ts';
import type { Dispatcher } from '../outbox/dispatcher.ts';
import type { Spool } from '../media/spool.ts';
import { spooledFilesOf, type StoredMessage } from '../model/message.ts';
import type { Lanes, Ledger, MessageFilter, MessageAdmin } from '../storage/ledger.ts';
import { ownerSeenBy } from './access.ts';
import { messageAnswer } from './answers.ts';
import { takeBack, type TakeBackDeps } from './take-back.ts';
import { parseFields } from './fields.ts';
import * as queries from './queries.ts';
import type { PeerTable } from '../storage/tables.ts';

export interface MessagesDeps extends TakeBackDeps {
  readonly ledger: Ledger;
  readonly messageAdmin: MessageAdmin;
  readonly lanes: Lanes;
  readonly spool: Spool;
  readonly dispatcher: Dispatcher;
  readonly peers: PeerTable;
  readonly clock: Clock;
  readonly sandbox: boolean;
}

/** One request acts on so many at most; the answer says when there are more. */
const batch = { size: 500, most: 10_000 };
const queueFullRetrySeconds = 10;

export function addMessages(router: Router, deps: MessagesDeps): void {
  const { ledger, messageAdmin, lanes, dispatcher, peers, clock } = deps;
  const shown = (message: StoredMessage) => ({
    ...messageAnswer(dispatcher.withNotBefore(message), {
      selfId: peers.self()?.chatId,
      now: clock.now(),
      reason: dispatcher.reasonOf(message),
      ...(deps.sandbox && { sandbox: true }),
    }),
    ...(message.caller !== undefined && { caller: message.caller }),
  });

  router.get('/messages', async (ctx) => {
    const { limit, before, ...filter } = parseFields(queries.listQuery, ctx.query);
    const messages = await messageAdmin.list(filterOf(deps, ctx, filter), limit, before);
    ctx.body = {
      messages: messages.map((message) => ({
        ...shown(message),
        accepted_at: new Date(message.acceptedAt).toISOString(),
      })),
      next: messages.length === limit ? messages.at(-1)!.seq : null,
    };
  });

  router.get('/messages/:id', async (ctx) => {
    ctx.body = shown(await found(ledger, ctx));
  });

  router.post('/messages/retry', async (ctx) => {
    const { expires_in, ...filter } = parseFields(queries.retryAllQuery, ctx.query);
    const expiresAt = clock.now() + expires_in * 1000;
    const statuses = filter.status ? [filter.status] : (['failed', 'expired'] as const);
    requireFilter(filter, 'status=failed, status=expired');
    if (lanes.room === 0) throw queueFull();
    let [done, skipped, isMore] = [0, 0, false];
    for (const status of statuses) {
      const all = await forAll(deps, filterOf(deps, ctx, { ...filter, status }), async (messages) => {
        const ids = messages.filter((message) => hasFiles(deps, message)).map(({ id }) => id);
        return dispatcher.retry(ids.slice(0, lanes.room), expiresAt);
      });
      done += all.done;
      skipped += all.skipped;
      isMore ||= all.isMore || lanes.room === 0;
    }
    ctx.body = { ok: true, retried: done, skipped, more: isMore };
  });

  router.delete('/messages', async (ctx) => {
    const filter = parseFields(queries.cancelAllQuery, ctx.query);
    requireFilter(filter, 'status=queued');
    const all = await forAll(deps, filterOf(deps, ctx, { ...filter, status: 'queued' }), (messages) =>
      dispatcher.cancel(messages.map(({ id }) => id)),
    );
    ctx.body = { ok: true, cancelled: all.done, skipped: all.skipped, more: all.isMore };
  });

  router.post('/messages/:id/retry', async (ctx) => {
    const { expires_in } = parseFields(queries.retryQuery, ctx.query);
    const message = await found(ledger, ctx);
    const isOver = message.status === 'failed' || message.status === 'expired';
    if (!isOver) throw conflict(message, `${stateOf(message)}: only what failed or expired can be retried`);
    if (!hasFiles(deps, message)) throw conflict(message, 'its files are gone: send it anew');
    if (lanes.room === 0) throw queueFull();
    const [retried] = await dispatcher.retry([message.id], clock.now() + expires_in * 1000);
    if (!retried) throw conflict(message, 'somebody else retried it, or it was purged');
    ctx.status = 202;
    ctx.set('Location', `/messages/${message.id}`);
    ctx.body = shown(retried);
  });

  router.delete('/messages/:id', async (ctx) => {
    const message = await found(ledger, ctx);
    const [cancelled] = await dispatcher.cancel([message.id]);
    const kept = cancelled ?? (await ledger.find([message.id]))[0] ?? message;
    const now = (await takeBack(deps, kept)) ?? kept;
    if (now.status !== 'cancelled') {
      throw conflict(now, `${stateOf(now)}: only what is queued or scheduled can be cancelled`);
    }
    ctx.body = { ok: true, id: now.id, status: now.status, ...(deps.sandbox && { sandbox: true }) };
  });
}

/** Acts on all that match, a batch at a time; what `act` does not answer with was skipped. */
async function forAll(
  { messageAdmin }: MessagesDeps,
  filter: MessageFilter,
  act: (messages: StoredMessage[]) => Promise<StoredMessage[]>,
) {
  let [done, seen] = [0, 0];
  let before: number | undefined;
  while (seen < batch.most) {
    const messages = await messageAdmin.list(filter, batch.size, before);
    if (messages.length === 0) return { done, skipped: seen - done, isMore: false };
    done += (await act(messages)).length;
    seen += messages.length;
    before = messages.at(-1)!.seq;
  }
  const rest = await messageAdmin.list(filter, 1, before);
  return { done, skipped: seen - done, isMore: rest.length > 0 };
}

function filterOf(
  { peers }: MessagesDeps,
  ctx: RouterContext,
  filter: MessageFilter & { chat_id?: string | undefined },
): MessageFilter {
  const { status, chat_id } = filter;
  const chat = chat_id === 'me' ? (peers.self()?.chatId ?? 'me') : chat_id;
  return { status, chat, caller: ownerSeenBy(ctx) };
}

/** A slip must not act on everything. */
function requireFilter(filter: object, example: string): void {
  if (Object.values(filter).some((value) => value !== undefined)) return;
  throw new Problem('bad_request', `a filter is missing: give ${example} or chat_id`);
}

/** One of no known caller is shown to whoever has its id, as it was before callers were told apart. */
async function found(ledger: Ledger, ctx: RouterContext): Promise<StoredMessage> {
  const id = ctx.params.id!;
  const [message] = await ledger.find([id]);
  const owner = ownerSeenBy(ctx);
  if (message && (owner === undefined || (message.caller ?? owner) === owner)) return message;
  throw new Problem(
    'not_found',
    `there is no message ${shortened(id)}, or it was purged after its retention`,
  );
}

function hasFiles({ spool }: MessagesDeps, { content }: StoredMessage): boolean {
  return spooledFilesOf(content).every((name) => spool.has(name));
}

function stateOf({ status, maybeSent }: StoredMessage): string {
  if (status === 'queued' && maybeSent)
    return 'it may have been sent already, and is asked again until that is settled';
  const states = {
    queued: 'it is queued',
    sending: 'it is being sent',
    sent: 'it was sent',
    failed: 'it failed',
    expired: 'it has expired',
    cancelled: 'it was cancelled',
  };
  return states[status];
}

function conflict({ id }: StoredMessage, reason: string): Problem {
  return new Problem('conflict', `message ${id}: ${reason}`, { id });
}

function queueFull(): Problem {
  const detail = 'as many messages wait as may (QUEUE_LIMIT): ask again later';
  return new Problem('queue_full', detail, { retryAfter: queueFullRetrySeconds });
}
