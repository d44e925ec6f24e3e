/** What a person reads of a scenario: a line for every figure, the effects of the events, examples of what failed. */
import { styleText } from 'node:util';
import type { Comparison } from './compare.ts';
import type { Condition } from './data-file.ts';
import type { Effect } from './health-log.ts';
import type { Followed } from './messages.ts';
import type { Line } from './verdict.ts';

const examplesShown = 5;

/** The table of figures, those that an expectation is about first. */
export function tableOf(lines: readonly Line[]): string[] {
  const shown = lines.filter(({ expected, value }) => expected !== undefined || value !== undefined);
  const sorted = shown.toSorted(
    (a, b) => Number(a.expected === undefined) - Number(b.expected === undefined),
  );
  const width = Math.max(...shown.map(({ label }) => label.length));
  return sorted.map((line) => {
    const reached = `${shownNumber(line.value)} ${line.unit}`.trim();
    const columns = [
      line.label.padEnd(width),
      reached.padStart(12),
      shownCondition(line.expected).padStart(14),
    ];
    return `${columns.join('  ')}  ${verdictOf(line)}`.trimEnd();
  });
}

/** One line for each event that a gateway noticed. */
export function eventsOf(effects: readonly Effect[], startedAt: number): string[] {
  return effects
    .toSorted((a, b) => a.at - b.at)
    .filter(({ recoveredAfterS }) => recoveredAfterS !== 0)
    .map(({ at, what, gateway, toldAfterS, recoveredAfterS }) => {
      const told = toldAfterS === undefined ? '' : `, told after ${toldAfterS.toFixed(1)} s`;
      const again =
        recoveredAfterS === undefined ? 'never again' : `again after ${recoveredAfterS.toFixed(1)} s`;
      return `${((at - startedAt) / 1000).toFixed(0).padStart(5)} s  ${what}: ${gateway}${told}, able ${again}`;
    });
}

/** The slowest of the messages that had to be refused. */
export function slowestOf(refusals: readonly Followed[]): string[] {
  const delay = ({ answeredAt, lastAskedAt }: Followed) => answeredAt! - lastAskedAt;
  const slowest = refusals.toSorted((a, b) => delay(b) - delay(a)).slice(0, examplesShown);
  return slowest.map((message) => `${delay(message)} ms: ${shownMessage(message)}`);
}

/** Some of the messages behind each figure that should be 0. */
export function examplesOf({ repeated, ...lists }: Comparison): string[] {
  const named = Object.entries(lists).filter(([, messages]) => messages.length > 0);
  const lines = named.flatMap(([what, messages]) => [
    `${what}:`,
    ...messages.slice(0, examplesShown).map((message) => `  ${shownMessage(message)}`),
  ]);
  return repeated.length > 0 ? [...lines, `repeated: ${repeated.slice(0, examplesShown).join(', ')}`] : lines;
}

function shownMessage({
  number,
  gateway,
  chatId,
  phase,
  state,
  class: className,
  httpStatus,
  id,
  asks,
}: Followed) {
  const answer = `${httpStatus ?? 'no answer'} ${state} ${className ?? ''}`.trimEnd();
  return `№${number} (${phase}, ${gateway}, chat ${chatId}): ${answer}, asked ${asks} times, id ${id ?? 'none'}`;
}

function verdictOf({ expected, isMet }: Line): string {
  if (expected === undefined) return '';
  return isMet ? styleText('green', 'as expected') : styleText('red', 'NOT AS EXPECTED');
}

function shownCondition(expected: Condition | undefined): string {
  if (expected === undefined) return '';
  if (typeof expected === 'number') return `= ${expected}`;
  return 'at_most' in expected ? `≤ ${expected.at_most}` : `≥ ${expected.at_least}`;
}

function shownNumber(value: number | undefined): string {
  if (value === undefined) return '–';
  return Number.isInteger(value) ? String(value) : value.toFixed(value < 10 ? 3 : 1);
}
