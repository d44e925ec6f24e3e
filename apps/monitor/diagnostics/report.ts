/** A run of the checks as it is reported: ids with their values for a page, English sentences for everybody else. Pure. */
import type { SentReason } from '../../kit/reason.ts';
import { findCauses, type Cause, type Fact } from './causes.ts';
import type { Run } from './checks.ts';
import type { CheckOutcome, Planned, ShownLine, Values } from './outcome.ts';
import { say } from './words.ts';

export interface ReportedCheck extends Planned {
  /** Null where it is not known. */
  readonly ok: boolean | null;
  readonly detail: string;
  /** Which sentence `detail` is, and what was put into it. */
  readonly id: string;
  readonly values: Values;
  /** What `values.reason` says, by codes. */
  readonly causes: readonly SentReason[];
  readonly lines: readonly ShownLine[];
  readonly ms: number;
}

/** A fact that is a line of a log has the line, any other an id and values. */
export type ReportedFact =
  | { readonly line: ShownLine; readonly count: number }
  | { readonly id: string; readonly values: Values; readonly causes: readonly SentReason[] };

export interface ReportedCause {
  readonly id: string;
  readonly service: string | null;
  readonly title: string;
  readonly evidence: readonly string[];
  readonly advice: string;
  readonly facts: readonly ReportedFact[];
}

/** What `POST /api/diagnostics` answers. */
export interface Report {
  /** ISO 8601. */
  readonly at: string;
  readonly checks: readonly ReportedCheck[];
  /** The gravest first. */
  readonly causes: readonly ReportedCause[];
}

export function createReport({ at, checks, evidence }: Run): Report {
  return { at, checks: checks.map(reportCheck), causes: findCauses(evidence).map(reportCause) };
}

export function reportCheck({
  check,
  service,
  ok,
  detail: id,
  values,
  causes,
  lines,
  ms,
}: CheckOutcome): ReportedCheck {
  const detail = [say(`detail.${id}`, values), ...lines.map(lineOf)].join('\n');
  return { check, service, ok, detail, id, values, causes, lines, ms: Math.round(ms * 10) / 10 };
}

function reportCause({ id, service, evidence }: Cause): ReportedCause {
  return {
    id,
    service,
    title: say(`cause.${id}`),
    evidence: evidence.map(sentenceOf),
    advice: `${say(`cause.${id}.do`)} ${say(`cause.${id}.avoid`)}`,
    facts: evidence.map((fact) =>
      'line' in fact
        ? { line: { at: fact.line.at, message: fact.line.message }, count: fact.count }
        : { id: fact.id, values: fact.values, causes: fact.causes ?? [] },
    ),
  };
}

function sentenceOf(fact: Fact): string {
  if ('id' in fact) return say(`fact.${fact.id}`, fact.values);
  return `${lineOf(fact.line)}${fact.count > 1 ? ` (${fact.count} times)` : ''}`;
}

function lineOf({ at, message }: ShownLine): string {
  return `${at} ${message}`;
}
