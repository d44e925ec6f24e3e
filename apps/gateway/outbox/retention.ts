/** Forgets what was settled long ago: the message, its idempotency key, and its files where they were kept. */
import type { Clock } from '../../kit/clock.ts';
import type { Logger } from '../../kit/log.ts';
import type { Job, Ticker } from '../../kit/ticker.ts';
import type { Spool } from '../media/spool.ts';
import { spooledFilesOf } from '../model/message.ts';
import type { MessageAdmin } from '../storage/ledger.ts';

export interface RetentionDeps {
  readonly messageAdmin: MessageAdmin;
  readonly spool: Spool;
  readonly clock: Clock;
  readonly log: Logger;
  readonly ticker: Ticker;
  /** How long a settled message is kept. */
  readonly retainMs: number;
}

const everyMs = 10 * 60_000;
/** A wrong clock would forget what is not old: the time is waited for. */
const untoldMs = 1_000;
/** Small, with a pause after each, so that nobody who sends waits for long. */
const batch = { size: 200, pauseMs: 50 };

/** Purges now and every ten minutes until it is stopped. */
export function startRetention(deps: RetentionDeps): Job {
  const run = async () => {
    if (deps.clock.isTold === false) return untoldMs;
    return (await purge(deps)) ? batch.pauseMs : everyMs;
  };
  return deps.ticker.add('purging old messages', run, everyMs);
}

/** One batch; whether there may be more. Files go last: one that is left behind is swept at the next start. */
async function purge({ messageAdmin, spool, clock, log, retainMs }: RetentionDeps): Promise<boolean> {
  const purged = await messageAdmin.purge(clock.now() - retainMs, batch.size);
  await Promise.all(
    purged.flatMap(({ content }) => spooledFilesOf(content)).map((name) => spool.remove(name)),
  );
  if (purged.length > 0) log.info({ messages: purged.length }, 'purged messages that were settled long ago');
  return purged.length === batch.size;
}
