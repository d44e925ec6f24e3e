/** The steps of Clear flood wait: which they are, and what can be read off them. Pure. */
import type { Detail } from '../model/detail.ts';

/** One step; times in ISO 8601. */
export interface Step extends Detail {
  readonly kind: 'stop' | 'wait' | 'start';
  /** Null for a wait. */
  readonly service: string | null;
  /** How long a wait takes. */
  readonly seconds: number | null;
  readonly state: 'pending' | 'running' | 'done' | 'failed' | 'skipped';
  readonly started_at: string | null;
  /** When a wait that runs will be over. */
  readonly until: string | null;
  readonly ended_at: string | null;
  /** Why it failed. */
}

export interface Durations {
  readonly waitMs: number;
  readonly spacingMs: number;
}

/** Stop all, wait, start them one by one. */
export function planSteps(services: readonly string[], { waitMs, spacingMs }: Durations): Step[] {
  const starts = services.flatMap((name, index) =>
    index === 0 ? [step('start', name)] : [wait(spacingMs), step('start', name)],
  );
  return [...services.map((name) => step('stop', name)), wait(waitMs), ...starts];
}

export function isOpen({ state }: Step): boolean {
  return state === 'pending' || state === 'running';
}

/** Whether any of them is of this service. */
export function concern(steps: readonly Step[], service: string): boolean {
  return steps.some((step) => step.service === service);
}

/** The services that they stop. */
export function stoppedBy(steps: readonly Step[]): string[] {
  return steps.flatMap(({ kind, service }) => (kind === 'stop' && service !== null ? [service] : []));
}

/** Whether they have stopped this service, or may have, and not started it again. */
export function isLeftStopped(steps: readonly Step[], service: string): boolean {
  const of = (kind: Step['kind']) => steps.find((step) => step.kind === kind && step.service === service);
  return concern(steps, service) && of('stop')?.state !== 'pending' && of('start')?.state !== 'done';
}

/** What the waits among them still take. */
export function remainingMs(steps: readonly Step[], now: number): number {
  return steps.reduce((sum, { state, until, seconds }) => {
    if (state === 'pending') return sum + (seconds ?? 0) * 1000;
    if (state === 'running' && until !== null) return sum + leftMs(until, seconds, now);
    return sum;
  }, 0);
}

/** Of a wait that runs; null for any other step. */
export function secondsLeft({ until, seconds }: Step, now: number): number | null {
  return until === null ? null : Math.ceil(leftMs(until, seconds, now) / 1000);
}

/** No more than the wait was to take: the clock may have been set back since. */
function leftMs(until: string, seconds: number | null, now: number): number {
  return Math.max(0, Math.min(Date.parse(until) - now, (seconds ?? Infinity) * 1000));
}

function step(kind: 'stop' | 'start', service: string): Step {
  return { ...untouched, kind, service };
}

function wait(ms: number): Step {
  return { ...untouched, kind: 'wait', seconds: ms / 1000 };
}

const untouched = {
  service: null,
  seconds: null,
  state: 'pending',
  started_at: null,
  until: null,
  ended_at: null,
  detail: null,
} as const;
