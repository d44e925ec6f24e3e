/** Misses in a row, put together to the times in which a service did not answer, but for planned ones. Pure. */

/** @import { KeptCheck } from '../../apps/monitor/health/history.ts' */

/**
 * Oldest first; `to` is the first good check after it, null while it lasts.
 * @param {readonly KeptCheck[]} checks oldest first
 * @returns {{ from: string, to: string | null, misses: number, reason: string }[]}
 */
export function outagesOf(checks) {
  /** @type {{ from: string, to: string | null, misses: number, reason: string }[]} */
  const outages = [];
  let isOut = false;
  for (const { at, ok, reason, planned } of checks) {
    if (planned) continue;
    const last = outages.at(-1);
    if (ok) {
      if (isOut && last) last.to = at;
    } else if (isOut && last) {
      last.misses += 1;
      last.reason = reason ?? last.reason;
    } else outages.push({ from: at, to: null, misses: 1, reason: reason ?? '' });
    isOut = !ok;
  }
  return outages;
}
