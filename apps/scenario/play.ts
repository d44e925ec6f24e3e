/** Plays a scenario: starts the stack, lets the phases happen, and gathers what there is to judge. */
import { systemClock } from '../kit/clock.ts';
import type { Release } from '../kit/release.ts';
import { StartError } from '../kit/run.ts';
import { randomFrom } from '../kit/random.ts';
import { perform, type ActionDeps, type History } from './actions.ts';
import { askForAll } from './caller.ts';
import type { Action, Phase, Scenario } from './data-file.ts';
import { ranked, untilFinal } from './follow.ts';
import { isAble, type Sample } from './health-log.ts';
import { watchHealth, type HealthWatch } from './health-watch.ts';
import type { Answered, Followed } from './messages.ts';
import { residentMb } from './usage.ts';
import { waitsIn, type SandboxReport, type WorldChat } from './sandbox.ts';
import { openStack, startGateway, type Stack } from './stack.ts';
import { planTraffic, shuffled, type Chats } from './traffic-plan.ts';

/** Everything a scenario left behind. */
export interface Played {
  readonly messages: readonly Followed[];
  readonly report: SandboxReport;
  readonly samples: readonly Sample[];
  readonly history: History;
  readonly phases: readonly PlayedPhase[];
  /** Of each gateway: from its first start to its listening, in seconds. */
  readonly acceptingAfterS: readonly number[];
  /** The processor time that each gateway had used by then, in seconds: other load of the machine is not in it. */
  readonly startCpuS: readonly (number | undefined)[];
  readonly startedAt: number;
  /** Errors the sandbox answered to calls for dialog pages. */
  readonly dialogErrors: number;
}

export interface PlayedPhase {
  readonly phase: Phase;
  readonly floodWaits: number;
  /** How much the memory of a gateway rose, of that where it rose more, in MB. */
  readonly memoryGrowthMb: number;
}

export interface PlayOptions {
  readonly release: Release;
  readonly inboxPort: number;
  readonly logFile: string;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

const warmWithinMs = 120_000;
/** Chats that are not what they are called: the basic group that became a supergroup, and that one. */
const odd = ['-4077', '-1002200000012'];

/** Plays it to its end. @throws StartError when the stack does not come up or an action fails */
export async function play(scenario: Scenario, options: PlayOptions): Promise<Played> {
  const { say, signal, release } = options;
  const random = randomFrom(scenario.seed);
  const stack = await openStack({ ...options, settings: scenario.settings });
  const { sandbox, gateways } = stack;
  say(`the sandbox shows what arrives at ${sandbox.url}/`);
  const chats = await makeWorld(stack, scenario, random);
  const history: History = { events: [], bannedAt: new Map(), slow: new Set(), restarts: [] };
  const deps: ActionDeps = { stack, chats, history, signal };
  const following = { gateways, signal };
  for (const action of scenario.begin) await perform(action, deps);
  history.events.length = 0; // What was there before the gateways is no event to them.

  const startedAt = systemClock.now();
  await Promise.all(gateways.map(startGateway));
  const acceptingAfterS = gateways.map(({ service }) => (service.listeningAt - service.startedAt) / 1000);
  const startCpuS = gateways.map(({ service }) => service.startCpuS);
  const watch = watchHealth(gateways);
  release.push('health watch', () => watch.stop());
  if (scenario.warm) await untilHealthy(watch, deps);

  let messages: Answered[] = [];
  const phases: PlayedPhase[] = [];
  for (const phase of scenario.phases) {
    say(`${phase.name}: ${Math.round(phase.seconds)} s`);
    const before = await snapshot(stack);
    // The same chances for each phase, so that two that differ in one thing can be compared.
    const planned = planTraffic(phase, chats, messages.length + 1, randomFrom(scenario.seed));
    messages = messages.concat(await playPhase(phase, planned, deps));
    if (phase.settle_seconds > 0)
      messages = await untilFinal(messages, phase.settle_seconds * 1000, following);
    const after = await snapshot(stack);
    phases.push({
      phase,
      floodWaits: after.waits - before.waits,
      memoryGrowthMb: Math.max(...after.memoryMb.map((mb, index) => mb - before.memoryMb[index]!)),
    });
    signal.throwIfAborted();
  }
  const followed = await ranked(messages, following);
  await watch.stop();
  const dialogErrors = stack.answeredErrors.of('messages.getDialogs');
  const report = await sandbox.report();
  return {
    messages: followed,
    report,
    samples: watch.samples,
    history,
    phases,
    acceptingAfterS,
    startCpuS,
    startedAt,
    dialogErrors,
  };
}

/** The traffic of a phase and what is done meanwhile, both to their end. */
async function playPhase(
  phase: Phase,
  planned: ReturnType<typeof planTraffic>,
  deps: ActionDeps,
): Promise<Answered[]> {
  for (const action of phase.begin) await perform(action, deps);
  const startedAt = systemClock.now();
  const until = (ms: number) => systemClock.sleep(startedAt + ms - systemClock.now(), deps.signal);
  const doing = momentsOf(phase).map(async ({ atMs, action }) => {
    await until(atMs);
    await perform(action, deps);
  });
  const [answers] = await Promise.all([
    askForAll(planned, { gateways: deps.stack.gateways, signal: deps.signal }),
    until(phase.seconds * 1000),
    ...doing,
  ]);
  for (const action of phase.end) await perform(action, deps);
  return answers;
}

/** When what is done, each repeated action as often as it fits in before the end. */
function momentsOf({ timeline, seconds }: Phase): { atMs: number; action: Action }[] {
  return timeline.flatMap(({ at, every, ...action }) => {
    if (every === undefined) return [{ atMs: at! * 1000, action }];
    const times = Math.max(0, Math.ceil(seconds / every) - 1);
    return Array.from({ length: times }, (_, index) => ({ atMs: (index + 1) * every * 1000, action }));
  });
}

async function makeWorld({ sandbox }: Stack, scenario: Scenario, random: () => number): Promise<Chats> {
  const { unknown: unknownCount, ...sizes } = scenario.world;
  const unknown = Array.from({ length: unknownCount }, (_, index) => `-${1_009_990_000_001 + index}`);
  const all: WorldChat[] = await sandbox.setWorld({ ...sizes, unknown });
  const dialogs = all.filter(({ in_dialogs, chat_id }) => in_dialogs && !odd.includes(String(chat_id)));
  const mixed = shuffled(
    dialogs.map(({ chat_id }) => String(chat_id)),
    random,
  );
  const { bannable } = scenario;
  return { known: mixed.slice(bannable), bannable: mixed.slice(0, bannable), unknown };
}

async function untilHealthy({ samples }: HealthWatch, { stack, signal }: ActionDeps): Promise<void> {
  const deadline = systemClock.now() + warmWithinMs;
  const isHealthy = (name: string) => {
    const last = samples.findLast(({ gateway }) => gateway === name);
    return last !== undefined && isAble(last) && last.isWalkWhole;
  };
  while (!stack.gateways.every(({ name }) => isHealthy(name))) {
    if (systemClock.now() > deadline) throw new StartError('the gateways were not healthy within 120 s');
    await systemClock.sleep(100, signal);
  }
}

/** The waits that the sandbox announced so far, and the memory of each gateway. */
async function snapshot({ sandbox, gateways }: Stack): Promise<{ waits: number; memoryMb: number[] }> {
  const { errors } = await sandbox.report();
  const memoryMb = await Promise.all(gateways.map(({ url }) => residentMb(url)));
  return { waits: waitsIn(errors), memoryMb };
}
