/** Whether everything that was accepted arrived, once and in order: the callers' word against the sandbox's report. */
import type { Report } from '../../apps/testkit/report.ts';
import { shownFile, type Caller } from './caller.ts';

export interface Verdict {
  readonly accepted: number;
  readonly delivered: number;
  /** Accepted and not there, or with other bytes. */
  readonly lost: number;
  readonly repeated: number;
  /** Later in its chat than one that was accepted after it. */
  readonly disordered: number;
  /** How often the sandbox was asked again for what it had already. */
  readonly askedAgain: number;
}

/** Each chat belongs to one caller. */
export function judge(callers: readonly Caller[], report: Pick<Report, 'delivered' | 'duplicates'>): Verdict {
  const verdict = { lost: 0, repeated: 0, disordered: 0 };
  for (const { accepted, settings } of callers) {
    const expected = accepted.flatMap(({ shown }) => shown);
    const arrived = report.delivered
      .filter(({ chat_id }) => chat_id === settings.chat)
      .sort((a, b) => Number(a.message_id) - Number(b.message_id))
      .map(({ text, media }) => (media ? shownFile(media.name, media.sha256) : text));
    const first = new Map([...arrived.entries()].reverse().map(([place, what]) => [what, place]));
    let last = -1;
    for (const what of expected) {
      const place = first.get(what);
      if (place === undefined) verdict.lost++;
      else if (place < last) verdict.disordered++;
      else last = place;
    }
    verdict.repeated += arrived.length - first.size;
  }
  return {
    accepted: callers.reduce((sum, { accepted }) => sum + accepted.length, 0),
    delivered: report.delivered.length,
    ...verdict,
    askedAgain: report.duplicates,
  };
}

/** Nothing lost, nothing sent twice, nothing out of order. */
export function isSound({ lost, repeated, disordered }: Verdict): boolean {
  return lost + repeated + disordered === 0;
}
