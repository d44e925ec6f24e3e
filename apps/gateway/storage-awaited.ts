/**
 * A gateway that finds its storage out of work when it starts, as on a full disk, does not give up: it answers over HTTP
 * what is wrong, and starts as soon as that has passed.
 */
import type Koa from 'koa';
import { createApp, type Listening } from '../kit/app.ts';
import type { Clock } from '../kit/clock.ts';
import type { Problem } from '../kit/errors.ts';
import type { Logger } from '../kit/log.ts';
import { reason, reasonOf } from '../kit/reason.ts';
import { Release } from '../kit/release.ts';
import { checked } from './http/check.ts';
import { createDiskRoom, diskFull } from './storage/disk-room.ts';
import { passingTrouble } from './storage/storage-trouble.ts';

const pauseMs = 2_000;

export interface Awaited {
  readonly dataDir: string;
  readonly sandbox: boolean;
  readonly log: Logger;
  readonly clock: Clock;
  readonly release: Release;
  readonly listen: (app: Koa) => Promise<Listening>;
}

/** What `open` opens, once the storage works; closed by `release`. @throws what `open` fails with for good */
export async function untilStorageWorks<T>(
  open: (release: Release) => Promise<T>,
  awaited: Awaited,
): Promise<T> {
  const { log, clock, release } = awaited;
  const stopped = new AbortController();
  release.push('waiting for the storage', () => stopped.abort());
  let trouble: Problem | undefined;
  let listening: Listening | undefined;
  for (;;) {
    const opened = new Release();
    try {
      const value = await open(opened);
      if (trouble) log.info('the storage works again: starting');
      await listening?.close();
      release.push('storage', () => opened.run(log));
      return value;
    } catch (error) {
      await opened.run(log);
      const found = troubleOf(error, awaited.dataDir);
      if (!found || stopped.signal.aborted) {
        await listening?.close();
        throw error;
      }
      if (found.message !== trouble?.message) log.error({ err: error }, `cannot start yet: ${found.message}`);
      trouble = found;
      if (!listening) {
        listening = await awaited.listen(waitingApp(awaited, () => trouble!));
        release.push('waiting http', () => listening!.close());
      }
      await clock.sleep(pauseMs, stopped.signal);
    }
  }
}

function troubleOf(error: unknown, dataDir: string): Problem | undefined {
  const trouble = passingTrouble(error);
  if (!trouble || trouble.class === 'storage_full') return trouble;
  try {
    return createDiskRoom(dataDir).isFull() ? diskFull(error) : trouble; // SQLite may call a full disk a failing one.
  } catch {
    return trouble;
  }
}

const unknown = checked(false, reason('storage_unasked'));

function waitingApp({ log, sandbox }: Awaited, trouble: () => Problem): Koa {
  const app = createApp({ log, errorExtras: sandbox ? { sandbox } : {} });
  return app.use((ctx) => {
    const problem = trouble();
    if (ctx.path !== '/health') throw problem;
    const storage = checked(false, reasonOf(problem));
    ctx.status = 503;
    ctx.body = {
      status: 'down',
      sandbox,
      account_state: null,
      last_sent_at: null,
      reasons: [storage.detail],
      causes: [storage.reason],
      checks: {
        telegram: unknown,
        authorized: unknown,
        cache: unknown,
        queue: unknown,
        storage,
      },
    };
  });
}
