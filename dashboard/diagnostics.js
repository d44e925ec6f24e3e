/** Diagnostics: one button, every check with its time and outcome, and above them the causes they point at. */
import { copyButton } from './copy.js';
import { make, setAttribute, setText } from './elements.js';
import { formatCount, formatExact } from './format.js';
import { icon } from './icons.js';
import { language, say, sayIfKnown } from './language.js';
import { ask } from './request.js';

/** @import { Panel, PageState } from './types.js' */

/**
 * @typedef {object} Report
 * @property {string} [at]
 * @property {{ check: string, service?: string | null, ok: boolean | null, detail: string, ms?: number }[]} checks
 * @property {{ id: string, title: string, service?: string | null, evidence: string | string[], advice: string | string[] }[]} causes
 */

/** @returns {Panel & { run: () => Promise<void> }} */
export function createDiagnostics() {
  /** @type {PageState | undefined} */
  let state;
  /** @type {Report | undefined} */
  let report;
  let ranAt = '';
  let failure = '';
  let isRunning = false;

  const run = make('button', { type: 'button', class: 'primary', 'data-action': 'diagnose' });
  const copyReport = copyButton('diagnostics.copy', () => (report ? toMarkdown(report) : ''));
  const told = make('p', { class: 'count', role: 'status' });
  const causes = make('div', { class: 'causes' });
  const checks = make('ul', { class: 'checks' });
  const element = make(
    'section',
    { class: 'panel' },
    make(
      'div',
      { class: 'bar' },
      make('p', { class: 'dim grow', 'data-word': 'diagnostics.about' }),
      copyReport,
      run,
    ),
    told,
    causes,
    checks,
  );

  /** @param {string | null | undefined} service */
  const labelOf = (service) => state?.services.find(({ name }) => name === service)?.label ?? service ?? '';

  const diagnose = async () => {
    if (isRunning) return;
    isRunning = true;
    show();
    const answer = await ask(`/api/diagnostics?lang=${language()}`, { method: 'POST', body: {} });
    isRunning = false;
    failure = answer.ok ? '' : answer.why();
    if (answer.ok) {
      report = answer.body;
      ranAt = answer.body.at ?? new Date(state?.now ?? Date.now()).toISOString();
    }
    show();
  };
  run.addEventListener('click', () => void diagnose());

  const show = () => {
    setText(run, say(isRunning ? 'diagnostics.running' : 'diagnostics.run'));
    run.disabled = isRunning;
    setAttribute(run, 'aria-busy', isRunning ? 'true' : null);
    copyReport.hidden = !report;
    setText(told, failure || words());
    setAttribute(told, 'data-level', failure ? 'error' : null);
    setAttribute(element, 'data-running', isRunning ? '' : null);
    if (!report) return;
    causes.replaceChildren(...report.causes.map(causeCard));
    checks.replaceChildren(...report.checks.map(checkRow));
  };

  const words = () => {
    if (isRunning) return say('diagnostics.looking');
    if (!report) return say('diagnostics.empty');
    const failed = report.checks.filter(({ ok }) => ok === false).length;
    const values = {
      time: formatExact(ranAt),
      count: formatCount(report.checks.length),
      failed: formatCount(failed),
    };
    return report.causes.length === 0 ? say('diagnostics.no_cause', values) : say('diagnostics.done', values);
  };

  /** @param {Report['causes'][number]} cause */
  const causeCard = ({ title, service, evidence, advice }) =>
    make(
      'article',
      { class: 'cause' },
      make('h3', {}, icon('failed'), [labelOf(service), title].filter(Boolean).join(': ')),
      make('h4', {}, say('diagnostics.evidence')),
      ...paragraphs(evidence),
      make('h4', {}, say('diagnostics.advice')),
      ...paragraphs(advice),
    );

  /** @param {Report['checks'][number]} check */
  const checkRow = ({ check, service, ok, detail, ms }) =>
    make(
      'li',
      { 'data-level': ok === null ? 'unknown' : ok ? 'ok' : 'error' },
      icon(ok === null ? 'unknown' : ok ? 'running' : 'failed'),
      make(
        'strong',
        {},
        [sayIfKnown(`check.${check}`) ?? check, labelOf(service)].filter(Boolean).join(' · '),
      ),
      make('span', { class: 'check-detail' }, detail),
      make(
        'span',
        { class: 'dim' },
        ms === undefined ? '' : say('ms', { value: formatCount(Math.round(ms)) }),
      ),
    );

  /** @param {Report} told */
  const toMarkdown = (told) =>
    [
      `# Vestnik: ${say('tab.diagnostics')}, ${ranAt}`,
      ...told.causes.map(({ title, service, evidence, advice }) =>
        [
          `\n## ${[labelOf(service), title].filter(Boolean).join(': ')}`,
          `\n**${say('diagnostics.evidence')}**\n`,
          ...lines(evidence).map(quoted),
          `\n**${say('diagnostics.advice')}**\n`,
          ...lines(advice),
        ].join('\n'),
      ),
      `\n| | ${say('diagnostics.check')} | ${say('diagnostics.outcome')} | ms |\n| --- | --- | --- | --- |`,
      ...told.checks.map(({ check, service, ok, detail, ms }) =>
        row(
          ok === null ? '?' : ok ? '✓' : '✗',
          [check, labelOf(service)].filter(Boolean).join(' '),
          detail,
          String(Math.round(ms ?? 0)),
        ),
      ),
      '',
    ].join('\n');

  /** The last run in the other language. */
  const sayAgain = async () => {
    const answer = await ask(`/api/diagnostics?lang=${language()}`);
    if (answer.ok && !isRunning) report = answer.body;
    show();
  };

  let shownIn = '';
  return {
    element,
    run: diagnose,
    update: (next) => {
      state = next;
      if (shownIn === document.documentElement.lang) return;
      if (report) void sayAgain();
      else show();
      shownIn = document.documentElement.lang;
    },
    refresh: () => void diagnose(),
  };
}

/** @param {string | string[]} text */
function lines(text) {
  return Array.isArray(text) ? text : [text];
}

/** @param {string | string[]} text */
function paragraphs(text) {
  return lines(text).map((line) => make('p', {}, line));
}

/** What was found stays text in Markdown, whatever stands in it. @param {string} line */
function quoted(line) {
  return `    ${line.replace(/\n/g, '\n    ')}`;
}

/** @param {...string} cells */
function row(...cells) {
  return `| ${cells.map((cell) => cell.replace(/\s*\n\s*/g, ' ').replace(/[\\|`<]/g, '\\$&')).join(' | ')} |`;
}
