/** Expected against reached, line by line. */
import type { Condition, Scenario } from './data-file.ts';
import { kindOf } from './measure-names.ts';
import type { Measures } from './measures.ts';

export interface Line {
  readonly name: string;
  readonly label: string;
  readonly unit: string;
  readonly value: number | undefined;
  /** Undefined where nothing is expected. */
  readonly expected: Condition | undefined;
  readonly isMet: boolean;
}

/** A line for every measure. One that is expected and could not be measured is not met. */
export function judge(measures: Measures, expect: Scenario['expect']): Line[] {
  return [...measures].map(([name, value]) => {
    const expected = expect[name];
    const isMet = expected === undefined || (value !== undefined && meets(value, expected));
    return { name, ...kindOf(name), value, expected, isMet };
  });
}

/** Whether a value is as expected. A plain number has to be reached exactly. */
export function meets(value: number, expected: Condition): boolean {
  if (typeof expected === 'number') return value === expected;
  return 'at_most' in expected ? value <= expected.at_most : value >= expected.at_least;
}
