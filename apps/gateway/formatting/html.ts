/**
 * The Bot API's HTML (core.telegram.org/bots/api#html-style): its tags and nothing else, <, > and & as references,
 * every tag closed. White space and line breaks stay as they are.
 */
import type { EntityType, FormattedText, TextEntity } from '../model/formatted-text.ts';
import { shortened } from '../../kit/shorten.ts';
import { customEmoji, dateTime, linkTo, MarkupError, withTargets, type EntityKind } from './markup.ts';

/** A tag whose end has not come yet; `at` is in the source, `offset` in the text. */
interface Open {
  readonly tag: string;
  readonly at: number;
  readonly offset: number;
  readonly attributes: ReadonlyMap<string, string>;
}

const types: Readonly<Record<string, EntityType>> = {
  b: 'bold',
  strong: 'bold',
  i: 'italic',
  em: 'italic',
  u: 'underline',
  ins: 'underline',
  s: 'strikethrough',
  strike: 'strikethrough',
  del: 'strikethrough',
  span: 'spoiler',
  'tg-spoiler': 'spoiler',
  'tg-emoji': 'custom_emoji',
  'tg-time': 'date_time',
  a: 'text_link',
  code: 'code',
  pre: 'pre',
  blockquote: 'blockquote',
};
const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"' };

/** @throws MarkupError where a tag is not known, not whole or not closed */
export function readHtml(source: string): FormattedText {
  return new Html(source).read();
}

class Html {
  private readonly source: string;
  private readonly entities: TextEntity[] = [];
  private readonly open: Open[] = [];
  private text = '';
  private at = 0;

  constructor(source: string) {
    this.source = source;
  }

  read(): FormattedText {
    const { source } = this;
    while (this.at < source.length) {
      if (source.startsWith('</', this.at)) this.endTag();
      else if (source[this.at] === '<') this.startTag();
      else this.text += this.character();
    }
    const left = this.open.at(-1);
    if (left) throw new MarkupError(left.at, `tag <${left.tag}> is never closed`);
    return { text: this.text, entities: withTargets(this.text, this.entities).map(withoutLanguage) };
  }

  /** The next character, or the one that a reference stands for. Other references stay as they are. */
  private character(): string {
    const at = this.at;
    const [whole, hexadecimal, decimal, name] =
      this.match(/&(?:#x([\da-f]{1,8})|#(\d{1,8})|([a-z]+));?/iy) ?? [];
    if (whole === undefined) return this.source[this.at++]!;
    if (name !== undefined) return Object.hasOwn(named, name) ? named[name]! : whole;
    const code = hexadecimal === undefined ? Number(decimal) : parseInt(hexadecimal, 16);
    if (code === 0 || code >= 0x10ffff) return whole;
    if (code >= 0xd800 && code < 0xe000) throw new MarkupError(at, `${whole} is half a character`);
    return String.fromCodePoint(code);
  }

  private startTag(): void {
    const at = this.at;
    const tag = this.match(/<([^\s>]*)/y)![1]!.toLowerCase();
    if (this.at === this.source.length && tag !== '')
      throw new MarkupError(at, `tag <${shortened(tag)} has no '>'`);
    if (!Object.hasOwn(types, tag)) {
      const advice = /^\/?[a-z]/.test(tag) ? '' : ", and '<' itself is written &lt;";
      throw new MarkupError(
        at,
        `tag <${shortened(tag)}> is not one of ${Object.keys(types).join(', ')}${advice}`,
      );
    }
    const attributes = this.attributes(tag, at);
    if (tag === 'span' && attributes.get('class') !== 'tg-spoiler') {
      throw new MarkupError(at, 'tag <span> takes class="tg-spoiler" and nothing else');
    }
    if (tag === 'tg-emoji' && !customEmoji(attributes.get('emoji-id'))) {
      throw new MarkupError(at, 'tag <tg-emoji> takes emoji-id="…", the id of a custom emoji');
    }
    if (tag === 'tg-time' && !dateTime(attributes.get('unix'), attributes.get('format'))) {
      throw new MarkupError(
        at,
        'tag <tg-time> takes unix="…", epoch seconds, and format="r" or some of w, d or D, t or T',
      );
    }
    this.open.push({ tag, at, offset: this.text.length, attributes });
  }

  private attributes(tag: string, tagAt: number): Map<string, string> {
    const attributes = new Map<string, string>();
    for (;;) {
      this.match(/\s*/y);
      if (this.at >= this.source.length) throw new MarkupError(tagAt, `tag <${tag}> has no '>'`);
      if (this.match(/>/y)) return attributes;
      const name = this.match(/[^\s=>]*/y)![0].toLowerCase();
      if (name === '') throw new MarkupError(this.at, `an attribute of tag <${tag}> has no name`);
      attributes.set(name, this.match(/\s*=\s*/y) ? this.value(tag, tagAt) : '');
    }
  }

  private value(tag: string, tagAt: number): string {
    const quote = this.match(/["']/y)?.[0];
    if (quote === undefined) {
      const at = this.at;
      const word = this.match(/[\w.-]*(?=[\s>])/y);
      if (word) return word[0];
      if (at >= this.source.length) throw new MarkupError(tagAt, `tag <${tag}> has no '>'`);
      throw new MarkupError(at, `the value of an attribute of tag <${tag}> must stand in quotation marks`);
    }
    let value = '';
    while (this.source[this.at] !== quote) {
      if (this.at >= this.source.length)
        throw new MarkupError(tagAt, `a value in tag <${tag}> has no closing ${quote}`);
      value += this.character();
    }
    this.at++;
    return value;
  }

  private endTag(): void {
    const at = this.at;
    const [, tag, end] = this.match(/<\/([^\s>]*)\s*(>?)/y)!;
    const last = this.open.pop();
    if (!last) throw new MarkupError(at, `tag </${shortened(tag!)}> closes nothing`);
    if (!end) throw new MarkupError(at, "this closing tag has no '>'");
    // The Bot API takes </> for the end of any tag.
    if (tag !== '' && tag!.toLowerCase() !== last.tag) {
      throw new MarkupError(
        at,
        `tag </${shortened(tag!)}> stands where </${last.tag}> must close <${last.tag}>`,
      );
    }
    this.close(last);
  }

  private close(open: Open): void {
    const { offset } = open;
    const length = this.text.length - offset;
    const kind = kindOf(open);
    if (!kind || length === 0) return;
    const last = this.entities.at(-1);
    const isSame = last?.offset === offset && last.length === length;
    const pair = [kind.type, isSame && last.type];
    if (!(pair.includes('pre') && pair.includes('code')))
      return void this.entities.push({ ...kind, offset, length });
    // <pre> and <code> around the same text are one block, and either may name its language.
    const language = kind.language ?? last?.language;
    this.entities[this.entities.length - 1] = { type: 'pre', offset, length, ...(language && { language }) };
  }

  private match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.source) ?? undefined;
    if (match) this.at += match[0].length;
    return match;
  }
}

function kindOf({ tag, attributes }: Open): EntityKind | undefined {
  const type = types[tag]!;
  if (type === 'text_link') {
    const url = attributes.get('href');
    return url ? linkTo(url) : { type };
  }
  if (type === 'custom_emoji') return customEmoji(attributes.get('emoji-id'));
  if (type === 'date_time') return dateTime(attributes.get('unix'), attributes.get('format'));
  if (type === 'blockquote') return { type: attributes.has('expandable') ? 'expandable_blockquote' : type };
  const language = type === 'code' && /^language-(.+)$/s.exec(attributes.get('class') ?? '')?.[1];
  return { type, ...(language && { language }) };
}

/** Only a block has a language. */
function withoutLanguage(entity: TextEntity): TextEntity {
  const { type, offset, length } = entity;
  return type === 'code' ? { type, offset, length } : entity;
}
