/** What follows when Telegram has told its time: the times on disk are judged by it, and the log says by how much a clock is wrong. */
import type { Logger } from '../kit/log.ts';
import type { SteadyClock } from '../kit/steady-clock.ts';

export interface KnownTimeDeps {
  readonly clock: SteadyClock;
  readonly log: Logger;
  /** @throws Problem where it cannot be written */
  readonly judge: (byMs: number) => Promise<void>;
}

const pauseAfterErrorMs = 5_000;

/** Judges each time that the clock is told, and again while it cannot be written, until stopped. */
export function startKnownTime({ clock, log, judge }: KnownTimeDeps): { stop(): Promise<void> } {
  const stopped = new AbortController();
  const judgeUntilWritten = async (byMs: number) => {
    while (!stopped.signal.aborted) {
      try {
        return await judge(byMs);
      } catch (error) {
        log.error({ err: error }, 'the times on disk could not be judged');
        await clock.sleep(pauseAfterErrorMs, stopped.signal).catch(() => {});
      }
    }
  };
  let running = Promise.resolve();
  clock.onTold((byMs) => {
    const seconds = Math.round(byMs / 1000);
    if (byMs !== 0)
      log.warn({ seconds }, `the clock of this machine differs from Telegram's by ${seconds} s`);
    running = running.then(() => judgeUntilWritten(byMs));
  });
  return {
    stop: () => {
      stopped.abort();
      return running;
    },
  };
}
