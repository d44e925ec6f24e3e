/** The dashboard, with the library for its charts. */
import { readFile } from 'node:fs/promises';
import { pageFiles } from '../../kit/page-files.ts';

export function dashboardFiles() {
  return pageFiles({
    page: 'dashboard/index.html',
    main: 'dashboard/main.js',
    folders: ['dashboard', 'apps/ui'],
    locales: 'dashboard/locales/',
    styles: [
      'apps/ui/tokens.css',
      'dashboard/styles/tokens.css',
      'dashboard/styles/page.css',
      'dashboard/styles/controls.css',
      'dashboard/styles/fields.css',
      'dashboard/styles/dialogs.css',
      'dashboard/styles/card.css',
      'dashboard/styles/flood-wait.css',
      'dashboard/styles/panels.css',
      'dashboard/styles/diagnostics.css',
      'dashboard/styles/errors.css',
      'dashboard/styles/charts.css',
      'dashboard/vendor/uplot.css',
    ],
    made: readCharts,
  });
}

/** uPlot out of node_modules: its small build is a script for pages without modules, and becomes a module by a last line. */
async function readCharts() {
  const dist = new URL('.', import.meta.resolve('uplot'));
  const [script, style] = await Promise.all([
    readFile(new URL('uPlot.iife.min.js', dist), 'utf8'),
    readFile(new URL('uPlot.min.css', dist)),
  ]);
  return [
    ['dashboard/vendor/uplot.js', `${script}\nexport default uPlot;\n`],
    ['dashboard/vendor/uplot.css', style],
  ] as const;
}
