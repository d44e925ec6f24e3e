/**
 * The Bot API's MarkdownV2 (core.telegram.org/bots/api#markdownv2-style), with the same reading of what its page leaves
 * open: a lone ` opens code also within pre, and an empty pair such as ** marks nothing but ends a quote.
 */
import type { EntityType, FormattedText, TextEntity } from '../model/formatted-text.ts';
import { emojiOrTime, linkTo, MarkupError, preOpening, withTargets, type EntityKind } from './markup.ts';

/** An entity whose end has not come yet; `at` is in the source, `offset` in the text. */
interface Open {
  readonly type: EntityType;
  readonly at: number;
  readonly offset: number;
  readonly language?: string;
}

const reserved = '_*[]()~`>#+-=|{}.!\n';
const ends: Partial<Record<EntityType, string>> = {
  bold: '*',
  italic: '_',
  underline: '__',
  strikethrough: '~',
  spoiler: '||',
  code: '`',
  pre: '```',
  text_link: ']',
  custom_emoji: ']',
};
const names: Partial<Record<EntityType, string>> = {
  pre: 'code block',
  text_link: 'link',
  custom_emoji: 'custom emoji or time',
  blockquote: 'quote',
};

/** @throws MarkupError where a reserved character is not escaped or an entity does not end */
export function readMarkdownV2(source: string): FormattedText {
  return new MarkdownV2(source).read();
}

class MarkdownV2 {
  private readonly source: string;
  private readonly entities: TextEntity[] = [];
  private readonly open: Open[] = [];
  private text = '';
  private at = 0;
  private isInQuote = false;
  /** Whether a quote can begin: nothing of the line has come yet. */
  private isLineStart = true;

  constructor(source: string) {
    this.source = source;
  }

  read(): FormattedText {
    while (this.at < this.source.length) this.step();
    this.finish();
    return { text: this.text, entities: withTargets(this.text, this.entities) };
  }

  private step(): void {
    const { source, at } = this;
    const char = source[at]!;
    if (this.isEscape(at)) return this.put(source[at + 1]!, 2, source[at + 1] === '\n');
    const top = this.open.at(-1);
    const isCode = top?.type === 'code' || top?.type === 'pre';
    if (isCode ? char !== '`' : !reserved.includes(char)) return this.put(char, 1, false);
    if (char === '\n' && this.isInQuote && source[at + 1] !== '>') return this.endQuote();
    if (top && this.isEnd(top)) return this.end(top);
    this.begin(char);
  }

  private begin(char: string): void {
    const { source, at } = this;
    switch (char) {
      case '\n':
        return this.put(char, 1, true);
      case '*':
        return this.push('bold', 1);
      case '~':
        return this.push('strikethrough', 1);
      case '_':
        return source[at + 1] === '_' ? this.push('underline', 2) : this.push('italic', 1);
      case '[':
        return this.push('text_link', 1);
      case '`':
        return source.startsWith('```', at) ? this.beginPre() : this.push('code', 1);
      case '>':
        if (!this.isLineStart) break;
        if (this.isInQuote) return void this.at++;
        this.isInQuote = true;
        return this.push('blockquote', 1);
      case '|':
        if (source[at + 1] === '|') return this.push('spoiler', 2);
        break;
      case '!':
        if (source[at + 1] === '[') return this.push('custom_emoji', 2);
        break;
    }
    throw new MarkupError(at, `character '${char}' is reserved and must be escaped with a backslash`);
  }

  private beginPre(): void {
    const opening = preOpening();
    opening.lastIndex = this.at;
    const [whole, language] = opening.exec(this.source)!;
    this.push('pre', whole.length, language);
  }

  private isEnd(top: Open): boolean {
    const end = ends[top.type];
    if (end === undefined || !this.source.startsWith(end, this.at)) return false;
    return top.type !== 'italic' || this.source[this.at + 1] !== '_';
  }

  private end(top: Open): void {
    this.open.pop();
    this.at += ends[top.type]!.length;
    if (top.type === 'text_link') {
      const target = this.target('link');
      return this.add(top, target === undefined ? { type: top.type } : linkTo(target));
    }
    if (top.type === 'custom_emoji') return this.add(top, this.emojiOrTime());
    const { type, language } = top;
    this.add(top, { type, ...(language && { language }) });
  }

  /** What stands in parentheses after a link's text. */
  private target(of: string): string | undefined {
    if (this.source[this.at] !== '(') return undefined;
    const from = ++this.at;
    let target = '';
    while (this.source[this.at] !== ')') {
      if (this.at >= this.source.length) throw new MarkupError(from, `the address of this ${of} has no ')'`);
      if (this.isEscape(this.at)) this.at++;
      target += this.source[this.at++]!;
    }
    this.at++;
    return target;
  }

  private emojiOrTime(): EntityKind {
    const from = this.at;
    const kind = emojiOrTime(this.target('custom emoji or time') ?? '');
    if (kind) return kind;
    const [emoji, time] = [
      '![👍](tg://emoji?id=5368324170671202286)',
      '![22:45](tg://time?unix=1647531900&format=t)',
    ];
    throw new MarkupError(
      from,
      `a custom emoji takes its id as ${emoji}, a time its seconds and format as ${time}`,
    );
  }

  /** A quote ends with its last line; an opened spoiler mark there makes it expandable. */
  private endQuote(): void {
    const last = this.open.at(-1)!;
    const markEnd = this.source[this.at - 1] === '\r' ? this.at - 1 : this.at;
    const isExpandable = last.type === 'spoiler' && last.at === markEnd - 2;
    this.put('\n', 1, true);
    this.closeQuote(isExpandable);
  }

  private closeQuote(isExpandable: boolean): void {
    if (isExpandable) this.open.pop();
    const quote = this.open.pop()!;
    if (quote.type !== 'blockquote') throw unclosed(quote);
    this.isInQuote = false;
    this.add(quote, { type: isExpandable ? 'expandable_blockquote' : 'blockquote' });
  }

  private finish(): void {
    const last = this.open.at(-1);
    if (last && this.isInQuote) {
      this.closeQuote(last.type === 'spoiler' && last.at === this.source.length - 2);
    }
    const left = this.open.at(-1);
    if (left) throw unclosed(left);
  }

  /** Any character of ASCII can be escaped, anywhere. */
  private isEscape(at: number): boolean {
    const next = this.source.charCodeAt(at + 1);
    return this.source[at] === '\\' && next > 0 && next <= 126;
  }

  private put(char: string, sourceLength: number, isLineStart: boolean): void {
    this.text += char;
    this.at += sourceLength;
    if (char !== '\r') this.isLineStart = isLineStart;
  }

  private push(type: EntityType, sourceLength: number, language?: string): void {
    this.open.push({ type, at: this.at, offset: this.text.length, ...(language && { language }) });
    this.at += sourceLength;
  }

  private add({ offset }: Open, kind: EntityKind | undefined): void {
    if (kind && this.text.length > offset)
      this.entities.push({ ...kind, offset, length: this.text.length - offset });
  }
}

function unclosed({ type, at }: Open): MarkupError {
  return new MarkupError(at, `the ${names[type] ?? type} that begins here has no end`);
}
