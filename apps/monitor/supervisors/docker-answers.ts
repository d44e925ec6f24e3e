/** A request to Docker, within a time; one sentence says what came instead of an answer. */
import { z, ZodError } from 'zod';
import { Problem } from '../../kit/errors.ts';
import { reason, type Reason } from '../../kit/reason.ts';
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
    const why = signal.aborted
      ? reason('docker_silent', { reason: reason('nothing_in', { limit_ms: withinMs }) })
      : whyNot(error, service);
    throw new Problem('unavailable', why, { cause: error });
  }
}

/** The name of its container. */
export function nameOf({ handles }: WatchedService): string {
  return handles.container ?? '';
}

function whyNot(error: unknown, service: WatchedService): Reason {
  if (error instanceof ZodError) return reason('docker_unexpected', { reason: z.prettifyError(error) });
  const name = nameOf(service);
  const { statusCode: status, message } = error as Error & { statusCode?: number };
  if (status === 404) return reason('no_container', { name });
  if (status === 403) return reason('docker_not_listed', { name });
  if (status !== undefined && isOfProxy.has(status))
    return reason('docker_silent', { reason: reason('docker_unreached', { status: String(status) }) });
  if (status !== undefined) return reason('docker_refused', { reason: message.trim() });
  return reason('docker_silent', { reason: whyUnreached(error as NodeJS.ErrnoException) });
}

/** What stands between says so: the engine itself has no such answers. */
const isOfProxy = new Set([502, 503, 504]);

function whyUnreached(
  error: NodeJS.ErrnoException & { address?: string; port?: number; hostname?: string },
): string | Reason {
  const { code, message, address = '', port, hostname = '' } = error;
  const place = port === undefined ? address : `${address}:${port}`;
  if (code === 'ENOENT') return reason('no_socket', { path: place });
  if (code === 'EACCES') return reason('socket_denied', { path: place });
  if (code === 'ECONNREFUSED') return reason('nothing_listens', { address: place });
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return reason('no_host', { name: hostname });
  return message;
}
