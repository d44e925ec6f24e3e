/** The query parameters of what shows lines. */
import type { ParsedUrlQuery } from 'node:querystring';
import { z } from 'zod';
import { errorClasses } from '../../kit/errors.ts';
import { groups } from '../logs/log-line.ts';
import type { LogFilter } from '../logs/log-rows.ts';
import { levels, type Level } from '../model/log-levels.ts';
import { readQuery, wholeNumber, words } from './query.ts';

const longestText = 200;
const knownClasses = [...new Set([...groups, ...Object.keys(errorClasses)])];
const seq = (min: number) => wholeNumber(min, Number.MAX_SAFE_INTEGER, 'the seq of a line').optional();

const filterFields = (services: readonly string[]) => ({
  service: words(services).optional(),
  class: words(knownClasses).optional(),
  level: words(levels).optional(),
  text: z.string().max(longestText, `a part of a line, of at most ${longestText} characters`).optional(),
});
const since = z
  .string()
  .transform(timeOf)
  .refine((time) => !Number.isNaN(time), 'a time such as 2026-02-20T10:00:00Z, or seconds since 1970');

/** Of a list of lines: filters, from when on, and which page. */
export function readListQuery(query: ParsedUrlQuery, services: readonly string[]) {
  const fields = {
    ...filterFields(services),
    since: since.optional(),
    before: seq(1),
    limit: wholeNumber(1, 5_000, 'a number').default(500),
  };
  const given = readQuery(query, z.strictObject(fields));
  const { before = null, limit } = given;
  return { filter: { ...filterOf(given), since: given.since ?? null }, before, limit };
}

/** Of the stream: filters, and after which line it goes on. */
export function readStreamQuery(query: ParsedUrlQuery, services: readonly string[], lastEventId: string) {
  const asked = lastEventId === '' ? query : { ...query, after: lastEventId };
  const given = readQuery(asked, z.strictObject({ ...filterFields(services), after: seq(0) }));
  return { filter: filterOf(given), after: given.after ?? null };
}

function filterOf(given: {
  service?: string[] | undefined;
  class?: string[] | undefined;
  level?: string[] | undefined;
  text?: string | undefined;
}): LogFilter {
  return {
    services: given.service ?? null,
    classes: given.class ?? null,
    levels: (given.level as Level[] | undefined) ?? null,
    text: given.text ?? null,
    since: null,
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
