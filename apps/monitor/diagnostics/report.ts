/** A run of the checks in the words of one language. Pure. */
import { findCauses, type Fact } from './causes.ts';
import type { Run } from './checks.ts';
import { fill, wordsOf, type Language } from './words.ts';

/** What `POST /api/diagnostics` answers. */
export interface Report {
  /** ISO 8601. */
  readonly at: string;
  readonly lang: Language;
  readonly checks: readonly {
    readonly check: string;
    readonly service: string | null;
    /** Null where it could not be told. */
    readonly ok: boolean | null;
    readonly detail: string;
    readonly ms: number;
  }[];
  /** The gravest first. */
  readonly causes: readonly {
    readonly id: string;
    readonly service: string | null;
    readonly title: string;
    readonly evidence: readonly string[];
    readonly advice: string;
  }[];
}

export function createReport({ at, checks, evidence }: Run, lang: Language): Report {
  const words = wordsOf[lang];
  return {
    at,
    lang,
    checks: checks.map(({ check, service, ok, detail, values, ms }) => ({
      check,
      service,
      ok,
      detail: fill(words.details[detail], values),
      ms: Math.round(ms * 10) / 10,
    })),
    causes: findCauses(evidence).map(({ id, service, evidence: facts }) => ({
      id,
      service,
      title: words.causes[id].title,
      evidence: facts.map((fact) => say(fact, lang)),
      advice: words.causes[id].advice,
    })),
  };
}

function say(fact: Fact, lang: Language): string {
  const words = wordsOf[lang];
  if ('phrase' in fact) return fill(words.phrases[fact.phrase], fact.values);
  const { line, count } = fact;
  const times = count > 1 ? ` (${fill(words.times, { count })})` : '';
  return `${line.at} ${line.message}${times}`;
}
