/** On a card: memory and CPU, their value now and the last hour. */
import { createChart } from './charts.js';
import { make, setAttribute, setText } from '../apps/ui/elements.js';
import { formatBytes, formatCount, formatPercent } from './format.js';
import { say } from './language.js';

/** @import { ServiceView } from '../apps/monitor/health/service-view.ts' */
/** @import { ServiceUsage } from '../apps/monitor/http/health-history.ts' */

const chartHeight = 64;

/**
 * Two places for the list of numbers, and how to bring them up to date.
 * @returns {{ elements: HTMLElement[], update: (service: ServiceView, samples: ServiceUsage[]) => void }}
 */
export function createUsageCharts() {
  const memory = createPlace('--series-1', formatBytes, 50e6);
  const cpu = createPlace('--series-2', formatPercent, 5);
  let drawn = '';
  return {
    elements: [memory.element, cpu.element],
    update: ({ memory_bytes, cpu_percent }, samples) => {
      setText(memory.term, say('fact.memory'));
      setText(memory.value, memory_bytes === null ? say('value.none') : formatBytes(memory_bytes));
      memory.value.title = memory_bytes === null ? '' : `${formatCount(memory_bytes)} B`;
      setText(cpu.term, say('fact.cpu'));
      setText(cpu.value, cpu_percent === null ? say('value.none') : formatPercent(cpu_percent));
      cpu.value.title = cpu_percent === null ? '' : `${cpu_percent} %`;
      const waiting = drawn === '' && samples.length < 2 ? say('chart.waiting') : null;
      setAttribute(memory.host, 'data-waiting', waiting);
      setAttribute(cpu.host, 'data-waiting', waiting);
      const version = `${samples.length} ${samples.at(-1)?.at}`;
      if (version === drawn || samples.length < 2) return;
      drawn = version;
      const times = samples.map(({ at }) => Date.parse(at) / 1000);
      memory.chart.show(times, [samples.map((sample) => sample.memory_bytes)]);
      cpu.chart.show(times, [samples.map((sample) => sample.cpu_percent)]);
    },
  };
}

/**
 * @param {string} colour
 * @param {(value: number) => string} format
 * @param {number} least
 */
function createPlace(colour, format, least) {
  const term = make('dt');
  const value = make('dd');
  const host = make('dd', { class: 'spark', 'aria-hidden': 'true' });
  const element = make('div', { class: 'half' }, term, value, host);
  const series = [{ label: '', colour, isFilled: true }];
  return {
    element,
    term,
    value,
    host,
    chart: createChart(host, { height: chartHeight, format, least, series, isSmall: true }),
  };
}
