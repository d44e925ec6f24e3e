/** From what a scenario left behind to its figures. What could not be measured is undefined. */
import type { LimitsDefinition } from '../sandbox/control/limits.ts';
import type { Comparison } from './compare.ts';
import { expectedOf } from './compare.ts';
import type { Action, Scenario } from './data-file.ts';
import { effectsOn, isAble, secondsUntil, wasAble, type Effect } from './health-log.ts';
import { leastSeconds } from './least-time.ts';
import type { PhaseMeasure, WholeMeasure } from './measure-names.ts';
import type { Delivered, Followed } from './messages.ts';
import type { Played, PlayedPhase } from './play.ts';
import { waitsIn } from './sandbox.ts';
import { largest, quantile } from './statistics.ts';

export type Measures = ReadonlyMap<string, number | undefined>;

const gateways = ['text', 'media'] as const;
const sendMethods = ['messages.sendMessage', 'messages.sendMedia', 'messages.sendMultiMedia'];
const stateMethods = ['updates.getState', 'updates.getDifference', 'updates.getChannelDifference'];

/** What every event did to each gateway. */
export function effectsOf({ samples, history }: Played): Effect[] {
  return gateways.flatMap((gateway) => effectsOn(gateway, samples, history.events));
}

/** Every figure by its name. */
export function measure(scenario: Scenario, played: Played, comparison: Comparison): Measures {
  const { messages, report, samples, history, startedAt } = played;
  const firstDelivered = firstDeliveries(report.delivered);
  const effects = effectsOf(played);
  const takingAway = new Set(history.events.filter((event) => event.takesAway).map(({ at }) => at));
  const delays = refusalsOnceWhole(played).map((each) => each.answeredAt! - each.lastAskedAt);
  const latencies = latenciesOf(messages, firstDelivered);
  const calls = (methods: readonly string[]) =>
    methods.reduce((sum, method) => sum + (report.rpc[method] ?? 0), 0);
  const untilEach = (fits: Parameters<typeof secondsUntil>[2]) =>
    largest(
      gateways.map((name) =>
        secondsUntil(samples, startedAt, (sample) => sample.gateway === name && fits(sample)),
      ),
    );
  const whole: Record<WholeMeasure, number | undefined> = {
    messages: messages.length,
    lost: comparison.lost.length,
    repeated: comparison.repeated.length,
    out_of_order: comparison.outOfOrder.length,
    contradicted: comparison.contradicted.length,
    unsettled: comparison.unsettled.length,
    undelivered: comparison.undelivered.length,
    misanswered: comparison.misanswered.length,
    internal_errors: messages.filter(({ httpStatus }) => httpStatus === 500).length,
    flood_violations: report.floodViolations,
    flood_waits: waitsIn(report.errors),
    dialog_pages: calls(['messages.getDialogs']) - played.dialogErrors,
    dialog_waits: played.dialogErrors,
    state_calls: calls(stateMethods),
    send_calls_per_message: calls(sendMethods) / messages.length,
    refusal_p99_ms: quantile(delays, 0.99),
    refusal_max_ms: largest(delays),
    accepting_after_s: largest(played.acceptingAfterS),
    start_cpu_s: largest(played.startCpuS),
    able_after_s: untilEach(isAble),
    healthy_after_s: untilEach(({ status }) => status === 'ok'),
    recovered_after_s: largest(effects.map(({ recoveredAfterS }) => recoveredAfterS)),
    told_down_after_s: largest(
      effects.filter(({ at }) => takingAway.has(at)).map(({ toldAfterS }) => toldAfterS),
    ),
    first_out_after_s: largest(history.restarts.map((restart) => firstOutAfter(restart, played))),
    delivery_p50_ms: quantile(latencies, 0.5),
    delivery_p99_ms: quantile(latencies, 0.99),
    others_p99_rise: othersRise(played, firstDelivered),
  };
  const measures = new Map<string, number | undefined>(Object.entries(whole));
  const limits = limitsOf(scenario);
  for (const each of played.phases) {
    const ofPhase = measurePhase(each, messages, firstDelivered, limits);
    for (const [name, value] of Object.entries(ofPhase)) measures.set(`${name}.${each.phase.name}`, value);
  }
  return measures;
}

function measurePhase(
  { phase, floodWaits, memoryGrowthMb }: PlayedPhase,
  all: readonly Followed[],
  delivered: ReadonlyMap<number, Delivered>,
  limits: LimitsDefinition,
): Record<PhaseMeasure, number | undefined> {
  const messages = all.filter((message) => message.phase === phase.name);
  const latencies = latenciesOf(messages, delivered);
  const ends = messages.flatMap(({ number }) => delivered.get(number)?.at ?? []);
  const begin = messages.reduce((first, { askedAt }) => Math.min(first, askedAt), Infinity);
  const took = ends.length === 0 ? undefined : (largest(ends)! - begin) / 1000;
  const chats = messages.filter(({ number }) => delivered.has(number)).map(({ chatId }) => chatId);
  const least = leastSeconds(chats, limits);
  return {
    delivery_p50_ms: quantile(latencies, 0.5),
    delivery_p99_ms: quantile(latencies, 0.99),
    flood_waits: floodWaits,
    took_s: took,
    time_over_least: took === undefined || least === 0 ? undefined : took / least,
    memory_growth_mb: memoryGrowthMb,
  };
}

function firstDeliveries(delivered: readonly Delivered[]): Map<number, Delivered> {
  const first = new Map<number, Delivered>();
  for (const each of delivered) if (!first.has(each.number)) first.set(each.number, each);
  return first;
}

function latenciesOf(messages: readonly Followed[], delivered: ReadonlyMap<number, Delivered>): number[] {
  return messages.flatMap(({ number, askedAt }) => {
    const found = delivered.get(number);
    return found ? [found.at - askedAt] : [];
  });
}

/**
 * Those that had to be refused, asked for once the walk was whole of a gateway that was there. Where Telegram itself
 * has to refuse, it must have been in reach: what was cut off is answered when it is back.
 */
export function refusalsOnceWhole({ messages, samples, history }: Played): Followed[] {
  return messages.filter((message) => {
    const { gateway, askedAt, asks, answeredAt } = message;
    const expected = expectedOf(message, history.bannedAt);
    if (asks > 1 || answeredAt === undefined || (expected !== 'banned' && expected !== 'cannot_resolve'))
      return false;
    const wholeAt =
      samples.find((sample) => sample.gateway === gateway && sample.isWalkWhole)?.at ?? Infinity;
    if (askedAt < wholeAt) return false;
    return expected === 'cannot_resolve' || wasAble(samples, gateway, askedAt, answeredAt);
  });
}

/** From a restart of a gateway to the first of its messages that arrived, in seconds. */
function firstOutAfter(
  { gateway, at }: Played['history']['restarts'][number],
  { messages, report }: Played,
): number | undefined {
  const own = new Set(messages.filter((each) => each.gateway === gateway).map(({ number }) => number));
  const found = report.delivered.find((each) => each.at >= at && own.has(each.number));
  return found && (found.at - at) / 1000;
}

/** The p99 of the chats that are never in slow mode: in the phases where others are, over that in the phases without. */
function othersRise(
  { messages, phases, history }: Played,
  delivered: ReadonlyMap<number, Delivered>,
): number | undefined {
  const isSlow = ({ phase }: PlayedPhase) =>
    phase.begin.some((action) => action.do === 'slow_mode' && action.seconds > 0);
  const slowPhases = new Set(phases.filter(isSlow).map(({ phase }) => phase.name));
  const others = messages.filter(({ chatId }) => !history.slow.has(chatId));
  const p99 = (isInSlowPhase: boolean) =>
    quantile(
      latenciesOf(
        others.filter(({ phase }) => slowPhases.has(phase) === isInSlowPhase),
        delivered,
      ),
      0.99,
    );
  const [without, during] = [p99(false), p99(true)];
  return without && during && during / without;
}

/** The limits that hold from the beginning. */
function limitsOf({ begin }: Scenario): LimitsDefinition {
  const last = begin.findLast(
    (action): action is Extract<Action, { do: 'limits' }> => action.do === 'limits',
  );
  return last?.limits ?? {};
}
