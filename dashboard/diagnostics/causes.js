/** The causes that were found: what speaks for each, what to do now, and what not to. */
import { make } from '../../apps/ui/elements.js';
import { formatAgo, formatCount, formatExact } from '../format.js';
import { icon } from '../icons.js';
import { say } from '../language.js';
import { adviceOf, factOf, titleOf } from './words.js';

/** @import { ShownLine } from '../../apps/monitor/diagnostics/outcome.ts' */
/** @import { ReportedCause, ReportedFact } from '../../apps/monitor/diagnostics/report.ts' */

/**
 * @param {ReportedCause} cause
 * @param {(service: string) => string} labelOf
 * @param {number} now
 */
export function causeCard(cause, labelOf, now) {
  const { now: advice, avoid } = adviceOf(cause);
  return make(
    'article',
    { class: 'cause', 'data-cause': cause.id },
    make('h3', {}, icon('failed'), titleOf(cause, labelOf)),
    make('h4', {}, say('diagnostics.advice')),
    make('p', {}, advice),
    ...(avoid ? [make('h4', {}, say('diagnostics.avoid')), make('p', {}, avoid)] : []),
    make('h4', {}, say('diagnostics.evidence')),
    make('ul', { class: 'facts-found' }, ...cause.facts.map((fact) => factRow(fact, now))),
  );
}

/** @param {ReportedFact} fact @param {number} now */
function factRow(fact, now) {
  if ('id' in fact) return make('li', {}, factOf(fact));
  const row = lineRow(fact.line, now);
  if (fact.count > 1)
    row.append(
      make('span', { class: 'times' }, say('diagnostics.times', { count: formatCount(fact.count) })),
    );
  return row;
}

/**
 * A line of a log, as it is, with how long ago it was.
 * @param {ShownLine} line
 * @param {number} now
 */
export function lineRow({ at, message }, now) {
  const time = make('time', { datetime: at, title: formatExact(at) }, formatAgo(at, now));
  return make('li', { class: 'found-line' }, time, make('code', {}, message));
}

/**
 * Times go on while the report stands.
 * @param {Element} root
 * @param {number} now
 */
export function renewAges(root, now) {
  for (const time of root.querySelectorAll('time[datetime]')) {
    const words = formatAgo(time.getAttribute('datetime') ?? '', now);
    if (time.textContent !== words) time.textContent = words;
  }
}
