import { expect, it } from 'vitest';
import { createLogger } from '../kit/log.ts';
import { reason, type Reason } from '../kit/reason.ts';
import { Release } from '../kit/release.ts';
import { manualClock } from '../kit/testing/manual-clock.ts';
import { startAnewOnceMended } from './start-anew.ts';

it('a gateway whose disk has failed ends, to be started anew, once the disk takes writes, and not before', async () => {
  const clock = manualClock();
  const told: string[] = [];
  const state = { failure: undefined as Reason | undefined, works: true };
  startAnewOnceMended({
    lanes: { storage: () => ({ lockedSince: undefined, failure: state.failure }) },
    spool: { probe: () => (state.works ? Promise.resolve() : Promise.reject(new Error('EIO'))) },
    log: createLogger('test', 'fatal'),
    clock,
    release: new Release(),
    startAnew: (reason) => told.push(reason),
  });
  await clock.advance(100_000);
  Object.assign(state, { failure: reason('disk_failed', { error: 'EIO' }), works: false });
  await clock.advance(100_000);
  expect(told).toEqual([]);
  state.works = true;
  await clock.advance(100_000);
  expect(told).toEqual(['the disk had failed']);
});
