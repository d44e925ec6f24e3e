/** For tests: what every reader of markup must do. */
import fc from 'fast-check';
import { expect } from 'vitest';
import { Problem } from '../../../kit/errors.ts';
import type { FormattedText } from '../../model/formatted-text.ts';
import type { ParseMode } from '../modes.ts';
import { parseText } from '../parse.ts';
import { entitiesOf } from './show.ts';

/** A source, the text that it is, and its entities as `show.ts` has them. */
export type Example = [source: string, text: string, entities: string[]];

export interface Reading {
  parse(source: string): FormattedText;
  /** Holds an example; one for `it.each`. */
  reads(this: void, ...example: Example): void;
  /** Any text of these pieces becomes one that its entities fit, or is refused by position. */
  answersAny(pieces: readonly string[]): void;
}

/** The reading of one markup, in a field of this name. */
export function readingOf(mode: ParseMode, field: string): Reading {
  const parse = (source: string) => parseText(source, mode, field);
  return {
    parse,
    reads: (source, text, entities) => {
      const parsed = parse(source);
      expect(parsed.text).toBe(text);
      expect(entitiesOf(parsed)).toEqual(entities);
    },
    answersAny: (pieces) => {
      const source = fc.array(fc.constantFrom(...pieces), { maxLength: 40 });
      fc.assert(
        fc.property(source, (chosen) => checkAny(() => parse(chosen.join('')), field)),
        { numRuns: 2000 },
      );
    },
  };
}

function checkAny(read: () => FormattedText, field: string): void {
  try {
    const { text, entities } = read();
    for (const { offset, length } of entities) {
      expect(length).toBeGreaterThan(0);
      expect(offset + length).toBeLessThanOrEqual(text.length);
    }
  } catch (error) {
    expect(error).toBeInstanceOf(Problem);
    expect((error as Problem).message).toMatch(
      new RegExp(`^${field}: \\w+ cannot be parsed at character \\d+: `),
    );
  }
}
