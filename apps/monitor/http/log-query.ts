/** The query parameters of what shows lines. */
import type { ParsedUrlQuery } from 'node:querystring';
import { errorClasses } from '../../kit/errors.ts';
import { shortened } from '../../kit/shorten.ts';
import { Problem } from '../../kit/errors.ts';
import { groups } from '../logs/log-line.ts';
import type { LogFilter } from '../logs/log-rows.ts';
import { levels, type Level } from '../model/log-levels.ts';

const longestText = 200;
const knownClasses = [...new Set([...groups, ...Object.keys(errorClasses)])];
const filterNames = ['service', 'class', 'level', 'text'] as const;

/** Of a list of lines: filters, from when on, and which page. */
export function readListQuery(query: ParsedUrlQuery, services: readonly string[]) {
  mustKnow(query, [...filterNames, 'since', 'before', 'limit']);
  return {
    filter: readFilter(query, services),
    before: wholeNumber(query, 'before', 1, Number.MAX_SAFE_INTEGER, 'the seq of a line'),
    limit: wholeNumber(query, 'limit', 1, 5_000, 'a number') ?? 500,
  };
}

/** Of the stream: filters, and after which line it goes on. */
export function readStreamQuery(query: ParsedUrlQuery, services: readonly string[], lastEventId: string) {
  mustKnow(query, [...filterNames, 'after']);
  const asked = lastEventId === '' ? query : { after: lastEventId };
  return {
    filter: readFilter(query, services),
    after: wholeNumber(asked, 'after', 0, Number.MAX_SAFE_INTEGER, 'the seq of a line'),
  };
}

function readFilter(query: ParsedUrlQuery, services: readonly string[]): LogFilter {
  const text = word(query, 'text');
  if (text !== undefined && text.length > longestText) {
    throw wrong('text', `a part of a line, of at most ${longestText} characters`);
  }
  const since = word(query, 'since');
  const sinceMs = since === undefined ? null : timeOf(since);
  if (Number.isNaN(sinceMs)) {
    throw wrong('since', 'a time such as 2026-02-20T10:00:00Z, or seconds since 1970', since);
  }
  return {
    services: words(query, 'service', services),
    classes: words(query, 'class', knownClasses),
    levels: words(query, 'level', levels) as Level[] | null,
    text: text ?? null,
    since: sinceMs,
  };
}

/** Seconds or milliseconds since 1970, or ISO 8601; NaN for anything else. */
function timeOf(text: string): number {
  if (/^\d{1,10}(\.\d+)?$/.test(text)) return Math.floor(Number(text) * 1000);
  if (/^\d{13}$/.test(text)) return Number(text);
  // A plus sign that was not escaped has become a space.
  const iso = text.replace(/ (\d\d:\d\d)$/, '+$1');
  return /^\d{4}-\d\d-\d\d(T\d\d:\d\d.*)?$/.test(iso) ? Date.parse(iso) : NaN;
}

/** Words of a closed list separated by commas, in any case; null where all are wanted. */
function words(query: ParsedUrlQuery, name: string, known: readonly string[]): string[] | null {
  const given = word(query, name);
  if (given === undefined) return null;
  return given.split(',').map((part) => {
    const found = known.find((one) => one.toLowerCase() === part.trim().toLowerCase());
    if (found === undefined) throw wrong(name, `one or more of ${known.join(', ')}`, part);
    return found;
  });
}

function wholeNumber(query: ParsedUrlQuery, name: string, min: number, max: number, what: string) {
  const given = word(query, name);
  if (given === undefined) return null;
  const value = /^\d{1,16}$/.test(given) ? Number(given) : NaN;
  if (value >= min && value <= max) return value;
  throw wrong(name, `${what} from ${min} to ${max}`, given);
}

/** An empty one is as none: so a form sends what was left open. */
function word(query: ParsedUrlQuery, name: string): string | undefined {
  const value = query[name];
  if (Array.isArray(value)) throw new Problem('bad_request', `${name} may be given once`);
  return value === '' ? undefined : value;
}

function mustKnow(query: ParsedUrlQuery, names: readonly string[]): void {
  const unknown = Object.keys(query).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new Problem(
      'bad_request',
      `${shortened(unknown)} is not known here; there are ${names.join(', ')}`,
    );
  }
}

function wrong(name: string, takes: string, given?: string): Problem {
  const not = given === undefined ? '' : `, not ${JSON.stringify(shortened(given))}`;
  return new Problem('bad_request', `${name} takes ${takes}${not}`);
}
