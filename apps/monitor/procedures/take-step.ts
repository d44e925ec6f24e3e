/** One step of Clear flood wait as it is taken: a wait is slept through, a service is stopped or started with some patience. */
import type { Clock } from '../../kit/clock.ts';
import { Problem } from '../../kit/errors.ts';
import { reason, reasonOf, type Reason } from '../../kit/reason.ts';
import type { WatchedService } from '../model/services.ts';
import type { Control } from './control.ts';
import type { Step } from './steps.ts';

export interface StepMeans {
  readonly services: readonly WatchedService[];
  readonly control: Pick<Control, 'perform'>;
  readonly clock: Clock;
}

const tries = 5;
const firstRetryMs = 2_000;

/** Ends early when `signal` is aborted. @returns why it failed; null where it did not */
export async function takeStep(
  means: StepMeans,
  { kind, service, seconds, until }: Pick<Step, 'kind' | 'service' | 'seconds' | 'until'>,
  signal: AbortSignal,
): Promise<Reason | null> {
  if (kind !== 'wait') return insist(means, service!, kind, signal);
  // However a clock was set before a restart, the wait is no longer than it was to be.
  const leftMs = Math.min(Date.parse(until!) - means.clock.now(), seconds! * 1000);
  await means.clock.sleep(leftMs, signal).catch(() => {});
  return null;
}

/** Again while the supervisor does not answer, a few times. */
async function insist(
  { services, control, clock }: StepMeans,
  name: string,
  action: 'stop' | 'start',
  signal: AbortSignal,
): Promise<Reason | null> {
  const service = services.find((each) => each.name === name);
  if (!service) return reason('service_gone', { name });
  for (let attempt = 1; ; attempt += 1) {
    try {
      await control.perform(service, action);
      return null;
    } catch (error) {
      const mayPass = error instanceof Problem && error.class === 'unavailable';
      if (!mayPass || attempt === tries || signal.aborted) return reasonOf(error);
      await clock.sleep(firstRetryMs * 2 ** (attempt - 1), signal).catch(() => {});
    }
  }
}
