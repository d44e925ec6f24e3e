/** A report as Markdown, to be sent to somebody: in words of the page's language, with times that have their zone. */
import { formatStamp } from '../format.js';
import { say } from '../language.js';
import { adviceOf, detailOf, factOf, nameOf, titleOf } from './words.js';
import { keyOf } from './report.js';

/** @import { ShownLine } from '../../apps/monitor/diagnostics/outcome.ts' */
/** @import { ReportedCause, ReportedCheck, ReportedFact } from '../../apps/monitor/diagnostics/report.ts' */
/** @import { Report } from './report.js' */

/** @param {Report} report @param {(service: string) => string} labelOf @returns {string} */
export function toMarkdown({ at, planned, checks, causes = [] }, labelOf) {
  const ended = planned.flatMap((each) => checks.get(keyOf(each)) ?? []);
  return [
    `# Vestnik: ${say('tab.diagnostics')}, ${formatStamp(at)}`,
    ...causes.map((cause) => causePart(cause, labelOf)),
    `\n| | ${say('diagnostics.check')} | ${say('diagnostics.outcome')} | ms |\n| --- | --- | --- | ---: |`,
    ...ended.map((check) =>
      row(sign(check), nameOf(check, labelOf), detailOf(check, 'document'), String(Math.round(check.ms))),
    ),
    ...ended.filter(({ lines }) => lines.length > 0).map((check) => linesPart(check, labelOf)),
    '',
  ].join('\n');
}

/** @param {ReportedCause} cause @param {(service: string) => string} labelOf */
function causePart(cause, labelOf) {
  const { now, avoid } = adviceOf(cause);
  return [
    `\n## ${titleOf(cause, labelOf)}`,
    `\n**${say('diagnostics.advice')}:** ${now}`,
    ...(avoid ? [`\n**${say('diagnostics.avoid')}:** ${avoid}`] : []),
    `\n**${say('diagnostics.evidence')}:**\n`,
    ...cause.facts.map((fact) => quoted(factLine(fact))),
  ].join('\n');
}

/** @param {ReportedCheck} check @param {(service: string) => string} labelOf */
function linesPart(check, labelOf) {
  return [`\n**${nameOf(check, labelOf)}:**\n`, ...check.lines.map((line) => quoted(stamped(line)))].join(
    '\n',
  );
}

/** @param {ReportedFact} fact */
function factLine(fact) {
  if ('id' in fact) return factOf(fact, 'document');
  return stamped(fact.line) + (fact.count > 1 ? ` (${say('diagnostics.times', { count: fact.count })})` : '');
}

/** @param {ShownLine} line */
function stamped({ at, message }) {
  return `${formatStamp(at)} ${message}`;
}

/** @param {ReportedCheck} check */
function sign({ ok }) {
  return ok === null ? '?' : ok ? '✓' : '✗';
}

/** What was found stays text in Markdown, whatever stands in it. @param {string} line */
function quoted(line) {
  return `    ${line.replace(/\n/g, '\n    ')}`;
}

/** @param {...string} cells */
function row(...cells) {
  return `| ${cells.map((cell) => cell.replace(/\s*\n\s*/g, ' ').replace(/[\\|`<]/g, '\\$&')).join(' | ')} |`;
}
