/**
 * Entities as Telegram allows them to nest (core.telegram.org/bots/api#formatting-options): sorted, none empty or of
 * white space alone, none ending in white space, quotes not in quotes, code and links not in one another, no style in
 * code. The order in which they are judged follows what Telegram's own clients do with such a text.
 */
import type { EntityType, FormattedText, TextEntity } from '../model/formatted-text.ts';

const styles = new Set<EntityType>(['bold', 'italic', 'underline', 'strikethrough', 'spoiler']);
/** Of entities with the same place, the first of these is the outer one. */
const order: readonly EntityType[] = [
  ...(['blockquote', 'expandable_blockquote', 'pre', 'code', 'text_link', 'text_mention'] as const),
  ...(['custom_emoji', 'date_time', 'bold', 'italic', 'underline', 'strikethrough', 'spoiler'] as const),
];

const endOf = ({ offset, length }: TextEntity) => offset + length;
const isQuote = ({ type }: TextEntity) => type === 'blockquote' || type === 'expandable_blockquote';
const isCode = ({ type }: TextEntity) => type === 'pre' || type === 'code';
/** What a link of white space leads to is not white space. */
const isLink = ({ type }: TextEntity) => type === 'text_link' || type === 'text_mention';

/** A text read from markup, without carriage returns and the white space around it, its entities made to fit. */
export function normalizeEntities(source: FormattedText): FormattedText {
  const { text, entities } = withoutReturns(source);
  return trimText(text, nested(entities.filter(({ length }) => length > 0)));
}

/** Telegram leaves carriage returns out. */
function withoutReturns(source: FormattedText): FormattedText {
  if (!source.text.includes('\r')) return source;
  const removed = new Uint32Array(source.text.length + 1);
  for (let at = 0; at < source.text.length; at++) {
    removed[at + 1] = removed[at]! + (source.text[at] === '\r' ? 1 : 0);
  }
  const entities = source.entities.map((entity) => {
    const offset = entity.offset - removed[entity.offset]!;
    return { ...entity, offset, length: endOf(entity) - removed[endOf(entity)]! - offset };
  });
  return { text: source.text.replaceAll('\r', ''), entities };
}

function nested(entities: readonly TextEntity[]): TextEntity[] {
  const sorted = sort(entities);
  const quotes = apart(sorted.filter(isQuote));
  const whole = apart(sorted.filter((entity) => !isQuote(entity) && !styles.has(entity.type)));
  const inside = whole.filter((entity) => !reachesOut(entity, quotes[firstAfter(quotes, entity.offset)]));
  const codes = inside.filter(isCode);
  const styled = withoutRepeats(sorted.filter(({ type }) => styles.has(type)));
  return sort([...quotes, ...inside, ...styled.flatMap((entity) => around(entity, codes))]);
}

/** By place, the outer before the inner. */
function sort(entities: readonly TextEntity[]): TextEntity[] {
  return entities.toSorted(
    (a, b) => a.offset - b.offset || b.length - a.length || order.indexOf(a.type) - order.indexOf(b.type),
  );
}

/** Those of sorted entities that have nothing in common with one before them. */
function apart(entities: readonly TextEntity[]): TextEntity[] {
  let end = 0;
  return entities.filter((entity) => {
    if (entity.offset < end) return false;
    end = endOf(entity);
    return true;
  });
}

/** Whether an entity has a part in a quote and another outside. */
function reachesOut(entity: TextEntity, quote: TextEntity | undefined): boolean {
  if (!quote || entity.offset >= endOf(quote) || endOf(entity) <= quote.offset) return false;
  return entity.offset < quote.offset || endOf(entity) > endOf(quote);
}

/** Without a bold text in a bold text. */
function withoutRepeats(entities: readonly TextEntity[]): TextEntity[] {
  const ends = new Map<EntityType, number>();
  return entities.filter((entity) => {
    if (endOf(entity) <= (ends.get(entity.type) ?? 0)) return false;
    ends.set(entity.type, endOf(entity));
    return true;
  });
}

/** The parts of a styled text before, between and after the codes in it. */
function around(entity: TextEntity, codes: readonly TextEntity[]): TextEntity[] {
  const end = endOf(entity);
  const parts: TextEntity[] = [];
  let from = entity.offset;
  for (let index = firstAfter(codes, entity.offset); index < codes.length; index++) {
    const code = codes[index]!;
    if (code.offset >= end) break;
    if (code.offset > from) parts.push({ ...entity, offset: from, length: code.offset - from });
    from = endOf(code);
  }
  if (from < end) parts.push({ ...entity, offset: from, length: end - from });
  return parts;
}

/** Index of the first of sorted entities that ends after `offset`. */
function firstAfter(entities: readonly TextEntity[], offset: number): number {
  let [low, high] = [0, entities.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (endOf(entities[middle]!) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

const isSpace = (char: string | undefined) => char !== undefined && ' \t\n\v\f'.includes(char);

function trimText(text: string, entities: readonly TextEntity[]): FormattedText {
  let end = text.length;
  while (isSpace(text[end - 1])) end--;
  // Telegram leaves the white space at the start where an entity, such as a code, begins with it.
  const limit = Math.min(trimEntities(text, entities)[0]?.offset ?? end, end);
  let start = 0;
  while (start < limit && isSpace(text[start])) start++;
  return cut({ text, entities }, start, end);
}

/** The part of a text from `start` to `end`, with what of its entities is in there. */
export function cut({ text, entities }: FormattedText, start: number, end: number): FormattedText {
  const part = text.slice(start, end);
  const within = entities.flatMap((entity) => {
    const from = Math.max(entity.offset, start);
    const length = Math.min(endOf(entity), end) - from;
    return length > 0 ? [{ ...entity, offset: from - start, length }] : [];
  });
  return { text: part, entities: trimEntities(part, within) };
}

/** Ends each entity with a character that is seen, and leaves out those without one; white space in code is seen. */
function trimEntities(text: string, entities: readonly TextEntity[]): TextEntity[] {
  if (entities.length === 0) return [];
  const isSeen = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) isSeen[at] = isSpace(text[at]) ? 0 : 1;
  const ends = seenEnds(isSeen);
  const kept = entities.filter((entity) => isLink(entity) || ends[endOf(entity)]! > entity.offset);
  for (const entity of kept.filter(isCode)) isSeen.fill(1, entity.offset, endOf(entity));
  const endsWithCode = seenEnds(isSeen);
  const trimmed = kept.map((entity) => {
    const end = endsWithCode[endOf(entity)]!;
    return end > entity.offset ? { ...entity, length: end - entity.offset } : entity;
  });
  return sort(trimmed);
}

/** For each place in a text, the end of the last seen character before it. */
function seenEnds(isSeen: Uint8Array): Uint32Array {
  const ends = new Uint32Array(isSeen.length + 1);
  for (let at = 0; at < isSeen.length; at++) ends[at + 1] = isSeen[at] ? at + 1 : ends[at]!;
  return ends;
}
