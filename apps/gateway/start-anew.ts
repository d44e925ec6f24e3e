/**
 * After a sync that failed, what the disk has kept is not known to this process, and it writes nothing any more. Once the
 * disk takes writes again it ends, and whoever keeps it running starts it anew on what is there.
 */
import type { Clock } from '../kit/clock.ts';
import type { Logger } from '../kit/log.ts';
import type { Release } from '../kit/release.ts';
import type { Spool } from './media/spool.ts';
import type { Lanes } from './storage/ledger.ts';

export interface Mending {
  readonly lanes: Pick<Lanes, 'storage'>;
  readonly spool: Pick<Spool, 'probe'>;
  readonly log: Logger;
  readonly clock: Clock;
  readonly release: Release;
  readonly startAnew: (reason: string) => void;
}

/** No more than ten starts in the 300 s for which systemd counts them. */
const pauseMs = 31_000;

/** Watches until `release` runs. */
export function startAnewOnceMended({ lanes, spool, log, clock, release, startAnew }: Mending): void {
  const stopped = new AbortController();
  release.push('watching the disk', () => stopped.abort());
  const isMended = async () => {
    if (lanes.storage().failure === undefined) return false;
    return spool.probe().then(
      () => true,
      () => false,
    );
  };
  const watch = async () => {
    do await clock.sleep(pauseMs, stopped.signal);
    while (!(await isMended()));
    log.warn('the disk takes writes again: starting anew');
    startAnew('the disk had failed');
  };
  watch().catch(
    (error: unknown) => stopped.signal.aborted || log.error({ err: error }, 'watching the disk failed'),
  );
}
