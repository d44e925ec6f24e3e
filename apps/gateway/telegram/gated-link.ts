/** A link whose calls all go through the flood gates. */
import { throughGate, type GateKeeping } from '../pacing/gates.ts';
import { methodName, type Link } from './link.ts';

/** Calls over `link`, each unless a gate is closed for it. Pings and the key exchange are no methods and always go. */
export function gatedLink(link: Link, keeping: GateKeeping): Link {
  return {
    ...link,
    call: (request, timeoutMs, chatId) =>
      throughGate(keeping, { method: methodName(request), chatId }, () =>
        link.call(request, timeoutMs, chatId),
      ),
    callOnce: (request, timeoutMs, chatId) =>
      throughGate(keeping, { method: methodName(request), chatId }, () =>
        link.callOnce(request, timeoutMs, chatId),
      ),
  };
}
