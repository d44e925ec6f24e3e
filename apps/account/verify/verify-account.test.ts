/** What the command learns of the sandbox, over real TCP, as it is and made to differ. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../gateway/storage/sqlite/database.ts';
import { createGateStore } from '../../gateway/storage/sqlite/gate-store.ts';
import { temporaryFolder } from '../../testkit/folder.ts';
import { startSandbox, type TestSandbox } from '../../testkit/sandbox.ts';
import { startTestGateway } from '../../testkit/stack.ts';
import { Budget } from './budget.ts';
import { leftIn, sendsIn, verify, type Verified } from './testing/verifying.ts';

/** Lets the first calls of a method pass, so that the fault behind it hits a later one. */
const passing = (method: string, times: number) => ({ method, times, delay_ms: 1 });
/** Titles of the sandbox's chats that are words of the table as well. */
const ownWords = new Set(['Vestnik', 'Telegram', 'Saved Messages']);
const claimsWith = ({ rows }: Verified, agrees: string) =>
  [...rows].filter(([, row]) => row.agrees === agrees).map(([claim]) => claim);

async function accountIn(sandbox: TestSandbox): Promise<string> {
  const [first] = await sandbox.get<{ id: string }[]>('/accounts');
  return String(first!.id);
}

it('pays for 25 messages and refuses the 26th; one that was not made is paid back', () => {
  const budget = new Budget(25);
  for (let message = 1; message <= 25; message++) budget.spend(1);
  expect(() => budget.spend(1)).toThrow('all 25 messages are spent');
  budget.giveBack(1);
  budget.spend(1);
  expect(() => budget.spend(1)).toThrow();
});

describe('npm run verify-account', { timeout: 120_000 }, () => {
  it('finds that the sandbox agrees, with at most 25 sends, all of them deleted', async () => {
    const sandbox = await startSandbox();
    const verified = await verify(sandbox);
    expect(verified.code).toBe(0);
    expect(verified.rows.size).toBe(16);
    expect(claimsWith(verified, 'yes')).toHaveLength(16);
    expect(verified.output).toMatch(/^Vestnik \d+\.\d+\.\d+, layer \d+, \d{4}-\d\d-\d\d, the sandbox$/m);

    const report = await sandbox.report();
    expect(sendsIn(report)).toBeLessThanOrEqual(25);
    expect(report.duplicates).toBe(21);
    const account = await accountIn(sandbox);
    expect(new Set(report.delivered.map(({ chat_id }) => chat_id))).toEqual(new Set([account]));
    expect(report.delivered_total).toBe(8);
    expect(await leftIn(sandbox, account)).toEqual([]);

    // Nothing that names somebody, something or a session.
    const { chats } = await sandbox.get<{ chats: { chat_id: string; title: string }[] }>('/world');
    const delivered = report.delivered.flatMap(({ random_id, message_id }) => [random_id, message_id]);
    for (const secret of [
      account,
      '9996620001',
      ...delivered,
      ...chats.map(({ chat_id }) => String(chat_id)),
    ])
      expect(verified.output).not.toContain(secret);
    for (const { title } of chats.filter((chat) => !ownWords.has(chat.title)))
      expect(verified.output).not.toContain(title);
  });

  it('agrees also where pages of dialogs are short', async () => {
    const sandbox = await startSandbox();
    await sandbox.post('/world', { dialogs: 90, dialogs_per_page: 20 });
    expect((await verify(sandbox)).code).toBe(0);
  });

  it.each<[string, object[], RegExp, string]>([
    [
      'a text is sent anew by its random_id',
      [{ method: 'messages.sendMessage', forget_random_ids: true }],
      /^A (text|scheduled message) that is sent again at once/,
      'same session: another message',
    ],
    [
      'a photo is sent anew by its random_id',
      [{ method: 'messages.sendMedia', forget_random_ids: true }],
      /^A photo that is sent again at once/,
      'same session: another message',
    ],
    [
      'an album is sent anew from the other session',
      [passing('messages.sendMultiMedia', 2), { method: 'messages.sendMultiMedia', forget_random_ids: true }],
      /^An album that is sent again at once/,
      'same session: the message that is there; other session: another message',
    ],
    [
      'a random_id is forgotten within a minute',
      [passing('messages.sendMultiMedia', 3), { method: 'messages.sendMultiMedia', forget_random_ids: true }],
      /^An album that is sent again a minute later/,
      'same session: another message',
    ],
    [
      'a repeat is refused',
      [
        passing('messages.sendMultiMedia', 1),
        { method: 'messages.sendMultiMedia', error: 'RANDOM_ID_DUPLICATE' },
      ],
      /^An album that is sent again/,
      'same session: RANDOM_ID_DUPLICATE',
    ],
    [
      'a repeated message cannot be edited',
      [{ method: 'messages.editMessage', error: 'MESSAGE_ID_INVALID' }],
      /edited by its id/,
      'MESSAGE_ID_INVALID',
    ],
    [
      'a WebP is no photo',
      [
        passing('messages.sendMedia', 3),
        { method: 'messages.sendMedia', error: 'PHOTO_EXT_INVALID', times: 1 },
      ],
      /^A WebP/,
      'PHOTO_EXT_INVALID',
    ],
    [
      'an ending is not taken',
      [
        passing('messages.uploadMedia', 7),
        { method: 'messages.uploadMedia', error: 'PHOTO_EXT_INVALID', times: 1 },
      ],
      /names that end in/,
      'photo.jpeg: PHOTO_EXT_INVALID',
    ],
    [
      'a text waits for an upload',
      [passing('messages.sendMessage', 7), { method: 'messages.sendMessage', delay_ms: 5_500, times: 1 }],
      /^While a file/,
      'texts answered after 5.',
    ],
    [
      'a cursor is refused',
      [passing('messages.getDialogs', 1), { method: 'messages.getDialogs', error: 'OFFSET_PEER_ID_INVALID' }],
      /^A page of dialogs/,
      'OFFSET_PEER_ID_INVALID',
    ],
    [
      'a session is told what it did not ask for',
      [{ method: 'messages.editMessage', unknown_constructor: 'push' }],
      /invokeWithoutUpdates/,
      'Updates pushed: 1',
    ],
  ])('says which belief does not hold where %s', async (_, faults, claim, answer) => {
    const sandbox = await startSandbox();
    await sandbox.post('/faults', faults);
    const verified = await verify(sandbox);
    expect(verified.code).toBe(1);
    const differing = claimsWith(verified, 'no');
    expect(differing.length).toBeGreaterThan(0);
    for (const each of differing) {
      expect(each).toMatch(claim);
      expect(verified.rows.get(each)!.answer).toContain(answer);
    }
    const report = await sandbox.report();
    expect(sendsIn(report)).toBeLessThanOrEqual(25);
    expect(report.delivered_total).toBeLessThanOrEqual(25);
    expect(await leftIn(sandbox, await accountIn(sandbox))).toEqual([]);
  });

  it.each([501, 400])('lives with methods that a server does not have (%i NOT_IMPLEMENTED)', async (code) => {
    const sandbox = await startSandbox();
    const methods = ['uploadMedia', 'editMessage', 'getHistory', 'getScheduledHistory', 'getDialogs'];
    const missing = [...methods.map((name) => `messages.${name}`), 'help.getConfig', 'help.getAppConfig'];
    await sandbox.post(
      '/faults',
      missing.map((method) => ({ method, error: 'NOT_IMPLEMENTED', error_code: code })),
    );
    const verified = await verify(sandbox);
    expect(verified.code).toBe(0);
    expect(claimsWith(verified, 'no')).toEqual([]);
    expect(claimsWith(verified, 'not offered').join('\n')).toMatch(
      /An album.*at once[^]*edited[^]*end in[^]*page of dialogs[^]*getConfig[^]*getAppConfig/,
    );
    expect(await leftIn(sandbox, await accountIn(sandbox))).toEqual([]);
  });

  it.each([
    ['messages.sendMessage', 'FLOOD_WAIT_26', 5],
    ['messages.sendMedia', 'FLOOD_PREMIUM_WAIT_9', 2],
    ['messages.sendMessage', 'PEER_FLOOD', 5],
    ['messages.sendMultiMedia', 'FROZEN_METHOD_INVALID', 1],
    ['upload.saveBigFilePart', 'FLOOD_WAIT_3', 4],
    ['messages.getDialogs', 'FLOOD_WAIT_31', 1],
  ])('ends at the first wait: %s answered %s', async (method, error, passed) => {
    const sandbox = await startSandbox();
    await sandbox.post('/faults', [passing(method, passed), { method, error }]);
    const verified = await verify(sandbox);
    expect(verified.code).toBe(2);
    expect(verified.output).toContain(`It ended before all was asked: Telegram answered ${error}.`);
    expect(claimsWith(verified, 'yes').length).toBeGreaterThan(0);
    expect(claimsWith(verified, 'no')).toEqual([]);
    const report = await sandbox.report();
    expect(report.flood_violations).toBe(0);
    expect(await leftIn(sandbox, await accountIn(sandbox))).toEqual([]);
  });

  it('says what it could not delete, and the next run deletes it', async () => {
    const sandbox = await startSandbox();
    const dataDir = temporaryFolder();
    await sandbox.post('/faults', [
      passing('messages.sendMedia', 1),
      { method: 'messages.sendMedia', error: 'FLOOD_WAIT_1', times: 1 },
      { method: 'messages.deleteMessages', error: 'FLOOD_WAIT_1' },
    ]);
    const first = await verify(sandbox, dataDir);
    expect(first.code).toBe(2);
    expect(first.output).toMatch(
      /could not be deleted \(.*FLOOD_WAIT_1\).*begins with "Vestnik verify-account"/,
    );
    const account = await accountIn(sandbox);
    expect(await leftIn(sandbox, account)).not.toEqual([]);

    await sandbox.post('/faults', []);
    await expect
      .poll(() => verify(sandbox, dataDir).then(({ code }) => code, String), {
        timeout: 30_000,
        interval: 500,
      })
      .toBe(0);
    expect(await leftIn(sandbox, account)).toEqual([]);
  });

  it('does not begin while a wait of earlier runs, or a gateway holds a session', async () => {
    const sandbox = await startSandbox();
    const dataDir = temporaryFolder();
    const gateway = await startTestGateway('media', sandbox, dataDir);
    await expect(verify(sandbox, dataDir)).rejects.toThrow('another send-media is running');
    await gateway.close();

    const closeGate = (scope: string, reason: string) => {
      const db = openDatabase(join(dataDir, 'vestnik.db'));
      createGateStore(db, 'main').close({ scope, reason, until: Date.now() + 600_000 }, Date.now());
      db.close();
    };
    closeGate('method:messages.sendMedia', 'FLOOD_WAIT_600');
    await expect(verify(sandbox, dataDir)).rejects.toThrow('FLOOD_WAIT_600');
    expect(sendsIn(await sandbox.report())).toBe(0);
  });

  it('minds no wait that does not concern Saved Messages', async () => {
    const sandbox = await startSandbox();
    const dataDir = temporaryFolder();
    const db = openDatabase(join(dataDir, 'vestnik.db'));
    const gates = createGateStore(db, 'main');
    const until = Date.now() + 600_000;
    gates.close({ scope: 'strangers', reason: 'PEER_FLOOD', until }, Date.now());
    gates.close({ scope: 'chat:-1003833950795', reason: 'SLOWMODE_WAIT_600', until }, Date.now());
    db.close();
    expect((await verify(sandbox, dataDir)).code).toBe(0);
  });
});
