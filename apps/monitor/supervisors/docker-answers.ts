/** A request to Docker, within a time; what comes instead of an answer is told in one sentence. */
import { Problem } from '../../kit/errors.ts';
import type { WatchedService } from '../services.ts';

/** @throws Problem unavailable */
export async function askDocker<T>(
  service: WatchedService,
  withinMs: number,
  ask: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const signal = AbortSignal.timeout(withinMs);
  try {
    return await ask(signal);
  } catch (error) {
    const why = signal.aborted ? `does not answer: nothing in ${withinMs} ms` : whyNot(error, service);
    throw new Problem('unavailable', `Docker ${why}`, { cause: error });
  }
}

/** To follow the word Docker. */
export function whyNot(error: unknown, { container }: WatchedService): string {
  const { statusCode, code, message } = error as Error & { statusCode?: number; code?: string };
  if (statusCode === 404) return `has no container named ${container}`;
  if (statusCode !== undefined) return `does not do that: ${message.trim()}`;
  if (code === 'EACCES')
    return `does not answer: its socket may not be used by the monitor's user (${message})`;
  return `does not answer: ${message}`;
}
