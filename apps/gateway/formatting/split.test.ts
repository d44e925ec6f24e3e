import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FormattedText, TextEntity } from '../model/formatted-text.ts';
import { plainText } from '../model/formatted-text.ts';
import { splitText } from './split.ts';
import { entitiesOf } from './testing/show.ts';

const texts = (text: string, max: number) => splitText(plainText(text), max).map((part) => part.text);
const bold = (offset: number, length: number): TextEntity => ({ type: 'bold', offset, length });

describe('a text that is split', () => {
  it.each<[text: string, max: number, parts: string[], where: string]>([
    ['aaa', 3, ['aaa'], 'nowhere when it fits'],
    [' aaa\n', 5, [' aaa\n'], 'nowhere when it fits, white space and all'],
    ['aaa bbb\n\nccc ddd\neee', 14, ['aaa bbb', 'ccc ddd\neee'], 'between paragraphs'],
    ['a\n\nbbb bbb\nccc ddd', 14, ['a\n\nbbb bbb', 'ccc ddd'], 'between lines when a paragraph is too short'],
    ['Aaa bbb. Ccc ddd eee', 14, ['Aaa bbb.', 'Ccc ddd eee'], 'between sentences'],
    ['Это раз. Это два три', 14, ['Это раз.', 'Это два три'], 'between sentences of other scripts'],
    ['aaa bbb ccc ddd eee', 14, ['aaa bbb ccc', 'ddd eee'], 'between words'],
    ['aaa bbb ccc eee', 11, ['aaa bbb ccc', 'eee'], 'between words, just as many as fit'],
    ['a bbbbbbbbbbbbb', 14, ['a', 'bbbbbbbbbbbbb'], 'before a long word that fits the next part'],
    ['aaaaaaaaaa', 4, ['aaaa', 'aaaa', 'aa'], 'between characters'],
    ['👍👍👍', 3, ['👍', '👍', '👍'], 'not in a surrogate pair'],
    ['👨‍👩‍👧👨‍👩‍👧', 12, ['👨‍👩‍👧', '👨‍👩‍👧'], 'not in a joined emoji'],
    ['ae\u0301e\u0301', 2, ['a', 'e\u0301', 'e\u0301'], 'not between a letter and its accent'],
    ['e\u0301\u0301\u0301\u0301', 3, ['e\u0301\u0301', '\u0301\u0301'], 'in a character that fits no part'],
    ['aa     \n\n\n   bb', 6, ['aa', '   bb'], 'without the blank lines, but with the indentation'],
    ['aaaa    bbbb    ', 6, ['aaaa', 'bbbb'], 'without the spaces'],
    ['   ', 2, [], 'into nothing when it is white space'],
  ])('%j by %i into %j: %s', (text, max, parts) => {
    expect(texts(text, max)).toEqual(parts);
  });

  it('keeps an entity whole that fits one message', () => {
    const parts = splitText({ text: 'aaa bbb ccc ddd', entities: [bold(4, 11)] }, 12);
    expect(parts.map(({ text }) => text)).toEqual(['aaa', 'bbb ccc ddd']);
    expect(parts.map(entitiesOf)).toEqual([[], ['bold:bbb ccc ddd']]);
  });

  it('has no more entities in a part than Telegram keeps', () => {
    const words = Array.from({ length: 250 }, (_, index) => bold(index * 4, 3));
    const parts = splitText({ text: 'abc '.repeat(250).trim(), entities: words });
    expect(parts.map(({ entities }) => entities.length)).toEqual([100, 100, 50]);
    expect(parts.flatMap(entitiesOf)).toEqual(words.map(() => 'bold:abc'));
    expect(splitText({ text: 'abc '.repeat(100).trim(), entities: words.slice(0, 100) })).toHaveLength(1);
  });

  it('keeps an entity whole even where that cuts a word', () => {
    const parts = splitText({ text: 'aaabbbb', entities: [bold(3, 4)] }, 5);
    expect(parts.map(entitiesOf)).toEqual([[], ['bold:bbbb']]);
    expect(parts.map(({ text }) => text)).toEqual(['aaa', 'bbbb']);
  });

  it('splits an entity that is longer than a message, what it says included', () => {
    const pre: TextEntity = { type: 'pre', offset: 2, length: 15, language: 'js' };
    const parts = splitText({ text: 'a\nlet a;\n  let b;', entities: [pre] }, 9);
    expect(parts.map(({ text }) => text)).toEqual(['a\nlet a;', '  let b;']);
    expect(parts.map(entitiesOf)).toEqual([['pre:let a;:js'], ['pre:  let b;:js']]);
  });

  it('keeps what fits whole within an entity that does not', () => {
    const link: TextEntity = { type: 'text_link', offset: 4, length: 7, url: 'http://b.example' };
    const parts = splitText({ text: 'aaa bbb ccc ddd', entities: [bold(0, 15), link] }, 9);
    expect(parts.map(entitiesOf)).toEqual([
      ['bold:aaa'],
      ['text_link:bbb ccc:http://b.example', 'bold:bbb ccc'],
      ['bold:ddd'],
    ]);
  });

  const formatted = fc
    .record({
      pieces: fc.array(
        fc.constantFrom('a', 'bb. ', 'ccc ', '\n', '\n\n', '  ', '👍', '👨‍👩‍👧', 'e\u0301', 'д! ', 'x'.repeat(9)),
        { minLength: 1, maxLength: 60 },
      ),
      places: fc.array(fc.tuple(fc.nat(80), fc.integer({ min: 1, max: 30 })), { maxLength: 6 }),
      max: fc.integer({ min: 12, max: 40 }),
    })
    .map(({ pieces, places, max }): { source: FormattedText; max: number } => {
      const text = pieces.join('');
      const types = ['bold', 'italic', 'spoiler', 'underline', 'code', 'strikethrough'] as const;
      const entities = places
        .map(([offset, length], index) => ({ type: types[index]!, offset, length }))
        .filter(({ offset, length }) => offset + length <= text.length);
      return { source: { text, entities }, max };
    });

  it('is lost nowhere: the parts fit, are not empty, and together are the text but for white space', () => {
    fc.assert(
      fc.property(formatted, ({ source, max }) => {
        const parts = splitText(source, max);
        for (const { text } of parts) {
          expect(text.length).toBeLessThanOrEqual(max);
          expect(text.trim()).not.toBe('');
        }
        const joined = parts.map(({ text }) => text).join('');
        expect(joined.replace(/\s/g, '')).toBe(source.text.replace(/\s/g, ''));
        let from = 0;
        for (const { text } of parts) {
          const at = source.text.indexOf(text, from);
          expect(source.text.slice(from, at).trim()).toBe('');
          from = at + text.length;
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('cuts no character in two', () => {
    fc.assert(
      fc.property(formatted, ({ source, max }) => {
        const clusters = [...new Intl.Segmenter('en').segment(source.text)].map(({ segment }) => segment);
        const parts = splitText({ ...source, entities: [] }, max).map(({ text }) => text);
        const kept = parts.flatMap((text) => [...new Intl.Segmenter('en').segment(text)]);
        const seen = (all: string[]) => all.filter((each) => each.trim() !== '');
        expect(seen(kept.map(({ segment }) => segment))).toEqual(seen(clusters));
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps every entity over all that it covered', () => {
    fc.assert(
      fc.property(formatted, ({ source, max }) => {
        const parts = splitText(source, max);
        for (const { type, offset, length } of source.entities) {
          const covered = source.text.slice(offset, offset + length).replace(/\s/g, '');
          const found = parts
            .flatMap((part) => part.entities.map((entity) => ({ part, entity })))
            .filter(({ entity }) => entity.type === type)
            .map(({ part, entity }) => part.text.slice(entity.offset, entity.offset + entity.length));
          expect(found.join('').replace(/\s/g, '')).toBe(covered);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('takes a moment also when it is large', () => {
    const text = 'Aaa bbb, ccc. '.repeat(70_000);
    const entities = Array.from({ length: 70_000 }, (_, index) => bold(index * 14, 3));
    const started = performance.now();
    expect(splitText({ text, entities }).length).toBeGreaterThan(200);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
