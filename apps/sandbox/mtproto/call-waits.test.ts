/** invokeAfterMsg and invokeAfterMsgs. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { answeredBy, type RawClient, type Received } from '../../testkit/raw-client.ts';
import { startSandbox, type TestSandbox } from '../../testkit/sandbox.ts';
import { type TlObject } from '../tl/values.ts';
import { bytesOf } from '../tl/writer.ts';
import type { AuthKey } from './auth-keys.ts';
import type { Call } from './call.ts';
import { CallWaits } from './call-waits.ts';
import { sessionsOf, type Session } from './session.ts';

const send = 'messages.sendMessage';

let randomId = 0n;
const text = (message: string): TlObject => ({
  _: send,
  peer: { _: 'inputPeerSelf' },
  message,
  randomId: ++randomId,
});
const after = (msgIds: bigint[], query: TlObject): Buffer =>
  bytesOf(
    msgIds.length === 1
      ? { _: 'invokeAfterMsg', msgId: msgIds[0]!, query }
      : { _: 'invokeAfterMsgs', msgIds, query },
  );

describe('a call after others', () => {
  let sandbox: TestSandbox;
  let client: RawClient;
  beforeEach(async () => {
    sandbox = await startSandbox({ takesParallelCalls: true });
    client = await sandbox.connectRaw();
  });

  const answered = (id: bigint) => (message: Received) => answeredBy(message) === id;
  const errorTo = async (id: bigint, at = client) => (await at.next(answered(id))).object?.errorMessage;
  const texts = async () => (await sandbox.report()).delivered.map(({ text: sent }) => sent);

  it('waits for them, in a container, alone, and from another session of its key', async () => {
    const other = await sandbox.connectRaw();
    await sandbox.post('/faults', [{ method: send, delay_ms: 150, times: 1 }]);
    const [one, two] = [client.nextId(), client.nextId()];
    client.sendContainer([
      { id: one, sequence: 1, body: bytesOf(text('one')) },
      { id: two, sequence: 3, body: after([one], text('two')) },
    ]);
    await client.next(({ name }) => name === 'newSessionCreated');
    const four = other.send(after([one, two], text('four')));
    const three = client.send(after([two], text('three')), { sequence: 5 });
    await Promise.all([client.next(answered(three)), other.next(answered(four))]);
    expect(await texts()).toEqual(['one', 'two', 'four', 'three']);
  });

  it('waits for one that comes later', async () => {
    const one = client.nextId();
    const two = client.send(after([one], text('two')), { sequence: 3 });
    client.send(bytesOf(text('one')), { id: one, sequence: 1 });
    await client.next(answered(two));
    expect(await texts()).toEqual(['one', 'two']);
  });

  it.each(['FLOOD_WAIT_5', 'INTERNAL'])(
    'is refused where one failed with %s, and so is what follows it',
    async (error) => {
      await sandbox.post('/faults', [{ method: send, error, times: 1 }]);
      const one = client.send(bytesOf(text('one')));
      const two = client.send(after([one], text('two')));
      const three = client.send(after([one, two], text('three')));
      expect([await errorTo(one), await errorTo(two), await errorTo(three)]).toEqual([
        error,
        'MSG_WAIT_FAILED',
        'MSG_WAIT_FAILED',
      ]);
      expect((await client.next(answered(two))).object?.errorCode).toBe(400);
      expect(await sandbox.report()).toMatchObject({ delivered_total: 0, flood_violations: 0 });
    },
  );
});

describe('the wait', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** A call of a session that runs what it has seen. */
  const callOf = (messageId: bigint, ...seen: bigint[]) => {
    const session = { seen: new Set(seen), running: new Set(seen), failed: new Set() };
    const authKey = {} as AuthKey;
    sessionsOf(authKey).set(1n, session as unknown as Session);
    return { messageId, session: { authKey } } as unknown as Call;
  };

  it.each([
    ['two seconds for a call that does not come', callOf(8n), 2000],
    ['ten seconds for a call that does not end', callOf(8n, 4n), 10_000],
  ])('ends after %s', async (_, call, waitMs) => {
    const waits = new CallWaits();
    const outcomes: unknown[] = [];
    waits.after(call, [4n], (error) => outcomes.push(error));
    await vi.advanceTimersByTimeAsync(waitMs - 1);
    expect(outcomes).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(outcomes).toEqual(['MSG_WAIT_TIMEOUT']);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is refused to more than a thousand calls at a time', () => {
    const waits = new CallWaits();
    const outcomes: unknown[] = [];
    for (let id = 0n; id <= 1000n; id++) waits.after(callOf(id), [4004n], (error) => outcomes.push(error));
    expect(outcomes).toEqual(['MSG_WAIT_TIMEOUT']);
    waits.close();
    expect(vi.getTimerCount()).toBe(0);
  });
});
