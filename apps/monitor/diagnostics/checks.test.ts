/** Checks of what hangs: given up in their own time, and told as an outcome. */
import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { reason } from '../../kit/reason.ts';
import { manualClock } from '../../kit/testing/manual-clock.ts';
import type { Answer, Gateway } from '../health/gateway.ts';
import { beginChecks } from './checks.ts';

const never = new Promise<never>(() => {});
const silent: Answer<never> = { code: null, body: null, error: reason('no_answer'), ms: 10_000, date: null };
const unasked = () => Promise.reject(new Error('not asked for here'));
const gateway: Gateway = {
  scrape: unasked,
  act: unasked,
  pass: unasked,
  health: () => Promise.resolve(silent),
  stats: () => Promise.resolve(silent),
};

it('gives up a supervisor that hangs, while every other check has its outcome', async () => {
  const clock = manualClock();
  const service = {
    name: 'one',
    label: 'one',
    url: 'http://127.0.0.1:1',
    handles: {},
    account: null,
  };
  const running = beginChecks({
    watched: [{ service, gateway }],
    supervisor: { inspect: () => never },
    restartsOf: () => 0,
    readErrors: () => {
      throw new Error('the lines cannot be read');
    },
    dataDir: tmpdir(),
    clockReference: undefined,
    clock,
  });
  const of = (name: string) => running.checks[running.planned.findIndex(({ check }) => check === name)]!;
  expect(await of('health')).toMatchObject({ ok: false, detail: 'no_answer' });
  expect(await of('errors')).toMatchObject({ ok: null, detail: 'unavailable' });
  expect(await of('disk')).toMatchObject({ detail: 'disk' });
  await clock.advance(5_000);
  expect(await of('supervisor')).toMatchObject({ ok: null, detail: 'late', values: { limit_s: 5 } });
  const { checks, evidence } = await running.ended;
  expect(checks).toHaveLength(running.planned.length);
  expect(evidence.services).toMatchObject([{ state: 'unknown', answers: false, lines: [] }]);
});
