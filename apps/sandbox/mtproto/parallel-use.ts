/**
 * One session on two connections: Telegram takes files over several at once, and anything else over one alone, save at
 * addresses for files (core.telegram.org/api/errors, AUTH_KEY_DUPLICATED).
 */
import { signedInKey } from './auth-keys.ts';
import type { Call } from './call.ts';

const parallelMs = 5_000;

/** Whether the key of a call was lately called with over another connection that is still open. Notes the call. */
export function isInParallel({ session, connection, receivedAt }: Call): boolean {
  const { callers } = signedInKey(session.authKey);
  for (const [other, lastCallAt] of callers)
    if (!other.isOpen || lastCallAt + parallelMs < receivedAt) callers.delete(other);
  callers.set(connection, receivedAt);
  return callers.size > 1;
}
