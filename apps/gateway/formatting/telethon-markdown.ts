/**
 * The markdown that Telethon's clients take unless told otherwise, for callers of older services: **bold**, __italic__,
 * ~~strikethrough~~, `code`, ```pre``` and [text](address), without escapes. It never refuses: what does not close is text.
 */
import type { EntityType, FormattedText, TextEntity } from '../model/formatted-text.ts';
import { linkTo } from './markup.ts';

const marks: readonly (readonly [string, EntityType])[] = [
  ['```', 'pre'],
  ['**', 'bold'],
  ['__', 'italic'],
  ['~~', 'strikethrough'],
  ['`', 'code'],
];

export function readTelethonMarkdown(source: string): FormattedText {
  const entities: TextEntity[] = [];
  const find = createFinder(source);
  let text = '';

  const read = (from: number, to: number): void => {
    let at = from;
    while (at < to) at = readMark(at, to) ?? readLink(at, to) ?? readCharacter(at);
  };
  const add = (kind: Omit<TextEntity, 'offset' | 'length'>, readInside: () => void): void => {
    const index = entities.push({ ...kind, offset: text.length, length: 0 }) - 1;
    readInside();
    entities[index] = { ...entities[index]!, length: text.length - entities[index]!.offset };
  };

  /** The place after a mark, its text and its end; the text has at least one character. */
  const readMark = (at: number, to: number): number | undefined => {
    const [mark, type] = marks.find(([each]) => source.startsWith(each, at)) ?? [];
    if (mark === undefined || type === undefined) return undefined;
    const start = at + mark.length;
    const end = find(mark, start + 1);
    if (end === -1 || end + mark.length > to) return undefined;
    const isCode = type === 'pre' || type === 'code';
    add({ type }, () => (isCode ? void (text += source.slice(start, end)) : read(start, end)));
    return end + mark.length;
  };
  const readLink = (at: number, to: number): number | undefined => {
    if (source[at] !== '[') return undefined;
    const middle = find('](', at + 2);
    const end = middle === -1 ? -1 : find(')', middle + 3);
    if (end === -1 || end >= to) return undefined;
    const url = source.slice(middle + 2, end);
    const kind = url.includes('\n') ? undefined : linkTo(url);
    if (!kind) return undefined;
    add(kind, () => void (text += source.slice(at + 1, middle)));
    return end + 1;
  };
  const readCharacter = (at: number): number => {
    text += source[at]!;
    return at + 1;
  };

  read(0, source.length);
  return { text, entities };
}

/** indexOf for places that mostly grow, so that many marks without an end cost no more than a few. */
function createFinder(source: string): (part: string, from: number) => number {
  const found = new Map<string, { from: number; at: number }>();
  return (part, from) => {
    const last = found.get(part);
    if (last && from >= last.from && (last.at === -1 || from <= last.at)) return last.at;
    const at = source.indexOf(part, from);
    found.set(part, { from, at });
    return at;
  };
}
