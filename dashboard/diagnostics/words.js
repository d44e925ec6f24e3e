/** What a report says, in the language of the page. */
import { sayIfKnown } from '../language.js';
import { inWords, wordsFor } from '../reasons.js';

/** @import { ReportedCause, ReportedCheck, ReportedFact } from '../../apps/monitor/diagnostics/report.ts' */
/** @import { SentReason, Values } from '../../apps/kit/reason.ts' */
/** @import { Place } from '../reasons.js' */

/** @param {{ check: string, service: string | null }} check @param {(service: string) => string} labelOf */
export function nameOf({ check, service }, labelOf) {
  const name = sayIfKnown(`check.${check}`) ?? check;
  return service === null ? name : `${name} · ${labelOf(service)}`;
}

/** @param {ReportedCheck} check @param {Place} [place] */
export function detailOf({ id, values, causes, detail }, place) {
  return wordsFor(`detail.${id}`, withWords(values, causes, place), place) ?? detail;
}

/** @param {ReportedCause} cause @param {(service: string) => string} labelOf */
export function titleOf({ id, title, service }, labelOf) {
  const words = sayIfKnown(`cause.${id}`) ?? title;
  return service === null ? words : `${labelOf(service)}: ${words}`;
}

/** What to do now, and what not to do. @param {ReportedCause} cause @returns {{ now: string, avoid: string }} */
export function adviceOf({ id, advice }) {
  return { now: sayIfKnown(`cause.${id}.do`) ?? advice, avoid: sayIfKnown(`cause.${id}.avoid`) ?? '' };
}

/** A fact that is no line of a log. @param {Exclude<ReportedFact, { line: object }>} fact @param {Place} [place] */
export function factOf({ id, values, causes }, place) {
  return wordsFor(`fact.${id}`, withWords(values, causes, place), place) ?? Object.values(values).join(' ');
}

/**
 * The values with their reason in the language of the page.
 * @param {Values} values
 * @param {readonly SentReason[]} causes
 * @param {Place} [place]
 * @returns {Values}
 */
function withWords(values, causes, place) {
  return causes.length === 0 ? values : { ...values, reason: inWords(String(values.reason), causes, place) };
}
