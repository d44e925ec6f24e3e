import { describe, expect, it } from 'vitest';
import { parseText } from './parse.ts';
import { readingOf, type Example } from './testing/reading.ts';

const { reads } = readingOf('telethon', 'text');

describe("Telethon's markdown", () => {
  it.each<Example>([
    ['**a** __b__ ~~c~~', 'a b c', ['bold:a', 'italic:b', 'strikethrough:c']],
    ['`a` ```b\nc```', 'a b\nc', ['code:a', 'pre:b\nc']],
    ['**a __b__ c**', 'a b c', ['bold:a b c', 'italic:b']],
    ['`**a**`', '**a**', ['code:**a**']],
    ['[a](https://b.example)', 'a', ['text_link:a:https://b.example']],
    ['**[a](tg://user?id=5)**', 'a', ['text_mention:a:5', 'bold:a']],
    ['snake_case, 2 * 3 * 4, a.b!', 'snake_case, 2 * 3 * 4, a.b!', []],
    ['**a', '**a', []],
    ['****', '****', []],
    ['**a __b** c__', 'a __b c__', ['bold:a __b']],
    ['[a] (b)', '[a] (b)', []],
    ['[a](b', '[a](b', []],
    ['[a](nowhere)', '[a](nowhere)', []],
    ['a ** b** ', 'a  b', ['bold: b']],
    ['👍 **👍**', '👍 👍', ['bold:👍']],
  ])('reads %j', reads);
});

describe('any markup', () => {
  const size = 300_000;
  it.each([
    ['telethon', '['],
    ['telethon', '**a __b ~~'],
    ['telethon', '[a]('],
    ['markdown', '>`a`\n\n'],
    ['markdown', '[a]'],
    ['markdown', '*a _b_*'],
    ['markdown', ' \n'],
    ['html', '<b>a<code>b</code></b>'],
    ['html', '<a>a</a> '],
    ['html', '<b>'],
    ['html', '<'],
    ['html', '&'],
  ] as const)('of %s is read in a moment, however much of %j there is', (mode, piece) => {
    const started = performance.now();
    try {
      parseText(piece.repeat(size / piece.length), mode, 'text');
    } catch {
      // A refusal is as good.
    }
    expect(performance.now() - started).toBeLessThan(3000);
  });
});
