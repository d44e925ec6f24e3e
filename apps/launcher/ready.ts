/** Waits until a service answers over HTTP. */
import { get } from 'node:http';
import type { Clock } from '../kit/clock.ts';
import type { ServiceSpec } from './plan.ts';

const betweenMs = 40;
const answerMs = 2_000;

/**
 * Resolves when the service is up.
 * @throws the signal's reason when it is aborted first
 */
export async function waitUntilUp(
  ready: ServiceSpec['ready'],
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const status = await statusOf(ready.url, signal);
    if (status === 200 || (status !== undefined && !ready.mustBeOk)) return;
    await clock.sleep(betweenMs, signal);
  }
}

/** The status a URL answers with; undefined when it does not answer. No connection is kept open. */
function statusOf(url: string, signal: AbortSignal): Promise<number | undefined> {
  return new Promise((resolve) => {
    const request = get(url, {
      agent: false,
      signal: AbortSignal.any([signal, AbortSignal.timeout(answerMs)]),
    });
    request.once('response', (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    request.once('error', () => resolve(undefined));
  });
}
