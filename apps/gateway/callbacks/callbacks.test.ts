import { describe, expect, it } from 'vitest';
import { until } from '../../testkit/until.ts';
import { isPublicAddress } from '../../kit/public-address.ts';
import { startCalling } from './testing/calling.ts';
import { startReceiver, status } from './testing/receiver.ts';

const hourMs = 3_600_000;

describe('a callback', () => {
  it('is tried for a day with growing pauses, each time with the same id, then given up', async () => {
    const { clock, table, settle, tried, untilDue } = startCalling();
    const receiver = await startReceiver(status(500));
    const settledAt = clock.now();
    const triedAt: number[] = [];
    await settle('a', receiver.url);
    for (let attempt = 1; table.pending() > 0; attempt++) {
      await untilDue();
      triedAt.push(clock.now());
      await tried('a', attempt);
    }
    const pauses = triedAt.slice(1).map((at, index) => at - triedAt[index]!);
    expect(pauses).toHaveLength(10);
    expect(pauses).toEqual(pauses.toSorted((a, b) => a - b));
    expect(triedAt.at(-1)! - settledAt).toBeGreaterThan(18 * hourMs);
    expect(triedAt.at(-1)! - settledAt).toBeLessThanOrEqual(24 * hourMs);
    expect(await tried('a', 11)).toMatchObject({ state: 'failed', lastError: expect.stringMatching(/500$/) });
    expect(new Set(receiver.calls.map(({ id }) => id)).size).toBe(1);
    const stamps = receiver.calls.map(({ headers }) => Number(headers['webhook-timestamp']));
    expect(stamps).toEqual(triedAt.map((at) => Math.floor(at / 1000)));
    await clock.advance(48 * hourMs);
    expect(receiver.calls).toHaveLength(11);
  });

  it('is stopped for good by 410', async () => {
    const { clock, table, settle, tried } = startCalling();
    const receiver = await startReceiver(status(410));
    await settle('a', receiver.url);
    expect(await tried('a', 1)).toMatchObject({
      state: 'stopped',
      lastError: expect.stringMatching(/answered 410$/),
    });
    expect(table.pending()).toBe(0);
    await clock.advance(24 * hourMs);
    expect(receiver.calls).toHaveLength(1);
  });

  it.each([302, 307])('does not follow a redirect (%i): it is tried again', async (code) => {
    const { settle, tried } = startCalling();
    const other = await startReceiver();
    const receiver = await startReceiver(status(code, { location: other.url }));
    await settle('a', receiver.url);
    const { state, lastError } = await tried('a', 1);
    expect(state).toBe('pending');
    expect(lastError).toMatch(new RegExp(`answered ${code}$`));
    expect(other.calls).toEqual([]);
  });

  it('waits as long as its receiver asks by Retry-After, within bounds', async () => {
    const { clock, table, settle, tried } = startCalling();
    const polite = await startReceiver(status(429, { 'retry-after': '600' }));
    const greedy = await startReceiver(status(503, { 'retry-after': '999999999' }));
    await settle('a', polite.url);
    await tried('a', 1);
    expect(table.hosts(1)[0]!.dueAt - clock.now()).toBe(600_000);
    await settle('b', greedy.url);
    await tried('b', 1);
    expect(table.hosts(2)[1]!.dueAt - clock.now()).toBe(hourMs);
  });

  it('to a receiver that never answers counts as failed once its time is over', async () => {
    const { settle, tried } = startCalling({ timeoutMs: 200 });
    const receiver = await startReceiver(() => {});
    await settle('a', receiver.url);
    const { host } = new URL(receiver.url);
    expect(await tried('a', 1)).toEqual({
      state: 'pending',
      attempts: 1,
      lastError: `${host}: no answer within 0.2 s`,
    });
  });

  it('is delivered by a 2xx, however long the answer would go on', async () => {
    const { settle, tried } = startCalling();
    const receiver = await startReceiver((response) => {
      response.writeHead(201);
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
      };
      response.on('drain', more);
      more();
    });
    await settle('a', receiver.url);
    expect((await tried('a', 1)).state).toBe('delivered');
  });

  it('never reaches a private address, however its host is called', async () => {
    const resolve = () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]);
    const { settle, tried } = startCalling({ isAllowed: isPublicAddress, resolve });
    const receiver = await startReceiver();
    await settle('a', receiver.url);
    expect((await tried('a', 1)).lastError).toContain('127.0.0.1 is an address that is not on the public');
    await settle('b', receiver.url.replace('127.0.0.1', 'hooks.example'));
    expect((await tried('b', 1)).lastError).toContain('hooks.example leads to 127.0.0.1');
    expect(receiver.calls).toEqual([]);
  });

  it('goes to the very address that was checked', async () => {
    const resolve = () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]);
    const { settle, tried } = startCalling({ resolve });
    const receiver = await startReceiver();
    await settle('a', receiver.url.replace('127.0.0.1', 'hooks.example'));
    expect((await tried('a', 1)).state).toBe('delivered');
    expect(receiver.calls[0]!.headers.host).toMatch(/^hooks\.example:\d+$/);
  });

  it('is withdrawn by a retry of its message', async () => {
    const { clock, find, messageAdmin, table, settle, tried } = startCalling();
    const receiver = await startReceiver(status(500));
    await settle('a', receiver.url, 'failed');
    await tried('a', 1);
    await messageAdmin.retry(['a'], clock.now() + 60_000);
    expect(table.pending()).toBe(0);
    expect((await find('a')).callback).toBeUndefined();
    await clock.advance(24 * hourMs);
    expect(receiver.calls).toHaveLength(1);
  });

  it('that was being posted when its message was retried says nothing of the one that follows', async () => {
    const { clock, find, messageAdmin, outcomes, settle, settleAnew, tried } = startCalling();
    const answers: ((code: number) => void)[] = [];
    const receiver = await startReceiver((response) => answers.push((code) => status(code)(response)));
    const came = (count: number) => until(`there are ${count} answers`, () => answers.length === count);
    await settle('a', receiver.url, 'failed');
    await came(1);
    await messageAdmin.retry(['a'], clock.now() + 60_000);
    await settleAnew('a', 'sent');
    await came(2);
    answers[0]!(410);
    await expect.poll(() => outcomes).toHaveLength(1);
    expect((await find('a')).callback).toEqual({ state: 'pending', attempts: 0, lastError: undefined });
    answers[1]!(200);
    expect((await tried('a', 1)).state).toBe('delivered');
    expect(receiver.calls.map(({ payload }) => payload.type)).toEqual(['message.failed', 'message.sent']);
    expect(receiver.calls[1]!.id).not.toBe(receiver.calls[0]!.id);
  });

  it('that is pending keeps its message from being purged', async () => {
    const { clock, find, messageAdmin, settle, tried, untilDue } = startCalling();
    const receiver = await startReceiver((response, index) => status(index === 0 ? 500 : 200)(response));
    await settle('a', receiver.url);
    await tried('a', 1);
    const purge = () => messageAdmin.purge(clock.now() + 1, 10);
    expect(await purge()).toEqual([]);
    expect(await find('a')).toBeDefined();
    await untilDue();
    await tried('a', 2);
    expect(await purge()).toMatchObject([{ id: 'a' }]);
  });

  it('whose outcome could not be written is posted again after a while, with the same id', async () => {
    let failures = 0;
    const { clock, settle, tried } = startCalling({
      through: (table) => ({
        ...table,
        tried: (...one) => (failures++ === 0 ? Promise.reject(new Error('full')) : table.tried(...one)),
      }),
    });
    const receiver = await startReceiver();
    await settle('a', receiver.url);
    await expect.poll(() => failures).toBe(1);
    await clock.advance(10_000);
    expect(receiver.calls).toHaveLength(1);
    await clock.advance(30_000);
    expect((await tried('a', 1)).state).toBe('delivered');
    expect(receiver.calls.map(({ id }) => id)).toEqual([receiver.calls[0]!.id, receiver.calls[0]!.id]);
  });
});

describe('callbacks', () => {
  it('to one host are posted a few at a time, and one that hangs holds up nobody else', async () => {
    const { clock, messageAdmin, settle, tried } = startCalling();
    const hanging = await startReceiver(() => {});
    const other = await startReceiver();
    for (let index = 0; index < 40; index++) await settle(`hangs ${index}`, hanging.url, 'failed');
    await settle('b', other.url);
    expect((await tried('b', 1)).state).toBe('delivered');
    await clock.advance(10_000);
    await expect.poll(() => hanging.calls.length).toBeGreaterThanOrEqual(4);
    const posted = hanging.calls.map(({ payload }) => String(payload.data.id));
    await messageAdmin.retry(posted, clock.now() + 60_000); // Withdrawn, and still being posted.
    await clock.advance(10_000);
    await settle('c', other.url);
    await tried('c', 1);
    expect(hanging.calls).toHaveLength(4);
  });

  it('of many hosts that hang are bounded all together', async () => {
    const { clock, settle } = startCalling();
    const receivers = await Promise.all(Array.from({ length: 12 }, () => startReceiver(() => {})));
    for (const [index, { url }] of receivers.entries()) {
      for (let each = 0; each < 4; each++) await settle(`${index} ${each}`, url);
    }
    const open = () => receivers.flatMap(({ calls }) => calls).length;
    await expect.poll(open).toBeGreaterThanOrEqual(32);
    await clock.advance(20_000);
    expect(open()).toBe(32);
  });

  it('wait where no secret is set', async () => {
    const { clock, table, settle } = startCalling({ secrets: [] });
    const receiver = await startReceiver();
    await settle('a', receiver.url);
    await clock.advance(hourMs);
    expect(receiver.calls).toEqual([]);
    expect(table.pending()).toBe(1);
  });
});
