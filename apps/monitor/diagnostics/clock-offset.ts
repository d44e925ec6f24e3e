/** How far this machine's clock is off, by the Date of a web server that is trusted, and of the services themselves. */
import type { Clock } from '../../kit/clock.ts';
import type { Answer } from '../health/gateway.ts';
import type { HealthAnswer } from '../health/gateway-answers.ts';

export interface ClockOffset {
  /** Positive where this machine is ahead; null where it could not be measured. */
  readonly offsetMs: number | null;
  /** Why not, where somebody was asked. */
  readonly reason: string;
}

const answerMs = 3_000;

/** The greatest difference found, positive where this machine is ahead; null where there is nothing to compare with. */
export async function measureClock(
  clock: Clock,
  reference: string | undefined,
  answers: readonly Answer<HealthAnswer>[],
): Promise<ClockOffset> {
  const now = clock.now();
  const offsets = answers.flatMap(({ date }) => (date === null ? [] : [now - date]));
  // Simulated Telegram needs nobody's time, and a trial asks nobody outside.
  const isSimulated = answers.some(({ body }) => body?.sandbox === true);
  let reason = '';
  if (reference !== undefined && !isSimulated) {
    const asked = await askDate(reference).catch((error: unknown) => (error as Error).message);
    if (typeof asked === 'number') offsets.push(clock.now() - asked);
    else reason = asked;
    if (typeof asked !== 'number' && offsets.every((offset) => Math.abs(offset) < 1_500))
      return { offsetMs: null, reason };
  }
  if (offsets.length === 0) return { offsetMs: null, reason };
  return { offsetMs: offsets.reduce((a, b) => (Math.abs(a) > Math.abs(b) ? a : b)), reason };
}

/** The time a web server has, in milliseconds since the epoch: in the middle of the second it names. */
async function askDate(url: string): Promise<number> {
  const answer = await fetch(url, {
    method: 'HEAD',
    redirect: 'manual',
    signal: AbortSignal.timeout(answerMs),
  });
  const date = Date.parse(answer.headers.get('date') ?? '');
  if (Number.isNaN(date)) throw new Error('no Date in the answer');
  return date + 500;
}
