/** The live counters: four at the top of the list, and in the drawer calls and errors by name and the pace. */
import { byId, drawing, make } from '../../../ui/elements.js';
import { number } from '../shared/format.js';
import { say } from '../shared/language.js';

/** @import { CountersJson } from '../../http/inbox-views.ts' */

const maxBars = 12;
const chart = { width: 240, height: 48 };

/** @param {CountersJson} counters */
export function drawStrip({ delivered, duplicates, errors, flood_violations: violations }) {
  const cells = /** @type {const} */ ([
    [delivered, 'sent', ''],
    [duplicates, 'repeated', ''],
    [errors, 'errors', errors > 0 ? 'warning' : ''],
    [violations, 'violations', violations > 0 ? 'error' : ''],
  ]);
  const shown = cells.map(([count, word, tone]) =>
    make(
      'span',
      { 'data-tone': tone, title: say(`${word}Hint`) },
      make('b', {}, number(count)),
      make('small', {}, say(word)),
    ),
  );
  byId('counters').replaceChildren(...shown);
}

/** The room for the counters in the drawer; drawCounters fills it. */
export function countersSection() {
  return make('div', { id: 'drawer-counters' });
}

/** @param {CountersJson} counters */
export function drawCounters({ rates, rpc, errors_by_name: errors }) {
  const place = document.getElementById('drawer-counters');
  if (!place) return;
  byId('drawer-rate').replaceChildren(rateOf(rates));
  const calls = Object.entries(rpc);
  const failed = Object.entries(errors);
  const none = make('p', { class: 'quiet-note' }, say('noCalls'));
  place.replaceChildren(heading('calls'), calls.length === 0 ? none : bars(calls, ''));
  if (failed.length > 0) place.append(heading('errorsByName'), bars(failed, 'bad'));
}

/** The pace of the last whole second, and of the last minute. @param {number[]} rates */
function rateOf(rates) {
  const pace = make('p', {}, make('b', {}, number(rates.at(-2) ?? 0)), say('perSecond'));
  return make('div', { class: 'rate' }, pace, sparkline(rates));
}

/** @param {'calls' | 'errorsByName'} word */
function heading(word) {
  return make('h4', {}, say(word));
}

/** Names with their counts, the largest first, each with a bar of its share. @param {[string, number][]} counts @param {string} tone */
function bars(counts, tone) {
  const sorted = counts.sort(([, a], [, b]) => b - a).slice(0, maxBars);
  const most = sorted[0]?.[1] ?? 1;
  const items = sorted.map(([name, count]) => {
    const item = make('li', {}, make('code', {}, name), make('b', {}, number(count)));
    item.style.setProperty('--share', `${(count / most) * 100}%`);
    return item;
  });
  return make('ul', { class: `bars ${tone}` }, ...items);
}

/** Messages in each second of the last minute. @param {number[]} rates */
function sparkline(rates) {
  const most = Math.max(...rates, 1);
  const step = chart.width / rates.length;
  const label = say('rateTitle');
  const svg = drawing('svg', {
    class: 'sparkline',
    viewBox: `0 0 ${chart.width} ${chart.height}`,
    preserveAspectRatio: 'none',
    role: 'img',
    'aria-label': `${label}: ${number(Math.max(...rates))}`,
  });
  const title = drawing('title');
  title.textContent = label;
  svg.append(title);
  rates.forEach((count, index) => {
    const height = count === 0 ? 0 : Math.max(2, (count / most) * (chart.height - 2));
    svg.append(
      drawing('rect', { x: index * step, y: chart.height - height, width: step - 1, height, rx: 1 }),
    );
  });
  return svg;
}
