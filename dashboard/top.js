/** The top of the page: whether data comes in, and whether Telegram is simulated. */
import { byId, make, setAttribute, setText } from '../apps/ui/elements.js';
import { formatExact, formatSecond } from './format.js';
import { say } from './language.js';

/** @import { PageUpdate } from '../apps/monitor/http/stream.ts' */

/**
 * @param {PageUpdate | undefined} latest
 * @param {boolean} isLost
 */
export function showUpdated(latest, isLost) {
  const place = byId('updated');
  if (!place.firstChild) place.append(make('span', { class: 'dot' }), make('span'));
  const [dot, text] = place.children;
  if (!dot || !text) return;
  setAttribute(dot, 'data-connection', isLost ? 'lost' : latest ? 'live' : 'waiting');
  setText(text, latest ? say('updated', { time: formatSecond(latest.at) }) : say('updated.never'));
  place.title = latest ? formatExact(latest.at) : '';
}

/** @param {PageUpdate | undefined} latest */
export function showSandbox(latest) {
  const badge = byId('sandbox');
  const isSandbox = latest?.services.some(({ sandbox }) => sandbox) ?? false;
  badge.hidden = !isSandbox;
  setText(badge, say('sandbox.badge'));
  // Only an address of the web may become a link.
  if (latest && /^https?:\/\//.test(latest.inbox_url)) setAttribute(badge, 'href', latest.inbox_url);
}
