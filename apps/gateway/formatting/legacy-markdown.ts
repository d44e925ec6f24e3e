/**
 * The older Markdown of the Bot API (core.telegram.org/bots/api#markdown-style): *bold*, _italic_, `code`, ```pre``` and
 * [text](address), none within another; \ escapes the four characters outside of them. An address without its ) reaches
 * to the end, and a link without an address leads to its own text, as in TDLib.
 */
import type { FormattedText, TextEntity } from '../model/formatted-text.ts';
import { linkTo, MarkupError, preOpening, type EntityKind } from './markup.ts';

const special = '_*`[';
const kinds = {
  _: { end: '_', type: 'italic', name: 'italic' },
  '*': { end: '*', type: 'bold', name: 'bold' },
  '`': { end: '`', type: 'code', name: 'code' },
  '```': { end: '```', type: 'pre', name: 'code block' },
  '[': { end: ']', type: 'text_link', name: 'link' },
} as const;

/** @throws MarkupError for an entity without an end */
export function readLegacyMarkdown(source: string): FormattedText {
  const entities: TextEntity[] = [];
  let text = '';
  let at = 0;

  const readEntity = (mark: keyof typeof kinds): void => {
    const { end, type, name } = kinds[mark];
    const [opening, language] = type === 'pre' ? openingOfPre(source, at) : [mark];
    const from = at + opening.length;
    const to = source.indexOf(end, from);
    if (to === -1) {
      throw new MarkupError(at, `the ${name} that begins here has no end: escape ${mark} with a backslash`);
    }
    const inside = source.slice(from, to);
    at = to + end.length;
    const kind: EntityKind | undefined =
      type === 'text_link' ? linkTo(readAddress() ?? inside) : { type, ...(language && { language }) };
    if (kind && inside !== '') entities.push({ ...kind, offset: text.length, length: inside.length });
    text += inside;
  };
  const readAddress = (): string | undefined => {
    if (source[at] !== '(') return undefined;
    const close = source.indexOf(')', at);
    const address = source.slice(at + 1, close === -1 ? undefined : close);
    at = close === -1 ? source.length : close + 1;
    return address;
  };

  while (at < source.length) {
    const [char, next] = [source[at]!, source[at + 1]];
    if (char === '\\' && next !== undefined && special.includes(next)) {
      text += next;
      at += 2;
    } else if (special.includes(char)) {
      readEntity(source.startsWith('```', at) ? '```' : (char as keyof typeof kinds));
    } else {
      text += char;
      at++;
    }
  }
  return { text, entities };
}

function openingOfPre(source: string, at: number): [string, string?] {
  const opening = preOpening();
  opening.lastIndex = at;
  const [whole, language] = opening.exec(source)!;
  return [whole, language];
}
