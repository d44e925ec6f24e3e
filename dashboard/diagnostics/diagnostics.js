/** Diagnostics: one button, every check as it ends with its time and outcome, and above them the causes they point at. */
import { copyButton } from '../copy.js';
import { make, setAttribute, setText } from '../../apps/ui/elements.js';
import { formatCount, formatExact } from '../format.js';
import { say } from '../language.js';
import { causeCard, renewAges } from './causes.js';
import { createCheckList } from './checks.js';
import { toMarkdown } from './markdown.js';
import { runDiagnostics } from './report.js';

/** @import { PageState } from '../main.js' */
/** @import { Panel } from '../tabs.js' */
/** @import { Report } from './report.js' */

/** @returns {Panel & { run: () => Promise<void> }} */
export function createDiagnostics() {
  /** @type {PageState | undefined} */
  let state;
  /** @type {Report | undefined} */
  let report;
  let failure = '';
  let isRunning = false;

  const run = make('button', { type: 'button', class: 'primary', 'data-action': 'diagnose' });
  const copyReport = copyButton('diagnostics.copy', () => (report ? toMarkdown(report, labelOf) : ''));
  const told = make('p', { class: 'count', role: 'status' });
  const causes = make('div', { class: 'causes' });
  const checks = createCheckList();
  const about = make('p', { class: 'dim grow', 'data-word': 'diagnostics.about' });
  const bar = make('div', { class: 'bar' }, about, copyReport, run);
  const element = make('section', { class: 'panel' }, bar, told, causes, checks.element);

  /** @param {string} service */
  const labelOf = (service) => state?.services.find(({ name }) => name === service)?.label ?? service;
  const now = () => state?.now ?? Date.now();

  const diagnose = async () => {
    if (isRunning) return;
    isRunning = true;
    failure = '';
    show();
    failure = await runDiagnostics((piece) => {
      report = piece;
      show();
    });
    isRunning = false;
    show();
  };
  run.addEventListener('click', () => void diagnose());

  const show = () => {
    setText(run, say(isRunning ? 'diagnostics.running' : 'diagnostics.run'));
    setAttribute(run, 'aria-disabled', isRunning ? 'true' : null);
    setAttribute(run, 'aria-busy', isRunning ? 'true' : null);
    copyReport.hidden = isRunning || !report;
    setText(told, failure || words());
    setAttribute(told, 'data-level', failure ? 'error' : null);
    setAttribute(causes, 'data-running', isRunning ? '' : null);
    if (!report) return;
    if (report.causes)
      causes.replaceChildren(...report.causes.map((each) => causeCard(each, labelOf, now())));
    checks.show(report, labelOf, now());
  };

  const words = () => {
    if (!report) return say(isRunning ? 'diagnostics.looking' : 'diagnostics.empty');
    const ended = [...report.checks.values()];
    const values = {
      time: formatExact(report.at),
      count: formatCount(report.planned.length),
      done: formatCount(ended.length),
      failed: formatCount(ended.filter(({ ok }) => ok === false).length),
    };
    if (isRunning) return say('diagnostics.progress', values);
    return say(report.causes?.length ? 'diagnostics.done' : 'diagnostics.no_cause', values);
  };

  let shownIn = '';
  return {
    element,
    run: diagnose,
    update: (next) => {
      state = next;
      if (shownIn !== document.documentElement.lang) show();
      else renewAges(element, now());
      shownIn = document.documentElement.lang;
    },
    refresh: () => void diagnose(),
  };
}
