/** 24 hours of checks as a strip of bars: each the worst that was in its time. */
import { make, setAttribute, setText } from '../../apps/ui/elements.js';
import { formatClock, formatCount, formatPercent } from '../format.js';
import { say } from '../language.js';
import { inWords } from '../reasons.js';

/** @import { SentReason } from '../../apps/kit/reason.ts' */
/** @import { KeptCheck } from '../../apps/monitor/health/history.ts' */

const spanMs = 86_400_000;

/** @typedef {'none' | 'ok' | 'degraded' | 'planned' | 'miss'} Worst */
/** @typedef {{ checks: number, misses: number, planned: number, degraded: number, reason: string, causes?: readonly SentReason[] }} Slot */

/**
 * @param {number} bars how many
 * @returns {{ element: HTMLElement, update: (checks: KeptCheck[], now: number) => void }}
 */
export function createStrip(bars) {
  const title = make('span', { 'data-word': 'strip.title' });
  const summary = make('span', { class: 'strip-summary' });
  const row = make('div', { class: 'strip-bars', role: 'img' });
  for (let index = 0; index < bars; index += 1) row.append(make('i'));
  const element = make('div', { class: 'strip' }, make('p', {}, title, summary), row);

  return {
    element,
    update: (checks, now) => {
      setText(title, say('strip.title'));
      setText(summary, summaryOf(checks));
      setAttribute(row, 'aria-label', `${say('strip.title')}: ${summaryOf(checks)}`);
      const step = spanMs / bars;
      const begin = now - spanMs;
      const slots = Array.from({ length: bars }, () => ({
        checks: 0,
        misses: 0,
        planned: 0,
        degraded: 0,
        reason: '',
      }));
      for (const check of checks) {
        const slot = slots[Math.floor((Date.parse(check.at) - begin) / step)];
        if (!slot) continue;
        slot.checks += 1;
        if (check.planned) slot.planned += 1;
        else if (!check.ok) slot.misses += 1;
        else if (check.status === 'degraded') slot.degraded += 1;
        const isTrouble = !check.planned && (!check.ok || check.status === 'degraded');
        if (isTrouble && check.reason !== null)
          Object.assign(slot, { reason: check.reason, causes: check.causes });
      }
      slots.forEach((slot, index) => {
        const bar = row.children[index];
        if (!(bar instanceof HTMLElement)) return;
        const from = new Date(begin + index * step).toISOString();
        const to = new Date(begin + (index + 1) * step).toISOString();
        setAttribute(bar, 'data-worst', worstOf(slot));
        bar.title = `${formatClock(from)}–${formatClock(to)}: ${wordsOf(slot)}`;
      });
    },
  };
}

/** @param {Slot} slot @returns {Worst} */
function worstOf({ checks, misses, planned, degraded }) {
  if (checks === 0) return 'none';
  if (misses > 0) return 'miss';
  if (planned > 0) return 'planned';
  return degraded > 0 ? 'degraded' : 'ok';
}

/** @param {Slot} slot */
function wordsOf(slot) {
  if (slot.checks === 0) return say('strip.none');
  if (slot.misses > 0)
    return say('strip.miss', {
      count: slot.misses,
      of: slot.checks,
      reason: inWords(slot.reason, slot.causes),
    });
  if (slot.planned > 0) return say('strip.planned');
  if (slot.degraded > 0) return say('strip.degraded', { reason: inWords(slot.reason, slot.causes) });
  return say('strip.ok');
}

/** @param {KeptCheck[]} checks */
function summaryOf(checks) {
  const counted = checks.filter(({ planned }) => !planned);
  if (counted.length === 0) return say(checks.length === 0 ? 'strip.empty' : 'strip.planned');
  const misses = counted.filter(({ ok }) => !ok).length;
  const share = formatPercent((100 * (counted.length - misses)) / counted.length);
  return misses === 0
    ? say('strip.all', { share })
    : say('strip.some', { share, count: formatCount(misses) });
}
