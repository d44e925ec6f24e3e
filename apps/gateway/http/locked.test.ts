import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { demoChat, startStack } from '../../testkit/stack.ts';
import { until } from '../../testkit/until.ts';
import { shared } from '../../testkit/when-done.ts';

let stack: Awaited<ReturnType<typeof startStack>>;
beforeAll(shared(async (whenDone) => void (stack = await startStack('text', {}, whenDone))));

/** Locks the gateway's database as another process would; ended by the function it gives. */
function lock(): () => void {
  const other = new DatabaseSync(join(stack.dataDir, 'vestnik.db'));
  onTestFinished(() => other.close());
  other.exec('BEGIN EXCLUSIVE');
  return () => other.exec('ROLLBACK');
}

const health = () => stack.gateway.get('/health');
const storageOf = ({ body }: Awaited<ReturnType<typeof health>>) =>
  (body.checks as { storage: { ok: boolean; detail: string } }).storage;

describe('while another process has locked the database', () => {
  it('a gateway says so when asked, and sends once it is free again', async () => {
    const unlock = lock();
    const sends = [1, 2].map((text) => stack.gateway.post('/send', { chat_id: demoChat, text: `${text}` }));
    const locked = await until('the database counts as locked', async () => {
      const answer = await health();
      return !storageOf(answer).ok && answer;
    });
    expect(locked).toMatchObject({ status: 503, body: { status: 'down' } });
    expect(storageOf(locked).detail).toMatch(/another process has locked the database, for \d s so far/);
    expect((await stack.gateway.get('/messages')).body).toEqual({ messages: [], next: null });
    unlock();
    for (const sent of await Promise.all(sends)) expect(sent).toMatchObject({ status: 200 });
    expect(await health()).toMatchObject({ status: 200 });
    const { delivered } = await stack.sandbox.report();
    expect(delivered.map(({ text }) => text)).toEqual(['1', '2']);
  });

  it('a send that waited for too long is storage_failed, and nothing was accepted', async () => {
    const unlock = lock();
    const answer = await stack.gateway.post('/send', { chat_id: demoChat, text: 'never' });
    unlock();
    expect(answer).toMatchObject({
      status: 503,
      body: { class: 'storage_failed', id: null, retryable: true },
    });
    expect(await health()).toMatchObject({ status: 200 });
    expect((await stack.sandbox.report()).delivered).toHaveLength(2);
  });
});
