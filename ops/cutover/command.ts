/** npm run cutover: begins, goes on or goes back, and tells in the end how things stand. */
import { appendFileSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { holdLock } from '../../apps/gateway/storage/lock.ts';
import type { Arguments, CutoverOptions } from './arguments.ts';
import { check } from './checks.ts';
import { createCutover } from './cutover.ts';
import { go, type Outcome } from './engine.ts';
import type { Host } from './host.ts';
import { readInstalled, type Places } from './installed.ts';
import { Journal } from './journal.ts';
import { stepsOf } from './steps.ts';

export interface CommandDeps {
  readonly host: Host;
  readonly places: Places;
  readonly print: (line: string) => void;
  readonly signal: AbortSignal;
}

const exitCodes: Readonly<Record<Outcome, number>> = { done: 0, back: 1, stuck: 3, interrupted: 130 };

/** The exit code: 0 done or back as wished, 1 failed and all as before, 3 somebody has to look, 130 interrupted. */
export async function runCutover(args: Arguments, deps: CommandDeps): Promise<number> {
  if (args.isDryRun) return dryRun(args.options, deps);
  const { places, print } = deps;
  mkdirSync(places.state, { recursive: true, mode: 0o700 });
  const release = holdLock(join(places.state, 'lock'), 'cutover');
  try {
    const say = (line: string) => {
      print(line);
      const at = new Date(deps.host.clock.now()).toISOString();
      appendFileSync(join(places.state, 'cutover.log'), `${at} ${line}\n`, { mode: 0o600 });
    };
    const journal = openJournal(args, deps, say);
    if (!journal) return 0;
    const installed = () => readInstalled(places);
    const { options } = journal.state;
    const cutover = createCutover({ ...deps, options, journal, installed, say });
    const outcome = await go({ ...deps, steps: stepsOf(cutover), journal, say });
    for (const line of endingWords[outcome](journal)) say(line);
    if (outcome === 'back') archive(journal, places);
    return outcome === 'back' && args.goesBack ? 0 : exitCodes[outcome];
  } finally {
    release();
  }
}

/** What is to be done, or undefined when nothing is. @throws Error when the arguments do not fit what was begun */
function openJournal(
  { options, goesBack }: Arguments,
  { places, host }: CommandDeps,
  say: (line: string) => void,
): Journal | undefined {
  const journal = Journal.find(places.state);
  if (!journal) {
    if (goesBack) throw new Error('nothing was begun: there is nothing to go back from');
    if (!options) throw new Error('nothing was begun: --help tells what to say to begin');
    const id = new Date(host.clock.now()).toISOString().replaceAll(/[:.]/g, '-');
    return Journal.begin(places.state, id, options);
  }
  const { id, outcome, direction } = journal.state;
  if (options && JSON.stringify(options) !== JSON.stringify(journal.state.options))
    throw new Error(`another cutover was begun (${id}): say npm run cutover to go on with it, or --back`);
  if (goesBack) {
    say(`going back (${id})`);
    journal.update({ direction: 'back', outcome: undefined });
  } else if (outcome === 'done') {
    say(`all is done already (${id}); --back puts the old services back`);
    return undefined;
  } else say(`going ${direction === 'back' ? 'back' : 'on'} where it was interrupted (${id})`);
  return journal;
}

/** Kept under its own name, so that the next one begins anew. */
function archive({ state: { id } }: Journal, { state }: Places): void {
  renameSync(join(state, 'state.json'), join(state, `state-${id}.json`));
}

const endingWords: Readonly<Record<Outcome, (journal: Journal) => string[]>> = {
  done: () => [
    'Done: both new services send. The old ones are stopped and disabled; npm run cutover -- --back undoes it.',
  ],
  back: ({ state: { failure } }) => [
    ...(failure ? [`Failed: ${failure}`] : []),
    'The old services are as they were before.',
  ],
  stuck: () => ['NOT all is as it was. Put right what is said above, then: npm run cutover -- --back'],
  interrupted: ({ state: { steps, direction } }) => {
    const [at] = Object.entries(steps).findLast(([, state]) => state.endsWith('ing')) ?? [];
    const how =
      direction === 'back'
        ? 'npm run cutover goes on going back.'
        : 'npm run cutover goes on, npm run cutover -- --back goes back.';
    return [`Interrupted${at ? ` in ${at}` : ''}; it may be that nobody sends now. ${how}`];
  },
};

/** Checks, and says what would be done; nothing is written anywhere. */
async function dryRun(options: CutoverOptions | undefined, deps: CommandDeps): Promise<number> {
  const { places, print: say } = deps;
  if (!options) throw new Error('--dry-run takes the arguments of a begin: --help tells them');
  const journal = new Journal(places.state, {
    id: 'DATE',
    options,
    direction: 'forward',
    startedAt: {},
    steps: {},
  });
  const cutover = createCutover({ ...deps, options, journal, installed: () => readInstalled(places), say });
  const steps = stepsOf(cutover);
  for (const [index, { title, plan }] of steps.entries()) {
    say(`[${index + 1}/${steps.length}] ${title}`);
    for (const line of plan) say(`  would: ${line}`);
  }
  say('Checked now:');
  try {
    await check(cutover);
    say('Nothing was changed.');
    return 0;
  } catch (error) {
    say(`It would fail at its first step: ${(error as Error).message}. Nothing was changed.`);
    return 1;
  }
}
