import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TlObject } from '../tl/values.ts';
import { bytesOf } from '../tl/writer.ts';
import { startSandbox, type TestSandbox } from '../../testkit/sandbox.ts';
import { answeredBy, RawClient, type Deviation } from '../../testkit/raw-client.ts';
import { Salts, saltOf } from './salts.ts';

const getState = bytesOf({ _: 'updates.getState' });
const halfHourMs = 1_800_000;
const start = 1000 * halfHourMs;

it('a salt is the one to use for half an hour, and holds for another', () => {
  const salts = new Salts(randomBytes(256));
  const salt = salts.at(start);
  expect(salts.at(start + halfHourMs - 1)).toBe(salt);
  expect(salts.at(start + halfHourMs)).not.toBe(salt);
  expect(salts.holds(salt, start + 2 * halfHourMs - 1)).toBe(true);
  expect(salts.holds(salt, start + 2 * halfHourMs)).toBe(false);
  expect(salts.holds(salts.at(start + halfHourMs), start)).toBe(false);
});

it('the salt of the key exchange holds as long as that of its time', () => {
  const salts = new Salts(randomBytes(256), { salt: 7n, atMs: start + 5 });
  const holds = (afterMs: number) => salts.holds(7n, start + afterMs);
  expect([holds(5), holds(2 * halfHourMs - 1), holds(2 * halfHourMs)]).toEqual([true, true, false]);
});

it('the salts to come are those that will be used, each from when the one before ends', () => {
  const key = randomBytes(256);
  const coming = new Salts(key).coming(3, start + 5);
  const later = new Salts(key);
  expect(coming.map(({ salt }) => salt)).toEqual(
    [0, 1, 2].map((count) => later.at(start + count * halfHourMs)),
  );
  expect(coming.map(({ validSince }) => validSince * 1000 - start)).toEqual([0, halfHourMs, 2 * halfHourMs]);
  expect(coming[0]!.validUntil * 1000).toBe(start + 2 * halfHourMs);
});

let sandbox: TestSandbox;
let client: RawClient;
let key: Buffer;
describe('on the wire', () => {
  beforeEach(async () => {
    sandbox = await startSandbox();
    const { session, client: library } = await sandbox.connect();
    key = session.getAuthKey(2)!.getKey()!;
    await library.disconnect();
    client = new RawClient({ port: sandbox.port, key, salt: saltOf(key) });
  });
  afterEach(async () => {
    await client.close();
    await sandbox.dispose();
  });

  it('a client learns the salts to come, may be late with the last one, and is told the next', async () => {
    client.send(bytesOf({ _: 'getFutureSalts', num: 3 }));
    const { object } = await client.next(({ name }) => name === 'futureSalts');
    const [now, next, last] = (object!.salts as TlObject[]).map(({ salt }) => salt as bigint);
    expect(now).toBe(saltOf(key));

    const inNext = await moveClock(1);
    const late = client.send(getState, inNext());
    await client.next((message) => answeredBy(message) === late);
    const timely = client.send(getState, { ...inNext(), salt: next! });
    await client.next((message) => answeredBy(message) === timely);

    const inLast = await moveClock(2);
    const refused = client.send(getState, inLast());
    const answer = await client.next(({ name }) => name === 'badServerSalt');
    expect(answer.object).toMatchObject({ badMsgId: refused, errorCode: 48, newServerSalt: last });
    const good = client.send(getState, { ...inLast(), salt: last! });
    await client.next((message) => answeredBy(message) === good);
  });
});

/** Moves the server's clock into the middle of a later half hour; gives what a message of that time is sent with. */
async function moveClock(halfHours: number): Promise<() => Deviation> {
  const period = Math.floor(Date.now() / halfHourMs);
  const skewSeconds = Math.round(((period + halfHours + 0.5) * halfHourMs - Date.now()) / 1000);
  await sandbox.post('/faults', [{ clock_skew_seconds: skewSeconds }]);
  return () => ({ id: client.nextId() + (BigInt(skewSeconds) << 32n) });
}
