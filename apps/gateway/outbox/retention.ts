/** Forgets what was settled long ago: the message, its idempotency key, and its files where they were kept. */
import type { Clock } from '../../kit/clock.ts';
import type { Logger } from '../../kit/log.ts';
import type { Spool } from '../media/spool.ts';
import { spooledFilesOf } from '../model/message.ts';
import type { MessageAdmin } from '../storage/ledger.ts';

export interface RetentionDeps {
  readonly messageAdmin: MessageAdmin;
  readonly spool: Spool;
  readonly clock: Clock;
  readonly log: Logger;
  /** How long a settled message is kept. */
  readonly retainMs: number;
}

const everyMs = 10 * 60_000;
/** A wrong clock would forget what is not old: the time is waited for. */
const untoldMs = 1_000;
/** Small, with a pause after each, so that nobody who sends waits for long. */
const batch = { size: 200, pauseMs: 50 };

/** Purges now and every ten minutes until it is stopped. */
export function startRetention(deps: RetentionDeps): { stop(): Promise<void> } {
  const { clock, log } = deps;
  const stopped = new AbortController();
  const pause = (ms: number) => clock.sleep(ms, stopped.signal).catch(() => {});
  const loop = async () => {
    while (!stopped.signal.aborted) {
      if (clock.isTold === false) {
        await pause(untoldMs);
        continue;
      }
      const isMore = await purge(deps).catch((error: unknown) => {
        log.error({ err: error }, 'purging old messages failed');
        return false;
      });
      await pause(isMore ? batch.pauseMs : everyMs);
    }
  };
  const running = loop();
  return {
    stop: () => {
      stopped.abort();
      return running;
    },
  };
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
