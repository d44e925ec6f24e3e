/** One side from its old service to its new one, and back: never both at once on one session. */
import { newUnits, type Side } from './arguments.ts';
import { serviceOf } from './checks.ts';
import type { Cutover } from './cutover.ts';

const stoppedWithinS = 60;
const answersWithinS = 90;

/** The old one is not started at boot any more, and is gone. */
export async function stopOld(cutover: Cutover, side: Side): Promise<void> {
  const { units, options, journal } = cutover;
  const unit = options.oldUnits[side];
  if (journal.facts.units[unit]!.isEnabled) await units.change('disable', unit);
  await units.change('stop', unit);
  await oldIsGone(cutover, side);
}

/** As it was before: started at boot or not, running or not. */
export async function restoreOld(cutover: Cutover, side: Side): Promise<void> {
  const { units, options, journal, host, installed } = cutover;
  const unit = options.oldUnits[side];
  const before = journal.facts.units[unit]!;
  await units.restoreLinks(unit, before);
  if (!before.isActive || (await units.isActive(unit))) return;
  if (await units.isActive(newUnits[side])) throw new Error(`${newUnits[side]} still runs: stop it first`);
  await units.change('start', unit);
  cutover.started(side);
  const port = installed().ports[side];
  await cutover.until(`${unit} runs again`, answersWithinS, async () => {
    const listens = !journal.facts.listened[side] || (await host.isListening(port));
    return listens && (await units.isActive(unit));
  });
}

/** @throws Error while anything of the old service is left: its port and session are needed */
export async function oldIsGone(cutover: Cutover, side: Side): Promise<void> {
  const { units, options, host, installed } = cutover;
  const unit = options.oldUnits[side];
  const session = options.sessions[side];
  const port = installed().ports[side];
  await cutover.until(`${unit} has stopped and nobody has ${session} open`, stoppedWithinS, async () => {
    return !(await units.isActive(unit)) && host.holders(session).length === 0;
  });
  // Whoever was cut off after starting the new one finds that one at the port.
  if (await units.isActive(newUnits[side])) return;
  await cutover.until(`port ${port} is free`, stoppedWithinS, async () => !(await host.isListening(port)));
}

/** Started, and from now on at boot. */
export async function startNew(cutover: Cutover, side: Side): Promise<void> {
  const { units, host, installed } = cutover;
  const unit = newUnits[side];
  await units.change('enable', unit);
  await units.forgetFailures(unit);
  cutover.started(side);
  await units.change('start', unit);
  const { urls } = installed();
  await cutover.until(`${serviceOf(side)} answers at ${urls[side]}`, answersWithinS, async () => {
    if ((await units.property(unit, 'NRestarts')) !== '0') throw new Error(whyOf(unit, 'it ended at once'));
    const answer = await host.request(`${urls[side]}/health`).catch(() => undefined);
    return answer !== undefined;
  });
}

/** @throws Error when the new one has ended since it was started, though it may run again */
export async function stillRuns({ units }: Cutover, side: Side): Promise<void> {
  const unit = newUnits[side];
  if (!(await units.isActive(unit)) || (await units.property(unit, 'NRestarts')) !== '0')
    throw new Error(whyOf(unit, 'it has ended'));
}

/** Gone, and not started at boot: its session belongs to the old one again. */
export async function stopNew(cutover: Cutover, side: Side): Promise<void> {
  const { units } = cutover;
  const unit = newUnits[side];
  await cutover.spacing(side);
  await units.change('disable', unit);
  await units.change('stop', unit);
  await cutover.until(`${unit} has stopped`, stoppedWithinS, async () => !(await units.isActive(unit)));
  await units.forgetFailures(unit);
}

/** No new one is started at boot, until it is its turn. */
export async function holdNew({ units }: Cutover): Promise<void> {
  for (const unit of Object.values(newUnits)) await units.change('disable', unit);
}

export async function releaseNew({ units, journal }: Cutover): Promise<void> {
  for (const unit of Object.values(newUnits)) {
    const before = journal.state.facts?.units[unit];
    if (before) await units.restoreLinks(unit, before);
  }
}

/** A failure, and where its cause can be read. */
function whyOf(unit: string, what: string): string {
  return `${unit}: ${what}; its last lines: journalctl -n 20 -u ${unit}`;
}
