/** A request to Docker, within a time; one sentence says what came instead of an answer. */
import { z, ZodError } from 'zod';
import { Problem } from '../../kit/errors.ts';
import type { WatchedService } from '../model/services.ts';

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

/** The name of its container. */
export function nameOf({ handles }: WatchedService): string {
  return handles.container ?? '';
}

/** To follow the word Docker. */
function whyNot(error: unknown, service: WatchedService): string {
  if (error instanceof ZodError) return `answers otherwise than expected: ${z.prettifyError(error)}`;
  const container = nameOf(service);
  const { statusCode, message } = error as Error & { statusCode?: number };
  if (statusCode === 404) return `has no container named ${container}`;
  if (statusCode === 403)
    return `may not be asked that of ${container}: the proxy before it has it on no list`;
  if (statusCode !== undefined && isOfProxy.has(statusCode))
    return `does not answer: the proxy before it does not reach it (${statusCode})`;
  if (statusCode !== undefined) return `does not do that: ${message.trim()}`;
  return `does not answer: ${whyUnreached(error as NodeJS.ErrnoException)}`;
}

/** What stands between says so: the engine itself has no such answers. */
const isOfProxy = new Set([502, 503, 504]);

function whyUnreached(error: NodeJS.ErrnoException & { address?: string; hostname?: string }): string {
  const { code, message, address, port, hostname } = error as typeof error & { port?: number };
  const place = port === undefined ? (address ?? '') : `${address}:${port}`;
  if (code === 'ENOENT') return `there is no socket ${place}`;
  if (code === 'EACCES') return `the socket ${place} may not be used by the monitor's user`;
  if (code === 'ECONNREFUSED') return `nothing listens at ${place}`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `nothing is known by the name ${hostname}`;
  return message;
}
