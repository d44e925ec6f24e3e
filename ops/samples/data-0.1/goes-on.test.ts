/** Data that version 0.1 left behind when it was killed (see record.ts): both gateways of the current code continue with it. */
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { startReceiver } from '../../../apps/gateway/callbacks/testing/receiver.ts';
import { temporaryFolder } from '../../../apps/testkit/folder.ts';
import { movableClock } from '../../../apps/testkit/movable-clock.ts';
import { startSandbox } from '../../../apps/testkit/sandbox.ts';
import { startTestGateway } from '../../../apps/testkit/stack.ts';
import { callbackHost, chats, secret, world } from './world.ts';

interface Row {
  readonly gateway: 'text' | 'media';
  readonly id: string;
  readonly chat: string;
  readonly status: string;
  readonly randomId: string;
}

/** Makes a DATA_DIR of what was recorded, its callback going to `host`. */
function unpack(host: string) {
  const dataDir = temporaryFolder();
  cpSync(join(import.meta.dirname, 'spool'), join(dataDir, 'spool'), { recursive: true });
  const db = new DatabaseSync(join(dataDir, 'vestnik.db'));
  db.exec(readFileSync(join(import.meta.dirname, 'vestnik.sql'), 'utf8').replaceAll(callbackHost, host));
  const rows = db
    .prepare(
      `SELECT gateway, id, chat, status, random_ids ->> 0 randomId FROM messages ORDER BY gateway DESC, seq`,
    )
    .all() as unknown as Row[];
  const { killedAt } = db.prepare('SELECT max(settled_at) killedAt FROM messages').get() as {
    killedAt: number;
  };
  const called = db.prepare('SELECT callback_id, id FROM messages WHERE callback_id IS NOT NULL').get()!;
  db.close();
  return { dataDir, rows, killedAt, called: Object.values(called) };
}

it('data of 0.1 is continued: each waiting message is sent once, in order, and nothing settled is touched', async () => {
  const receiver = await startReceiver();
  const { dataDir, rows, killedAt, called } = unpack(new URL(receiver.url).host);
  const sandbox = await startSandbox();
  await sandbox.post('/world', world);
  // For the gateways and for Telegram it is the moment of the kill.
  const clock = movableClock();
  const aheadS = Math.round((killedAt - Date.now()) / 1000);
  clock.set(aheadS * 1000);
  await sandbox.post('/faults', [{ clock_skew_seconds: aheadS }]);
  const settings = { CALLBACK_SECRET: secret, ALLOW_PRIVATE_URLS: 'true' };
  const start = (gateway: 'text' | 'media') =>
    startTestGateway(gateway, sandbox, dataDir, settings, undefined, clock);
  const gateways = { text: await start('text'), media: await start('media') };
  const isWaiting = ({ status }: Row) => status === 'queued' || status === 'sending';
  const [held, ...due] = rows
    .filter(isWaiting)
    .sort((a, b) => Number(b.chat === chats.gated) - Number(a.chat === chats.gated));

  // What was in flight is asked again by the same random ids, before what is queued behind it.
  for (const { gateway, id } of due) await gateways[gateway].untilStatus(id, 'sent');
  const inChat = async () =>
    (await sandbox.report()).delivered.map(({ chat_id, random_id }) => [chat_id, random_id]);
  const expected = due.map(({ chat, randomId }) => [chat, randomId]);
  expect((await inChat()).toSorted()).toEqual(expected.toSorted());
  const { delivered } = await sandbox.report();
  expect(delivered.filter(({ media }) => !media).map(({ text }) => text)).toEqual([
    'in flight',
    'queued 1',
    'queued 2',
    'queued 3',
  ]);
  expect(delivered.flatMap(({ media }) => media?.name ?? [])).toEqual([
    'in-flight.txt',
    'queued-1.txt',
    'queued-2.txt',
  ]);

  // What was settled stays as it was, and the key answers with the message it accepted first.
  for (const row of rows.filter((each) => !isWaiting(each))) {
    const { body } = await gateways[row.gateway].get(`/messages/${row.id}`);
    expect(body).toMatchObject({
      id: row.id,
      status: row.chat === chats.scheduled ? 'scheduled' : row.status,
    });
  }
  const again = { to: chats.sent, text: 'sent with a key', idempotency_key: 'order-1' };
  expect((await gateways.text.post('/send_text', again)).body).toMatchObject({
    id: rows[0]!.id,
    message_ids: [46],
  });

  // The callback that was refused once is delivered under its id.
  await expect.poll(() => receiver.calls.map(({ id, payload }) => [id, payload.data.id])).toEqual([called]);

  // The gate is closed until its time.
  expect((await gateways.text.get(`/messages/${held!.id}`)).body).toMatchObject({
    status: 'queued',
    reason: { code: 'slow_mode' },
  });
  clock.advance(600_000);
  await gateways.text.untilStatus(held!.id, 'sent');

  // The file of the message that was refused is still there.
  await sandbox.patch('/world', { unbanned: [chats.banned] });
  const refused = rows.find(({ gateway, status }) => gateway === 'media' && status === 'failed')!;
  await gateways.media.post(`/messages/${refused.id}/retry`);
  await gateways.media.untilStatus(refused.id, 'sent');
  const report = await sandbox.report();
  expect(report).toMatchObject({ delivered_total: due.length + 2, duplicates: 0 });
  expect(report.delivered.at(-1)).toMatchObject({
    random_id: refused.randomId,
    media: { name: 'refused.txt', size: 24 },
  });
}, 60_000);
