/**
 * Draws the texts of a run's JSON as the README shows them. Arguments: the JSON, and the PNG to write.
 * Needs Chromium: CHROMIUM_PATH, by default /usr/bin/chromium.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import type uPlot from 'uplot';
import type { TextRow } from './text-figures.ts';

const [from, to] = process.argv.slice(2) as [string, string];
const { texts } = JSON.parse(readFileSync(from, 'utf8')) as { texts: TextRow[] };
const resolve = createRequire(import.meta.url).resolve;
const size = { width: 720, height: 280 };

await using browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
const page = await browser.newPage({
  viewport: { width: size.width + 32, height: size.height + 90 },
  deviceScaleFactor: 2,
});
await page.setContent(`<style>
  body { margin: 16px; font: 14px system-ui, sans-serif; color: #1f2937; background: #fff }
  h1 { font-size: 15px; margin: 0 0 8px }
</style><h1>Texts a second, each accepted on disk, delivered and answered</h1><div id="plot"></div>`);
await page.addStyleTag({ path: resolve('uplot/dist/uPlot.min.css') });
await page.addScriptTag({ path: resolve('uplot/dist/uPlot.iife.min.js') });
await page.locator('#plot').evaluate(draw, { texts, ...size });
await page.screenshot({ path: to });

/** Runs in the page. */
function draw(into: unknown, given: { texts: TextRow[]; width: number; height: number }): void {
  const Plot = (globalThis as unknown as { uPlot: typeof uPlot }).uPlot;
  const levels = given.texts.map(({ concurrency }) => String(concurrency));
  const line = (label: string, stroke: string): uPlot.Series => ({
    label,
    stroke,
    width: 2.5,
    points: { show: true, size: 8, fill: stroke },
    value: (_plot, value) => (value === null ? '' : String(Math.round(value))),
  });
  new Plot(
    {
      width: given.width,
      height: given.height,
      series: [
        { label: 'at a time' },
        line('the bare client library', '#9ca3af'),
        line('Vestnik', '#2563eb'),
      ],
      scales: {
        x: { time: false, range: [-0.2, levels.length - 0.8] },
        y: { range: (_plot, _min, max) => [0, max * 1.1] },
      },
      axes: [
        {
          label: 'calls, or connections, at a time',
          splits: () => levels.map((_, index) => index),
          values: (_plot, splits) => splits.map((index) => levels[index] ?? ''),
          grid: { show: false },
        },
        { size: 60 },
      ],
      legend: { show: true, live: false },
      cursor: { show: false },
    },
    [
      given.texts.map((_, index) => index),
      given.texts.map(({ bare }) => bare.perSecond),
      given.texts.map(({ gateway }) => gateway.perSecond),
    ],
    into as ConstructorParameters<typeof uPlot>[2],
  );
}
