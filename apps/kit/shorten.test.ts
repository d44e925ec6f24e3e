import { describe, expect, it } from 'vitest';
import { shortened } from './shorten.ts';

describe('what was sent, in an error', () => {
  it.each([
    ['short', 'short'],
    ['x'.repeat(100), 'x'.repeat(100)],
    ['x'.repeat(101), `${'x'.repeat(99)}…`],
    [`${'x'.repeat(98)}🙂🙂`, `${'x'.repeat(98)}…`],
    ['a\0b\r\nc\u202ed\ufffde', 'a·b··c·d·e'],
    ['half \ud83d', 'half ·'],
    ['Пример 🙂', 'Пример 🙂'],
  ])('%j', (sent, shown) => expect(shortened(sent)).toBe(shown));
});
