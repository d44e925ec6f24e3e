/** The dashboard, with the library for its charts. */
import { readFile } from 'node:fs/promises';
import { wordsIn } from '../../kit/vocabulary/vocabulary.ts';
import { pageFiles } from '../../kit/page-files.ts';

export function dashboardFiles() {
  return pageFiles({
    page: 'dashboard/index.html',
    main: 'dashboard/main.js',
    folders: ['dashboard', 'apps/ui', 'apps/kit/vocabulary'],
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
    made: async () => [...vocabularies(), ...(await readCharts())],
  });
}

/** What services say, written out for a browser in one language each. */
function vocabularies() {
  const languages = { english: 'en', russian: 'ru' } as const;
  return Object.entries(languages).map(([name, language]) => {
    const script = `export const vocabulary = ${JSON.stringify(wordsIn(language))};`;
    return [`apps/kit/vocabulary/${name}.js`, script] as const;
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
