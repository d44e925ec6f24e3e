/** Health: how it was in the last 24 hours, how quickly each service answered, and notices of the browser. */
import { createChart } from '../charts.js';
import { make, setText } from '../../apps/ui/elements.js';
import { formatClock, formatCount, formatDuration, formatExact } from '../format.js';
import { say } from '../language.js';
import { inWords } from '../reasons.js';
import { outagesOf } from './outages.js';
import { createStrip } from './strip.js';

/** @import { PageState } from '../main.js' */
/** @import { Panel } from '../tabs.js' */
/** @import { createChecks } from './checks.js' */
/** @import { SentReason } from '../../apps/kit/reason.ts' */
/** @import { createNotices } from './notices.js' */

const colours = ['--series-1', '--series-2', '--series-3', '--series-4'];
/** For the services after the first four, and after the next. */
const dashes = [undefined, [6, 4], [2, 3]];
const shownOutages = 20;

/**
 * @param {ReturnType<typeof createChecks>} checks
 * @param {ReturnType<typeof createNotices>} notices
 * @returns {Panel}
 */
export function createHealth(checks, notices) {
  const strips = make('div', { class: 'strips' });
  const place = make('div', { class: 'chart' });
  const outages = make('ul', { class: 'outages' });
  const refresh = make('button', { type: 'button', 'data-word': 'refresh' });
  const element = make(
    'section',
    { class: 'panel' },
    make(
      'div',
      { class: 'bar' },
      make('p', { class: 'dim grow', 'data-word': 'health.about' }),
      notices.element,
      refresh,
    ),
    strips,
    make('h2', { 'data-word': 'health.latency' }),
    place,
    make('h2', { 'data-word': 'health.outages' }),
    outages,
  );
  /** @type {ReturnType<typeof createChart> | undefined} */
  let chart;
  /** @type {Map<string, ReturnType<typeof createStrip>>} */
  const byService = new Map();
  let shown = '';

  refresh.addEventListener('click', () => void checks.refresh());

  /** @param {PageState} state */
  const show = ({ services, now }) => {
    strips.classList.toggle('many', services.length > 4);
    for (const { name, label } of services) {
      let strip = byService.get(name);
      if (!strip) {
        strip = createStrip(96);
        byService.set(name, strip);
        strips.append(make('div', {}, make('h3', {}, label), strip.element));
      }
      strip.update(checks.of(name), now);
    }
    showLatency(services);
    const all = services.flatMap(({ name, label }) =>
      outagesOf(checks.of(name)).map((each) => ({ ...each, label })),
    );
    all.sort((a, b) => (a.from < b.from ? 1 : -1));
    outages.replaceChildren(
      ...(all.length === 0
        ? [make('li', { class: 'dim' }, say('health.no_outages'))]
        : all.slice(0, shownOutages).map(outageRow)),
    );
  };

  /** @param {PageState['services']} services */
  const showLatency = (services) => {
    if (services.length === 0) return;
    chart ??= createChart(place, {
      height: 220,
      least: 10,
      format: (ms) => say('ms', { value: formatCount(Math.round(ms)) }),
      series: services.map(({ label }, index) => ({
        label,
        colour: colours[index % colours.length] ?? '--accent',
        dash: dashes[Math.floor(index / colours.length) % dashes.length],
      })),
    });
    const times = [
      ...new Set(services.flatMap(({ name }) => checks.of(name).map(({ at }) => Date.parse(at) / 1000))),
    ];
    times.sort((a, b) => a - b);
    chart.show(
      times,
      services.map(({ name }) => {
        const byTime = new Map(
          checks.of(name).map(({ at, latency_ms }) => [Date.parse(at) / 1000, latency_ms]),
        );
        // Services are checked at one time; where only another was, the line goes on.
        return times.map(
          (at) => /** @type {number | null} */ (byTime.has(at) ? (byTime.get(at) ?? null) : undefined),
        );
      }),
    );
  };

  return {
    element,
    update: (state) => {
      notices.update(state);
      // A strip moves on with the minutes, not with each second.
      const version = `${checks.version()} ${state.services.length} ${document.documentElement.lang} ${Math.floor(state.now / 60_000)}`;
      if (version === shown) return;
      shown = version;
      show(state);
    },
    refresh: () => void checks.refresh(),
    toggle: (isOpen) => {
      if (isOpen) void checks.refresh();
    },
  };
}

/** @param {{ label: string, from: string, to: string | null, misses: number, reason: string, causes?: readonly SentReason[] }} outage */
function outageRow({ label, from, to, misses, reason, causes }) {
  const until = to === null ? say('health.still') : formatClock(to);
  const lasted = to === null ? '' : formatDuration((Date.parse(to) - Date.parse(from)) / 1000);
  const row = make(
    'li',
    { 'data-level': to === null ? 'error' : 'unknown' },
    make('strong', {}, label),
    make('time', { datetime: from, title: formatExact(from) }, `${formatClock(from)} – ${until}`),
    make(
      'span',
      { class: 'dim' },
      [lasted, say('health.misses', { count: formatCount(misses) })].filter(Boolean).join(', '),
    ),
    make('span'),
  );
  if (row.lastElementChild) setText(row.lastElementChild, inWords(reason, causes));
  return row;
}
