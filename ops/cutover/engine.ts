/**
 * Goes through steps, forward or back, and writes down before and after each where it is: whoever starts it again, after
 * an interrupt, a kill or a boot, finds the place. Knows nothing of what the steps do.
 */
import type { Journal } from './journal.ts';

/** Every part may run again after it was cut off anywhere, and must then come to the same end. */
export interface Step {
  readonly name: string;
  readonly title: string;
  /** What it does, for who wants to know before: commands and waits. */
  readonly plan: readonly string[];
  /** @throws Error when the step may not be taken now; changes nothing */
  readonly check?: () => Promise<void>;
  readonly do: () => Promise<void>;
  /** Puts back what `do` changed, also where it came only half the way, or not even that. */
  readonly undo?: () => Promise<void> | void;
}

/** `back`: all is as it was. `stuck`: a step could not be undone, and somebody has to look. */
export type Outcome = 'done' | 'back' | 'stuck' | 'interrupted';

export interface Run {
  readonly steps: readonly Step[];
  readonly journal: Journal;
  readonly say: (line: string) => void;
  /** Aborted by who wants it to end where it is. */
  readonly signal: AbortSignal;
}

/** Goes on in the journal's direction; a step that fails turns it round. */
export async function go(run: Run): Promise<Outcome> {
  const { journal } = run;
  if (journal.state.direction === 'forward') {
    const end = await forward(run);
    if (end !== 'failed') return end;
  }
  return back(run);
}

async function forward({ steps, journal, say, signal }: Run): Promise<'done' | 'interrupted' | 'failed'> {
  for (const [index, step] of steps.entries()) {
    if (journal.stepState(step.name) === 'done') continue;
    if (signal.aborted) return 'interrupted';
    say(`[${index + 1}/${steps.length}] ${step.title}`);
    journal.mark(step.name, 'doing');
    try {
      await step.check?.();
      await step.do();
    } catch (error) {
      if (signal.aborted) return 'interrupted';
      say(`FAILED: ${(error as Error).message}`);
      journal.update({ direction: 'back', failure: `${step.title}: ${(error as Error).message}` });
      return 'failed';
    }
    journal.mark(step.name, 'done');
  }
  journal.update({ outcome: 'done' });
  return 'done';
}

async function back({ steps, journal, say, signal }: Run): Promise<'back' | 'stuck' | 'interrupted'> {
  for (const step of steps.toReversed()) {
    const state = journal.stepState(step.name);
    if (state === undefined || state === 'undone') continue;
    if (signal.aborted) return 'interrupted';
    if (step.undo) say(`back: ${step.title}`);
    journal.mark(step.name, 'undoing');
    try {
      await step.undo?.();
    } catch (error) {
      if (signal.aborted) return 'interrupted';
      say(`COULD NOT BE UNDONE: ${(error as Error).message}`);
      return 'stuck';
    }
    journal.mark(step.name, 'undone');
  }
  journal.update({ outcome: 'back' });
  return 'back';
}
