/** The table to attach to a report: what was asked, what came of it, and of which version. Names nobody. */
import { LAYER } from 'telegram/tl/runtime/registry.js';
import { version } from '../../kit/version.ts';
import type { Row } from './ask-beliefs.ts';

export interface ReportFacts {
  readonly rows: readonly Row[];
  readonly isSandbox: boolean;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** What else is to be said, each a sentence. */
  readonly notes: readonly string[];
}

/** Markdown. */
export function reportOf({ rows, isSandbox, at, notes }: ReportFacts): string {
  const date = new Date(at).toISOString().slice(0, 10);
  return [
    '## What Telegram answers to what Vestnik believes',
    '',
    `Vestnik ${version}, layer ${LAYER}, ${date}, ${isSandbox ? 'the sandbox' : 'Telegram'}`,
    '',
    '| belief | answer | agrees |',
    '| --- | --- | --- |',
    ...rows.map(({ claim, answer, agrees }) => `| ${cell(claim)} | ${cell(answer)} | ${agrees} |`),
    ...notes.flatMap((note) => ['', note]),
  ].join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replace(/\s+/g, ' ');
}
