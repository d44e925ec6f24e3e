/** The checks of one service: its supervisor, its port, what it says of itself, its last lines. */
import type { Clock } from '../../kit/clock.ts';
import type { Answer } from '../health/gateway.ts';
import type { HealthAnswer, StatsAnswer } from '../health/gateway-answers.ts';
import type { Watched } from '../health/watcher.ts';
import { portOf } from '../model/services.ts';
import type { Supervisor } from '../supervisors/supervisor.ts';
import { restartsWithinMs } from './causes.ts';
import type { ReadErrors, ServiceEvidence } from './evidence.ts';
import type { Timed } from './outcome.ts';
import * as outcomes from './outcomes.ts';
import { probePort } from './port.ts';
import { within } from './within.ts';

const supervisorMs = 5_000;
const portMs = 4_000;
const answerMs = 10_000;
const linesMs = 5_000;
const linesForRules = 500;

export interface ServiceChecksDeps {
  readonly supervisor: Pick<Supervisor, 'inspect'>;
  readonly readErrors: ReadErrors;
  readonly restartsOf: (service: string, withinMs: number) => number;
  readonly clock: Clock;
}

/** Begins them. `health` is settled in any case; nothing rejects. */
export function checkService(
  deps: ServiceChecksDeps,
  { service, gateway }: Watched,
  now: number,
  timed: Timed,
): { health: Promise<Answer<HealthAnswer>>; evidence: Promise<ServiceEvidence> } {
  const { name, label } = service;
  const { clock } = deps;
  const host = new URL(service.url).hostname.replace(/^\[|\]$/g, '');
  const supervised = within(clock, supervisorMs, deps.supervisor.inspect(service));
  const port = within(clock, portMs, probePort(host, portOf(service)));
  const health = gateway.health(answerMs);
  const stats = gateway.stats(answerMs);
  const read = Promise.resolve().then(() => deps.readErrors(name, linesForRules));
  const lines = within(clock, linesMs, read);
  const state = supervised.then(({ state }) => state).catch(() => 'unknown' as const);
  const portAndState = Promise.all([port, state]);

  timed('supervisor', name, supervised.then(outcomes.supervisorOutcome));
  timed(
    'port',
    name,
    portAndState.then(([probed, is]) => outcomes.portOutcome(probed, is)),
  );
  timed('health', name, health.then(outcomes.healthOutcome));
  timed('telegram', name, health.then(outcomes.telegramOutcome));
  timed('session', name, health.then(outcomes.sessionOutcome));
  timed('stats', name, stats.then(outcomes.statsOutcome));
  timed('cache', name, stats.then(outcomes.cacheOutcome));
  timed(
    'errors',
    name,
    lines.then((all) => outcomes.errorsOutcome(all, now)),
  );

  const gather = async (): Promise<ServiceEvidence> => {
    const seen = await supervised.catch(() => undefined);
    const [answer, numbers] = await Promise.all([health, stats]);
    return {
      name,
      label,
      port: await port.catch(() => null),
      lines: await lines.catch(() => []),
      state: seen?.state ?? 'unknown',
      stateDetail: seen?.detail ?? null,
      restarts: deps.restartsOf(name, restartsWithinMs),
      answers: answer.code !== null,
      telegram: answer.body?.checks?.telegram ?? null,
      authorized: answer.body?.checks?.authorized ?? null,
      accountState: answer.body?.account_state?.state ?? null,
      cacheSize: numbers.body?.cache?.size ?? null,
      gates: gatesOf(numbers, now),
    };
  };
  return { health, evidence: gather() };
}

function gatesOf({ body }: Answer<StatsAnswer>, now: number): ServiceEvidence['gates'] {
  const gates = body?.floods?.map(({ until, ...gate }) => {
    return { ...gate, until: until ?? new Date(now + gate.seconds * 1000).toISOString() };
  });
  return gates ?? null;
}
