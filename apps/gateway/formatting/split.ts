/**
 * Cuts a text into as many messages as it takes. A cut goes where a reader would make it, and not through an entity
 * that fits one message; an entity that is longer goes on in the next message. No message has more entities than Telegram
 * keeps.
 */
import { maxEntities, type FormattedText, type TextEntity } from '../model/formatted-text.ts';
import { cut } from './normalize-entities.ts';

/** What a message takes without Premium, in UTF-16 units. */
export const maxTextLength = 4096;

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
const sentences = new Intl.Segmenter('en', { granularity: 'sentence' });
/** How far past a cut the cluster that it may go through is looked for; longer ones are noise. */
const longestCluster = 256;

/**
 * The parts of a text, each of at most `max` (2 or more) UTF-16 units, none empty. Only white space at the cuts is
 * lost; a text that fits is one part, as it is.
 */
export function splitText(formatted: FormattedText, max = maxTextLength): FormattedText[] {
  const { text, entities } = formatted;
  if (text.trim() === '') return [];
  if (text.length <= max && entities.length <= maxEntities) return [formatted];
  const parts: FormattedText[] = [];
  const textEnd = text.trimEnd().length;
  let start = skipBlank(text, 0);
  while (start < textEnd) {
    const near = { text, entities: entities.filter((entity) => isNear(entity, start, max)) };
    const most = Math.min(max, (near.entities[maxEntities]?.offset ?? Infinity) - start);
    const end = textEnd - start <= most ? textEnd : nextCut(near, start, most);
    const part = cut(near, start, start + text.slice(start, end).trimEnd().length);
    if (part.text !== '') parts.push(part);
    start = skipBlank(text, end);
  }
  return parts;
}

/** Blank lines go, and spaces within a line; the spaces that a line begins with may be the indentation of code. */
function skipBlank(text: string, at: number): number {
  const lines = /(?:[^\S\n]*\n)+/y;
  lines.lastIndex = at;
  if (lines.test(text)) return lines.lastIndex;
  if (at === 0 || text[at - 1] === '\n') return at;
  const spaces = /\s+/y;
  spaces.lastIndex = at;
  return spaces.test(text) ? spaces.lastIndex : at;
}

/** Whether some of an entity can be in the part that begins at `start`. */
function isNear({ offset, length }: TextEntity, start: number, max: number): boolean {
  return offset < start + max && offset + length > start;
}

/** Where the part that begins at `start` ends: after a paragraph, else a line, a sentence, a word, a character. */
function nextCut({ text, entities }: FormattedText, start: number, max: number): number {
  const window = text.slice(start, start + max + longestCluster);
  const isInside = insideOf(entities, start, max);
  const clusters = graphemes.segment(window);
  const isAllowed = (at: number) => at > 0 && !isInside[at] && clusters.containing(at)?.index === at;
  // A part that ends in its first half for the sake of a paragraph would leave readers with scraps.
  const isGood = (at: number) => at >= max / 2 && isAllowed(at);
  const relative =
    lastBreak(window, max, /\n[^\S\n]*\n/g, isGood) ??
    lastBreak(window, max, /\n/g, isGood) ??
    lastSentence(window, max, isGood) ??
    lastBreak(window, max, /\s/g, isAllowed) ??
    edges(entities, start, max).findLast(isAllowed) ??
    lastCharacter(window, max, clusters);
  return start + relative;
}

/** For each place of a part, whether a cut there goes through an entity that fits one message. */
function insideOf(entities: readonly TextEntity[], start: number, max: number): Uint8Array {
  const isInside = new Uint8Array(max + 1);
  for (const { offset, length } of entities) {
    if (length <= max)
      isInside.fill(1, Math.max(0, offset + 1 - start), Math.max(0, offset + length - start));
  }
  return isInside;
}

/** The last place at or before `max` where `white` space begins, which the cut then drops. */
function lastBreak(
  window: string,
  max: number,
  white: RegExp,
  isGood: (at: number) => boolean,
): number | undefined {
  const places = [...window.slice(0, max + 1).matchAll(white)].map(({ index }) => index);
  return places.findLast(isGood);
}

function lastSentence(window: string, max: number, isGood: (at: number) => boolean): number | undefined {
  return [...sentences.segment(window.slice(0, max))].map(({ index }) => index).findLast(isGood);
}

/** Where entities begin and end, in order. */
function edges(entities: readonly TextEntity[], start: number, max: number): number[] {
  const all = entities.flatMap(({ offset, length }) => [offset - start, offset + length - start]);
  return all.filter((at) => at <= max).sort((a, b) => a - b);
}

/** The end of the last whole character, or of the last whole code point where one character is longer than all. */
function lastCharacter(window: string, max: number, clusters: Intl.Segments): number {
  const start = clusters.containing(max)?.index ?? max;
  if (start > 0) return start;
  const isLowSurrogate = (window.charCodeAt(max) & 0xfc00) === 0xdc00;
  return isLowSurrogate ? max - 1 : max;
}
