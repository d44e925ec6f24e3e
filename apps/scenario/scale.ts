/** The same scenario in a shorter time: every duration shrinks alike, limits included; rates stay. */
import type { Action, Scenario } from './data-file.ts';

const whole = (value: number) => Math.max(1, Math.ceil(value));

/** How long the phases take in all, in seconds, without what follows them. */
export function secondsOf({ phases }: Scenario): number {
  return phases.reduce((sum, { seconds }) => sum + seconds, 0);
}

/** A scenario whose durations are `factor` times as long; counts of messages shrink with them. */
export function scaled(scenario: Scenario, factor: number): Scenario {
  if (factor === 1) return scenario;
  const action = (each: Action): Action => scaledAction(each, factor);
  return {
    ...scenario,
    begin: scenario.begin.map(action),
    phases: scenario.phases.map((phase) => ({
      ...phase,
      seconds: phase.seconds * factor,
      begin: phase.begin.map(action),
      end: phase.end.map(action),
      timeline: phase.timeline.map((entry) => ({
        ...scaledAction(entry, factor),
        ...(entry.at !== undefined && { at: entry.at * factor }),
        ...(entry.every !== undefined && { every: entry.every * factor }),
      })),
      ...(phase.traffic?.messages && {
        traffic: { ...phase.traffic, messages: whole(phase.traffic.messages * factor) },
      }),
    })),
  };
}

function scaledAction<Each extends Action>(action: Each, factor: number): Each {
  switch (action.do) {
    case 'faults':
      return { ...action, faults: scaledTimes(action.faults, factor) };
    case 'limits':
      return { ...action, limits: scaledTimes(action.limits, factor) };
    case 'slow_mode':
      return { ...action, seconds: action.seconds === 0 ? 0 : whole(action.seconds * factor) };
    case 'ban':
    case 'cut':
    case 'kill':
    case 'revoke':
      return action;
  }
}

/** Durations in the bodies of the sandbox, wherever they stand in them. */
function scaledTimes(value: unknown, factor: number): unknown {
  if (Array.isArray(value)) return value.map((item) => scaledTimes(item, factor));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      if (typeof inner !== 'number') return [key, scaledTimes(inner, factor)];
      if (key === 'wait_seconds') return [key, whole(inner * factor)];
      return [key, /^(after|for|per)_seconds$/.test(key) ? inner * factor : inner];
    }),
  );
}
