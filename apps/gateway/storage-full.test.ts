/** A full disk, as SQLite's limit of pages on the gateway's own connection makes one: the whole way from HTTP to Telegram. */
import { expect, it, vi } from 'vitest';
import type * as databaseModule from './storage/sqlite/database.ts';
import type { Database } from './storage/sqlite/database.ts';
import { demoChat, startStack, type TestGateway } from '../testkit/stack.ts';
import { until } from '../testkit/until.ts';

const connections = vi.hoisted((): Database[] => []);
vi.mock('./storage/sqlite/database.ts', async (importOriginal) => {
  const original = await importOriginal<typeof databaseModule>();
  const openDatabase: typeof original.openDatabase = (...args) => {
    const db = original.openDatabase(...args);
    connections.push(db);
    return db;
  };
  return { ...original, openDatabase };
});

const roomPages = 16;
const unpaced = { PACE_CHAT_PER_S: '0', PACE_GROUP_PER_MIN: '0', PACE_ACCOUNT_PER_S: '0' };
const texts = Array.from({ length: 20 }, (_, index) => `before ${index}`);

it('refuses what is too large for it, sends what it has, and takes new ones as soon as there is room', async () => {
  const { sandbox, gateway } = await startStack('text', unpaced);
  const ids = await accepted(gateway);
  limitTo(roomPages);
  const large = { chat_id: demoChat, text: 'x'.repeat(200_000), split: true };
  const refused = await gateway.post('/send', large);
  expect(refused).toMatchObject({ status: 503, body: { class: 'storage_full', retryable: true, id: null } });
  expect(refused.headers.get('retry-after')).toBe('60');

  await gateway.post('/resume');
  await allSent(gateway, ids);
  limitTo(1_000_000);
  expect(await gateway.post('/send', { ...large, wait: 0 })).toMatchObject({ status: 202 });
  expect((await sandbox.report()).delivered.slice(0, texts.length).map(({ text }) => text)).toEqual(texts);
});

it('full to the last page keeps what it has, and sends each of it once when there is room', async () => {
  const { sandbox, gateway } = await startStack('text', unpaced);
  const ids = await accepted(gateway);
  limitTo(0);
  for (const text of ['x'.repeat(4096), 'x']) {
    const refused = await until('a message is refused', async () => {
      const answer = await post(gateway, text);
      return answer.status !== 202 && answer;
    });
    expect(refused).toMatchObject({ status: 503, body: { class: 'storage_full' } });
  }
  await gateway.post('/resume');
  // There may be no room to write down that it was sent: it stays open then, and is asked for again.
  await sandbox.untilReport(({ delivered }) => delivered.length > 0);
  limitTo(1_000_000);
  await allSent(gateway, ids);
  const { delivered } = await sandbox.report();
  expect(delivered.slice(0, texts.length).map(({ text }) => text)).toEqual(texts);
  expect(new Set(delivered.map((each) => each.random_id)).size).toBe(delivered.length);
});

/** Leaves the database room for so many more pages. */
function limitTo(pages: number): void {
  const db = connections.at(-1)!;
  const { page_count: used } = db.prepare('PRAGMA page_count').get() as { page_count: number };
  db.exec(`PRAGMA max_page_count = ${used + pages}`);
}

/** The ids of the texts, which wait in a gateway that is paused. */
async function accepted(gateway: TestGateway): Promise<unknown[]> {
  await gateway.post('/pause');
  const answers = await Promise.all(texts.map((text) => post(gateway, text)));
  expect(answers.map(({ status }) => status)).toEqual(texts.map(() => 202));
  return answers.map(({ body }) => body.id);
}

function post(gateway: TestGateway, text: string) {
  return gateway.post('/send', { chat_id: demoChat, text, wait: 0 });
}

async function allSent(gateway: TestGateway, ids: readonly unknown[]): Promise<void> {
  for (const id of ids) {
    await gateway.untilStatus(id, 'sent');
  }
}
