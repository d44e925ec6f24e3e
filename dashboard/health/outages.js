/** Misses in a row, put together to the times in which a service did not answer, but for planned ones. Pure. */

/** @import { SentReason } from '../../apps/kit/reason.ts' */
/** @import { KeptCheck } from '../../apps/monitor/health/history.ts' */

/**
 * Oldest first; `to` is the first good check after it, null while it lasts.
 * @param {readonly KeptCheck[]} checks oldest first
 * @returns {{ from: string, to: string | null, misses: number, reason: string, causes?: readonly SentReason[] }[]}
 */
export function outagesOf(checks) {
  /** @type {{ from: string, to: string | null, misses: number, reason: string, causes?: readonly SentReason[] }[]} */
  const outages = [];
  let isOut = false;
  for (const { at, ok, reason, causes, planned } of checks) {
    if (planned) continue;
    const last = outages.at(-1);
    if (ok) {
      if (isOut && last) last.to = at;
    } else if (isOut && last) {
      last.misses += 1;
      if (reason !== null) Object.assign(last, { reason, causes });
    } else outages.push({ from: at, to: null, misses: 1, reason: reason ?? '', causes });
    isOut = !ok;
  }
  return outages;
}
