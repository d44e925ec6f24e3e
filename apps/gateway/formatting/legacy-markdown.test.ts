import { describe, expect, it } from 'vitest';
import { parseText } from './parse.ts';
import { readingOf, type Example } from './testing/reading.ts';

const { reads } = readingOf('legacy', 'text');

describe('the older Markdown of the Bot API', () => {
  it.each<Example>([
    ['*a* _b_ `c`', 'a b c', ['bold:a', 'italic:b', 'code:c']],
    ['```\na\nb```', 'a\nb', ['pre:a\nb']],
    ['```js\nlet a```', 'let a', ['pre:let a:js']],
    ['```a```', 'a', ['pre:a']],
    ['[a](https://b.example)', 'a', ['text_link:a:https://b.example']],
    ['[a](b.example) c', 'a c', ['text_link:a:http://b.example']],
    ['[a](tg://user?id=5)', 'a', ['text_mention:a:5']],
    ['[b.example]', 'b.example', ['text_link:b.example:http://b.example']],
    ['[a](nowhere)', 'a', []],
    ['[a](b.example', 'a', ['text_link:a:http://b.example']],
    ['\\_a\\* \\`b \\[c]', '_a* `b [c]', []],
    ['a\\b \\. \\', 'a\\b \\. \\', []],
    ['*a _b_ `c`*', 'a _b_ `c`', ['bold:a _b_ `c`']],
    ['*a\\*b', 'a\\b', ['bold:a\\']],
    ['_snake_\\__case_', 'snake_case', ['italic:snake', 'italic:case']],
    ['**a', 'a', []],
    ['a. b! (c) - d > e ~f~ |g| #h', 'a. b! (c) - d > e ~f~ |g| #h', []],
    ['👍 *👍* b', '👍 👍 b', ['bold:👍']],
    ['`a*b_c`', 'a*b_c', ['code:a*b_c']],
  ])('reads %j', reads);

  it.each([
    ['a *b', 'text: Markdown cannot be parsed at character 3: the bold that begins here has no end'],
    ['snake_case', 'text: Markdown cannot be parsed at character 6: the italic'],
    ['👍 `a', 'text: Markdown cannot be parsed at character 4: the code'],
    ['```a``', 'text: Markdown cannot be parsed at character 1: the code block'],
    ['[a', 'text: Markdown cannot be parsed at character 1: the link'],
    ['*a*_', 'text: Markdown cannot be parsed at character 4'],
  ])('refuses %j by the place', (source, words) => {
    expect(() => parseText(source, 'legacy', 'text')).toThrow(words);
  });
});
