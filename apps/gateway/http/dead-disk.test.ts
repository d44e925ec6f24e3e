/** Reads of the database fail, as on a disk that is dead: said as 503, with the reason, and never as an error of ours. */
import { afterEach, expect, it, vi } from 'vitest';
import { StatementSync } from 'node:sqlite';
import { demoChat, startStack } from '../../testkit/stack.ts';

afterEach(() => void vi.restoreAllMocks());

it('an idle gateway whose database cannot be read is down, says why, and goes on when it can', async () => {
  const { gateway } = await startStack('text');
  const failing = () => {
    throw Object.assign(new Error('disk I/O error'), { code: 'ERR_SQLITE_ERROR', errcode: 266 });
  };
  for (const method of ['get', 'all', 'run'] as const)
    vi.spyOn(StatementSync.prototype, method).mockImplementation(failing);
  const health = await gateway.get('/health');
  expect(health).toMatchObject({ status: 503, body: { status: 'down', checks: { storage: { ok: false } } } });
  expect(health.body.reasons).toContain('the database does not answer: disk I/O error');
  const refusal = { status: 503, body: { class: 'storage_failed', retryable: true } };
  expect(await gateway.get('/stats')).toMatchObject(refusal);
  expect(await gateway.get('/messages')).toMatchObject(refusal);
  expect(await gateway.post('/send', { chat_id: demoChat, text: 'a' })).toMatchObject(refusal);

  vi.restoreAllMocks();
  expect(await gateway.get('/health')).toMatchObject({ status: 200 });
  expect(await gateway.post('/send', { chat_id: demoChat, text: 'b' })).toMatchObject({ status: 200 });
});
