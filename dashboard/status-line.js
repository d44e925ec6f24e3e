/** The status line across the top, and the title of the window. */
import { byId, make, setAttribute, setText } from '../apps/ui/elements.js';
import { formatClock } from './format.js';
import { icon } from './icons.js';
import { say } from './language.js';
import { verdictOn } from './verdict.js';

/** @import { ServiceView } from '../apps/monitor/health/service-view.ts' */
/** @import { Level } from './verdict.js' */

const icons = /** @type {const} */ ({
  ok: 'running',
  warning: 'failed',
  error: 'failed',
  unknown: 'unknown',
});

/**
 * Shows the verdict, or since when the monitor itself has been silent.
 * @param {readonly ServiceView[] | undefined} services undefined before the first data
 * @param {string | null} lostSince ISO 8601, null while the monitor answers
 * @param {string} [underWay] what is being done to the services on purpose
 */
export function showStatus(services, lostSince, underWay) {
  if (lostSince !== null) return show('error', say('status.lost', { time: formatClock(lostSince) }));
  if (services === undefined) return show('unknown', say('status.looking'));
  if (underWay) return show('warning', underWay);
  const { level, text } = verdictOn(services);
  show(level, text);
}

/**
 * @param {Level} level
 * @param {string} text
 */
function show(level, text) {
  const line = byId('status');
  if (line.dataset.level !== level || !line.firstChild) {
    setAttribute(line, 'data-level', level);
    line.replaceChildren(icon(icons[level]), make('p'));
  }
  setText(/** @type {Element} */ (line.lastChild), text);
  document.title =
    level === 'ok' ? `✓ ${text} – Vestnik` : `${level === 'error' ? '✗ ' : ''}${text} – Vestnik`;
}
