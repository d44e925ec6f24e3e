/** The list of checks: all at once as planned, each filled in when it has ended, so that nothing moves. */
import { lightUp, make, setAttribute, setText } from '../../apps/ui/elements.js';
import { formatCount } from '../format.js';
import { icon } from '../icons.js';
import { say } from '../language.js';
import { lineRow } from './causes.js';
import { keyOf } from './report.js';
import { detailOf, nameOf } from './words.js';

/** @import { Level } from '../verdict.js' */
/** @import { ReportedCheck } from '../../apps/monitor/diagnostics/report.ts' */
/** @import { Report } from './report.js' */

/** @returns {{ element: HTMLElement, show: (report: Report, labelOf: (service: string) => string, now: number) => void }} */
export function createCheckList() {
  const element = make('ul', { class: 'checks' });
  /** What each row shows. @type {Map<string, { row: HTMLElement, shown: string }>} */
  let rows = new Map();

  return {
    element,
    show: ({ planned, checks }, labelOf, now) => {
      if (planned.length !== rows.size || planned.some((each) => !rows.has(keyOf(each)))) {
        rows = new Map(planned.map((each) => [keyOf(each), { row: make('li'), shown: '' }]));
        element.replaceChildren(...[...rows.values()].map(({ row }) => row));
      }
      for (const each of planned) {
        const entry = rows.get(keyOf(each));
        const check = checks.get(keyOf(each));
        const name = nameOf(each, labelOf);
        const shown = `${name} ${JSON.stringify(check)} ${document.documentElement.lang}`;
        if (!entry || entry.shown === shown) continue;
        if (check) fill(entry.row, name, check, now);
        else expect(entry.row, name);
        entry.shown = shown;
      }
    },
  };
}

/** @param {HTMLElement} row @param {string} name */
function expect(row, name) {
  setAttribute(row, 'data-level', null);
  setAttribute(row, 'data-running', '');
  row.replaceChildren(
    icon('pending'),
    make('strong', {}, name),
    make('span', { class: 'check-detail dim' }, say('diagnostics.checking')),
    make('span', { class: 'dim' }),
  );
}

/** @param {HTMLElement} row @param {string} name @param {ReportedCheck} check @param {number} now */
function fill(row, name, check, now) {
  const { lines, ms } = check;
  const level = levelOf(check);
  const isNew = row.hasAttribute('data-running');
  setAttribute(row, 'data-level', level);
  setAttribute(row, 'data-running', null);
  const detail = make('div', { class: 'check-detail' }, make('span'));
  if (detail.firstElementChild) setText(detail.firstElementChild, detailOf(check));
  if (lines.length > 0)
    detail.append(make('ul', { class: 'facts-found' }, ...lines.map((line) => lineRow(line, now))));
  row.replaceChildren(
    icon(icons[level]),
    make('strong', {}, name),
    detail,
    make('span', { class: 'dim' }, say('ms', { value: formatCount(Math.round(ms)) })),
  );
  if (isNew) lightUp(row);
}

const icons = /** @type {const} */ ({
  ok: 'running',
  warning: 'failed',
  error: 'failed',
  unknown: 'unknown',
});

/** What answers, but has trouble, is neither well nor down. @param {ReportedCheck} check @returns {Level} */
function levelOf({ ok, values }) {
  if (ok === null) return 'unknown';
  if (!ok) return 'error';
  return values.health === 'degraded' ? 'warning' : 'ok';
}
