import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readingOf, type Example } from './testing/reading.ts';

const { parse, reads, answersAny } = readingOf('markdown', 'text');

describe('MarkdownV2', () => {
  it.each<Example>([
    ['', '', []],
    ['plain, with: nothing; "special"', 'plain, with: nothing; "special"', []],
    ['*bold*', 'bold', ['bold:bold']],
    ['_italic_', 'italic', ['italic:italic']],
    ['__underline__', 'underline', ['underline:underline']],
    ['~strike~', 'strike', ['strikethrough:strike']],
    ['||spoiler||', 'spoiler', ['spoiler:spoiler']],
    ['`code`', 'code', ['code:code']],
    ['👍 *👍 a*', '👍 👍 a', ['bold:👍 a']],
    [
      '*a _b ~c ||d||~ __e___ f*',
      'a b c d e f',
      ['bold:a b c d e f', 'italic:b c d e', 'strikethrough:c d', 'spoiler:d', 'underline:e'],
    ],
  ])('reads %j', reads);

  it.each<Example>([
    ['___a_ b__', 'a b', ['underline:a b', 'italic:a']],
    ['__a _b_**__', 'a b', ['underline:a b', 'italic:b']],
    ['_a __b__**_', 'a b', ['italic:a b', 'underline:b']],
    ['____', '', []],
    ['a**b', 'ab', []],
    ['*a *', 'a', ['bold:a']],
    ['*a *b', 'a b', ['bold:a']],
    ['a* *b', 'a b', []],
    ['*a*\n\n ', 'a', ['bold:a']],
    ['  a *b*', 'a b', ['bold:b']],
    ['*a**b*', 'ab', ['bold:a', 'bold:b']],
  ])('resolves the doubtful %j', reads);

  it.each<Example>([
    ['```\na\n b\n```', 'a\n b', ['pre:a\n b']],
    ['```python\nprint(1)```', 'print(1)', ['pre:print(1):python']],
    ['```c++ int a;```', ' int a;', ['pre: int a;:c++']],
    ['```word```', 'word', ['pre:word']],
    ['```js\r\na\r\nb```', 'a\nb', ['pre:a\nb:js']],
    ['```\n\n  a```', '\n  a', ['pre:\n  a']],
    ['`a \\` b \\\\ *c* [d]`', 'a ` b \\ *c* [d]', ['code:a ` b \\ *c* [d]']],
    ['`a`b```c```', 'abc', ['code:a', 'pre:c']],
    ['*a `b` c*', 'a b c', ['bold:a', 'code:b', 'bold: c']],
    ['`` ` ` ``````', '', []],
    ['```a`b`c```', 'abc', ['pre:abc']],
  ])('reads the code in %j', reads);

  it.each<Example>([
    ['[a](http://b.example/c)', 'a', ['text_link:a:http://b.example/c']],
    ['[a](b.example)', 'a', ['text_link:a:http://b.example']],
    ['[a](HTTPS://b.example/?q=1&r=(2\\))', 'a', ['text_link:a:HTTPS://b.example/?q=1&r=(2)']],
    ['[a](https://b.example/\\\\)', 'a', ['text_link:a:https://b.example/\\']],
    ['[b\\.example]', 'b.example', ['text_link:b.example:http://b.example']],
    ['[a *b* c](d.example)', 'a b c', ['text_link:a b c:http://d.example', 'bold:b']],
    ['[a](tg://user?id=123456789)', 'a', ['text_mention:a:123456789']],
    ['[a](tg://resolve?domain=b)', 'a', ['text_link:a:tg://resolve?domain=b']],
    ['[a](b.example:8080/c)', 'a', ['text_link:a:http://b.example:8080/c']],
    ['[a](http://[::1]/)', 'a', ['text_link:a:http://[::1]/']],
    ['[a](mailto:b@c.example)', 'a', []],
    ['[a](http:b.example)', 'a', []],
    ['[a](http://b c.example)', 'a', []],
    ['[a](nowhere)', 'a', []],
    ['[a]()', 'a', []],
    ['[a](javascript://b.example)', 'a', []],
    ['[](b.example)', '', []],
    ['![👍](tg://emoji?id=5368324170671202286)', '👍', ['custom_emoji:👍:5368324170671202286']],
    ['![22:45](tg://time?unix=1647531900&format=wDT)', '22:45', ['date_time:22:45:1647531900 wDT']],
    ['![now](tg://time?format=r&unix=1)', 'now', ['date_time:now:1 r']],
    ['_![a](tg://time?unix=1) b_', 'a b', ['italic:a b', 'date_time:a:1 ']],
    ['[a](tg://time?unix=1)', 'a', ['text_link:a:tg://time?unix=1']],
    ['*![👍](tg://emoji?id=1) a*', '👍 a', ['bold:👍 a', 'custom_emoji:👍:1']],
  ])('reads the link in %j', reads);

  it.each<Example>([
    ['>a', 'a', ['blockquote:a']],
    ['>a\n>b\nc', 'a\nb\nc', ['blockquote:a\nb']],
    ['a\n>b\nc', 'a\nb\nc', ['blockquote:b']],
    ['>a\n**>b', 'a\nb', ['blockquote:a', 'blockquote:b']],
    ['>a\n>b||', 'a\nb', ['expandable_blockquote:a\nb']],
    ['**>a\n>b||\nc', 'a\nb\nc', ['expandable_blockquote:a\nb']],
    ['>||a||\n>b', 'a\nb', ['blockquote:a\nb', 'spoiler:a']],
    ['>||a||||', 'a', ['expandable_blockquote:a', 'spoiler:a']],
    ['>a||\r\nb', 'a\nb', ['expandable_blockquote:a']],
    ['>*a\n>b*', 'a\nb', ['blockquote:a\nb', 'bold:a\nb']],
    ['*a\n>b\nc*', 'a\nb\nc', ['bold:a\nb\nc', 'blockquote:b']],
    ['>`a\nb`\n>c', 'a\nb\nc', ['blockquote:a\nb\nc', 'code:a\nb']],
    ['\\>a', '>a', []],
    ['>', '', []],
    ['>||', '', []],
  ])('reads the quote in %j', reads);

  it.each([..."_*[]()~`>#+-=|{}.!\\aZ1 '"])('takes \\%s for the character itself', (char) => {
    expect(parse(`x\\${char}x`)).toEqual({ text: `x${char}x`, entities: [] });
  });

  it('takes a backslash before a letter beyond ASCII, or at the end, for itself', () => {
    expect(parse('\\я\\')).toEqual({ text: '\\я\\', entities: [] });
  });

  it.each([...']()>#+-=|{}.!'])('refuses an unescaped %s', (char) => {
    expect(() => parse(`ab${char}`)).toThrow(
      `text: MarkdownV2 cannot be parsed at character 3: character '${char}' is reserved and must be escaped`,
    );
  });

  it.each([
    ['*a', 1, 'the bold that begins here has no end'],
    ['👍 _a', 4, 'the italic that begins here has no end'],
    ['_a __b_', 7, 'the italic that begins here has no end'],
    ['a ||b|', 6, "character '|' is reserved"],
    ['a __', 3, 'the underline that begins'],
    ['*a _b* c_', 9, 'the italic that begins'],
    ['`a', 1, 'the code that begins'],
    ['```a', 1, 'the code block that begins'],
    ['```a`', 5, 'the code that begins'],
    ['[a', 1, 'the link that begins'],
    ['[a](b.example', 5, "the address of this link has no ')'"],
    ['[a](b.example\\)', 5, "the address of this link has no ')'"],
    ['![a', 1, 'the custom emoji or time that begins'],
    ['![a]', 5, 'a custom emoji takes its id as'],
    ['![a](https://b.example)', 5, 'a custom emoji takes its id as'],
    ['![a](tg://emoji?id=025)', 5, 'a custom emoji takes its id as'],
    ['![a](tg://emoji?id=1', 6, "the address of this custom emoji or time has no ')'"],
    ['![a](tg://time)', 5, 'a custom emoji takes its id as'],
    ['![a](tg://time?unix=1&format=rt)', 5, 'a custom emoji takes its id as'],
    ['![a](tg://time?unix=1&format=dD)', 5, 'a custom emoji takes its id as'],
    ['a>b', 2, "character '>' is reserved"],
    ['>*a\nb*', 2, 'the bold that begins'],
    ['>||a\nb||', 2, 'the spoiler that begins'],
    ['>a||b\n', 3, 'the spoiler that begins'],
  ])('refuses %j at character %i: %s', (source, character, sentence) => {
    expect(() => parse(source)).toThrow(`at character ${character}: ${sentence}`);
  });

  it('answers any text with a text that fits its entities, or with a refusal by position', () => {
    answersAny([
      ...'_*[]()~`>|!\\\n\r',
      '__',
      '||',
      '```',
      '![',
      'ab',
      ' ',
      '👍',
      'c.example',
      '(tg://time?unix=1)',
    ]);
  });

  it('gives back any text that was escaped', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const escaped = text.replace(/[\\_*[\]()~`>#+\-=|{}.!]/g, '\\$&');
        expect(parse(`x${escaped}x`)).toEqual({ text: `x${text.replaceAll('\r', '')}x`, entities: [] });
      }),
    );
  });
});
