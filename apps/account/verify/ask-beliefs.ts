/** Asks the beliefs one after another, until the first wait, the lack of an answer, or Ctrl-C. */
import type { Belief, Stage } from './belief.ts';
import { outcomeOf, Stopped, type Agreement } from './outcome-of.ts';

export interface Row {
  readonly claim: string;
  readonly answer: string;
  readonly agrees: Agreement;
}

export interface Asked {
  readonly rows: readonly Row[];
  /** What ended the asking before its time: Stopped, or an error of this program. */
  readonly end: Error | undefined;
}

/** Never rejects; once `stopped` is aborted nothing more is asked. */
export async function askBeliefs(
  beliefs: readonly Belief[],
  stage: Stage,
  stopped: AbortSignal,
  onRow: (row: Row) => void,
): Promise<Asked> {
  const rows: Row[] = [];
  let end: Error | undefined;
  for (const belief of beliefs) {
    const { claim } = belief;
    let row: Row = { claim, answer: '', agrees: 'not reached' };
    if (!end) {
      try {
        row = { claim, ...(await askOne(belief, stage, stopped)) };
      } catch (error) {
        end = error as Error;
        row = { ...row, answer: end instanceof Stopped ? end.message : 'an error of this program' };
      }
    }
    rows.push(row);
    onRow(row);
  }
  return { rows, end };
}

async function askOne(belief: Belief, stage: Stage, stopped: AbortSignal): Promise<Omit<Row, 'claim'>> {
  const halt = Promise.withResolvers<never>();
  const onStop = () => halt.reject(stopped.reason as Error);
  halt.promise.catch(() => {});
  if (stopped.aborted) onStop();
  stopped.addEventListener('abort', onStop, { once: true });
  try {
    const { answer, agrees } = await Promise.race([halt.promise, belief.check(stage)]);
    return { answer, agrees: agrees ? 'yes' : 'no' };
  } catch (error) {
    return outcomeOf(error);
  } finally {
    stopped.removeEventListener('abort', onStop);
  }
}
