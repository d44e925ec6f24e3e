import { expect, it } from 'vitest';
import { movableClock } from '../../testkit/movable-clock.ts';
import { startSandbox } from '../../testkit/sandbox.ts';
import { startTestGateway } from '../../testkit/stack.ts';
import { temporaryFolder } from '../../testkit/folder.ts';

it('a reload that was asked for says when the next one may be, and until then there is none', async () => {
  const clock = movableClock();
  const folder = temporaryFolder();
  const gateway = await startTestGateway('text', await startSandbox(), folder, {}, undefined, clock);
  await gateway.untilWarm();
  clock.advance(120_000);
  const asked = clock.now();
  const { status, body } = await gateway.post('/reload_cache');
  expect({ status, body }).toMatchObject({ status: 202, body: { started: true, running: false } });
  expect(Date.parse(String(body.next_allowed_at))).toBeGreaterThanOrEqual(asked + 60_000);
});
