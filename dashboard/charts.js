/** Charts by uPlot, which is fetched when the first is drawn; colours come from the style sheet, words from the page. */
import { make } from '../apps/ui/elements.js';
import { formatTime } from './format.js';
import { say } from './language.js';

/**
 * @typedef {import('uplot').Options} Options
 *
 * @typedef {object} Series
 * @property {string} label
 * @property {string} colour the custom property that has it
 * @property {boolean} [isFilled]
 * @property {number[]} [dash] pixels drawn and left out, for lines that share a colour
 *
 * @typedef {object} Chart
 * @property {(times: number[], values: (number | null)[][]) => void} show times in seconds since the epoch
 */

/** Seconds between two marks of time: the clock shows no seconds. */
const incrs = [60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200];

/**
 * A chart as wide as its place.
 * @param {HTMLElement} host
 * @param {object} options
 * @param {number} options.height
 * @param {Series[]} options.series
 * @param {(value: number) => string} options.format of what is on the upright axis
 * @param {boolean} [options.isSmall] fewer marks, no legend
 * @param {number} [options.least] what the upright axis reaches at least
 * @returns {Chart}
 */
export function createChart(host, { height, series, format, isSmall = false, least = 0 }) {
  /** @type {[number[], ...(number | null)[][]] | undefined} */
  let data;
  /** @type {import('uplot') | undefined} */
  let plot;
  let isComing = false;

  const draw = async () => {
    if (plot || isComing || !data || host.clientWidth === 0) return;
    isComing = true;
    // While the monitor is away it cannot be had; whatever is shown next asks for it again.
    const uplot = await import('./vendor/uplot.js').catch(() => undefined);
    isComing = false;
    if (uplot) plot = new uplot.default(options(), data, host);
  };

  /** @returns {Options} */
  const options = () => ({
    width: host.clientWidth,
    height,
    padding: isSmall ? [6, 16, 0, 0] : [8, 12, 0, 0],
    cursor: { y: false, points: { size: 6 }, drag: { x: false, y: false } },
    legend: { show: true, live: true, isolate: false },
    scales: {
      x: { time: true },
      y: {
        range: (/** @type {unknown} */ _, /** @type {number} */ __, /** @type {number} */ most) => [
          0,
          Math.max(least, most ?? 0) * 1.1 || 1,
        ],
      },
    },
    axes: [
      {
        ...axis(),
        incrs,
        space: isSmall ? 60 : 80,
        size: isSmall ? 20 : 28,
        values: timesOf,
        grid: { show: false },
      },
      { ...axis(), space: isSmall ? 16 : 36, size: isSmall ? 46 : 60, values: valuesOf },
    ],
    series: [
      {
        label: say('chart.time'),
        value: (/** @type {unknown} */ _, /** @type {number | null} */ at) =>
          at === null ? '' : formatTime(at),
      },
      ...series.map(({ label, colour, isFilled, dash }) => ({
        label,
        ...(dash && { dash }),
        stroke: () => colourOf(colour),
        fill: isFilled ? () => `color-mix(in srgb, ${colourOf(colour)} 13%, transparent)` : undefined,
        width: 1.5,
        points: { show: false },
        value: (/** @type {unknown} */ _, /** @type {number | null} */ value) =>
          value === null ? '—' : format(value),
      })),
    ],
  });

  const axis = () => ({
    stroke: () => colourOf('--dim'),
    font: `11px ${getComputedStyle(document.body).fontFamily}`,
    grid: { stroke: () => colourOf('--line'), width: 1 },
    ticks: { show: false },
    gap: 4,
  });
  // In the first minute there is a mark only after the last value, where half of it would be cut off.
  const timesOf = (/** @type {import('uplot')} */ { scales }, /** @type {number[]} */ marks) =>
    marks.map((at) => (at > (scales.x?.max ?? at) ? '' : formatTime(at)));
  // A small chart keeps the corner free for the first mark of time: that it begins at zero goes without saying.
  const valuesOf = (/** @type {unknown} */ _, /** @type {number[]} */ marks) =>
    marks.map((mark) => (isSmall && mark === 0 ? '' : format(mark)));

  new ResizeObserver(() => {
    if (!plot) return void draw();
    if (host.clientWidth > 0) plot.setSize({ width: host.clientWidth, height });
  }).observe(host);
  new MutationObserver(() => plot?.redraw(false, true)).observe(document.documentElement, {
    attributeFilter: ['data-theme'],
  });
  // The words of a legend are made with the chart.
  new MutationObserver(() => {
    plot?.destroy();
    plot = undefined;
    void draw();
  }).observe(document.documentElement, { attributeFilter: ['lang'] });

  return {
    show: (times, values) => {
      data = [times, ...values];
      if (plot) plot.setData(data);
      else void draw();
    },
  };
}

/** A colour of the style sheet as a canvas takes it. @param {string} property */
function colourOf(property) {
  const probe = make('i');
  probe.style.color = `var(${property})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
