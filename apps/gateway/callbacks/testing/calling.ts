/** Callbacks over a real database and real connections, on a clock that a test moves. */
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createLogger } from '../../../kit/log.ts';
import { manualClock } from '../../../kit/testing/manual-clock.ts';
import { plainText } from '../../model/formatted-text.ts';
import { openDatabase } from '../../storage/sqlite/database.ts';
import { openLedger } from '../../storage/sqlite/ledger.ts';
import { until } from '../../../testkit/until.ts';
import { temporaryFolder } from '../../../testkit/folder.ts';
import { createCallbackTable } from '../../storage/sqlite/callback-table.ts';
import { startCallbacks } from '../callbacks.ts';
import { createPost, type PostRules } from '../../../kit/post.ts';
import type { CallbackTable, Tried } from '../../storage/tables.ts';

export interface CallingOptions extends Partial<PostRules> {
  readonly secrets?: readonly Buffer[];
  /** Stands between the callbacks and their table. */
  readonly through?: (table: CallbackTable) => CallbackTable;
}

/** An outbox, and callbacks of what is settled in it; stopped when the test is over. */
export function startCalling(options: CallingOptions = {}) {
  const { secrets = [Buffer.alloc(32)], through = (table) => table, ...rules } = options;
  const clock = manualClock();
  const outcomes: Tried['state'][] = [];
  const db = openDatabase(join(temporaryFolder(), 'vestnik.db'), { isKept: false, clock });
  const { ledger, messageAdmin } = openLedger(db, { account: 'main', gateway: 'text' });
  const table = createCallbackTable(db, 'main', 'text');
  const callbacks = startCallbacks({
    table: through(table),
    clock,
    secrets,
    log: createLogger('test', 'fatal'),
    post: createPost({ isAllowed: () => true, ...rules }),
    shown: ({ id }) => ({ id }),
    onTried: (state) => outcomes.push(state),
  });
  onTestFinished(async () => {
    const stopping = callbacks.stop();
    await clock.advance(10_000);
    await stopping;
    db.close();
  });

  const find = async (id: string) => (await ledger.find([id]))[0]!;
  /** Accepts a message and lets it fail at once, or be sent. */
  const settle = async (id: string, callbackUrl: string, status: 'sent' | 'failed' = 'sent') => {
    const now = clock.now();
    await ledger.accept({
      id,
      chat: id,
      content: { texts: [plainText('a')], options: { callbackUrl } },
      randomIds: ['1'],
      idempotencyKey: undefined,
      fingerprint: 'f',
      acceptedAt: now,
      expiresAt: now + 60_000,
    }).durable;
    await settleAnew(id, status);
  };
  /** The same with a message that is queued. */
  const settleAnew = async (id: string, status: 'sent' | 'failed') => {
    const now = clock.now();
    const failure = { class: 'banned', detail: 'banned' } as const;
    const sent = { status: 'sent', messageIds: [1], sentAt: now } as const;
    await ledger.settle(await find(id), status === 'sent' ? sent : { status, failure }, now);
    callbacks.nudge();
  };
  /** How far the callback of a message is, once it has been tried so often. */
  const tried = async (id: string, attempts: number) => {
    const message = await until(`there were ${attempts} attempts`, async () => {
      const found = await find(id);
      return found.callback?.attempts === attempts && found;
    });
    return message.callback!;
  };
  /** Moves time to when the next callback is due. */
  const untilDue = async () => {
    const dueAt = table.hosts(1)[0]!.dueAt;
    await clock.advance(Math.max(0, dueAt - clock.now()));
  };
  return { clock, find, messageAdmin, table, outcomes, settle, settleAnew, tried, untilDue };
}
