/** Sessions that the real Telethon wrote, brought in by the real command, used by real gateways. */
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../gateway/storage/sqlite/database.ts';
import { unmarkId } from '../gateway/model/marked-id.ts';
import { createPeerTable } from '../gateway/storage/sqlite/peer-table.ts';
import { formatSession, parseSession } from '../gateway/telegram/session.ts';
import { startSandbox, type TestSandbox } from '../testkit/sandbox.ts';
import {
  client,
  fileForm,
  gatewayEnvironment,
  startGatewayProcess,
  startTestGateway,
} from '../testkit/stack.ts';
import { temporaryFolder } from '../testkit/folder.ts';
import { StartError } from '../kit/run.ts';
import { importArguments } from './import-arguments.ts';
import { importSession, type Recipient } from './import-session.ts';
import { readAccountSettings } from './settings.ts';
import { run } from './testing/command.ts';
import { hasTelethon, telethonReason, writeTelethonSession, type TelethonChat } from './testing/telethon.ts';

if (!hasTelethon && process.env.CI) throw new Error(`not to be skipped where CI is set:${telethonReason}`);

const someKey = Buffer.alloc(256, 7).toString('hex');

/** A sandbox, and the settings of gateways that have not seen it yet. */
async function prepare(signIn: 'auto' | 'required' = 'auto') {
  const sandbox = await startSandbox({ signIn });
  const dataDir = temporaryFolder();
  const file = join(temporaryFolder(), 'old.session');
  const env = gatewayEnvironment(sandbox, dataDir);
  const sessions = ['send-text', 'send-media'].map((name) =>
    join(dataDir, 'sessions', `main.${name}.session`),
  );
  return { sandbox, dataDir, file, env, sessions: sessions as [string, string] };
}

/** The chats of the default account as any session of it sees them. */
async function chatsOf(sandbox: TestSandbox): Promise<TelethonChat[]> {
  const dataDir = temporaryFolder();
  const gateway = await startTestGateway('text', sandbox, dataDir);
  await gateway.untilWarm();
  await gateway.close();
  await sandbox.post('/reset', {});
  const db = openDatabase(join(dataDir, 'vestnik.db'));
  const { peers } = createPeerTable(db, 'main').search('', 1_000);
  db.close();
  return peers
    .filter(({ kind }) => kind !== 'self')
    .map(({ chatId, accessHash: hash, title, username, phone }) => {
      const { kind, bareId } = unmarkId(BigInt(chatId));
      return { kind, id: bareId.toString(), hash, title, username, phone };
    });
}

/** Has Telethon make a key with the sandbox, and write it down with the chats. */
async function telethonSession(
  sandbox: TestSandbox,
  file: string,
  chats: readonly TelethonChat[],
  hold?: true,
) {
  const server_key = readFileSync(sandbox.publicKeyFile, 'utf8');
  const address = [2, '127.0.0.1', sandbox.port] as const;
  return writeTelethonSession({ file, address, server_key, chats, ...(hold && { hold }) });
}

/** Imports with a process of its own, and tells how that ended. */
async function importsByCommand(env: Record<string, string>, ...args: string[]) {
  const command = run(['import-session', ...args], env);
  const code = await command.ended;
  return { code, output: command.output };
}

/** The same in this process; `typed` is what somebody types. */
async function imports(env: Record<string, string>, from: string, recipient: Recipient = 'both', typed = '') {
  const said: string[] = [];
  const terminal = {
    say: (text: string) => void said.push(text),
    ask: (question: string) => Promise.resolve((said.push(question), typed)),
    close: () => {},
  };
  const output = () => said.join('\n');
  try {
    await importSession(readAccountSettings(env), terminal, { from, recipient });
    return { code: 0, output: output() };
  } catch (error) {
    expect(error).toBeInstanceOf(StartError);
    return { code: 1, output: `${output()}\n${(error as Error).message}` };
  }
}

const digest = (file: string) => [
  createHash('sha256').update(readFileSync(file)).digest('hex'),
  statSync(file, { bigint: true }).mtimeNs,
];
const keyIn = (file: string) => parseSession(readFileSync(file, 'utf8').trim())!.authKey;

describe.skipIf(!hasTelethon)(`a session of the real Telethon${telethonReason}`, { timeout: 120_000 }, () => {
  it('sends its first messages without a dialog sync and without look-ups', async () => {
    const { sandbox, dataDir, file, env, sessions } = await prepare();
    const chats = await chatsOf(sandbox);
    await telethonSession(sandbox, file, chats);
    const before = digest(file);

    const { code, output } = await importsByCommand(env, file, '--as', 'send-text');
    expect(output).toMatch(/Telethon session of version 7, data centre 2; users: \d+, basic groups: \d+/);
    expect(output).toContain(`Peer cache: ${chats.length} chats added, 0 known before`);
    expect(output).toContain('send-media has no session yet');
    expect(output).toContain('Keep TELEGRAM_API_ID and TELEGRAM_API_HASH of the old service');
    expect(code).toBe(0);
    expect(digest(file)).toEqual(before);
    expect(readdirSync(join(file, '..'))).toEqual(['old.session']);
    expect(readdirSync(dataDir).filter((name) => name.startsWith('import-'))).toEqual([]);
    expect(statSync(sessions[0]).mode & 0o777).toBe(0o600);
    const key = keyIn(sessions[0]);
    for (const form of ['hex', 'base64', 'base64url'] as const)
      expect(output).not.toContain(key.toString(form));
    for (const { phone } of chats) if (phone) expect(output).not.toContain(phone);

    const gateway = client(await startGatewayProcess('send-text', env).port());
    const one = (kind: TelethonChat['kind']) => chats.find((chat) => chat.kind === kind)!;
    const named = chats.find(({ kind, username }) => kind === 'channel' && username)!;
    for (const target of [
      { chat_id: `-100${named.id}` },
      { username: named.username },
      { chat_id: `-${one('chat').id}` },
      { chat_id: one('user').id },
    ]) {
      expect(await gateway.post('/send_text', { ...target, text: 'moved in', wait: 5 })).toMatchObject({
        status: 200,
      });
    }
    const { rpc, delivered } = await sandbox.report();
    expect(Object.keys(rpc)).not.toContain('messages.getDialogs');
    expect(Object.keys(rpc).filter((method) => method.startsWith('contacts.'))).toEqual([]);
    expect(delivered).toHaveLength(4);
    const { body: health } = await gateway.get('/health');
    expect(health).toMatchObject({ status: 'ok', checks: { cache: { ok: true, size: chats.length + 1 } } });
  });

  it('that lacks a chat has the first walk made as soon as a message waits for it', async () => {
    const { sandbox, dataDir, file, env } = await prepare();
    const chats = await chatsOf(sandbox);
    const [absent, ...others] = chats.filter(({ kind }) => kind === 'channel') as [
      TelethonChat,
      TelethonChat,
    ];
    await telethonSession(sandbox, file, others);
    expect((await imports(env, file, 'send-text')).code).toBe(0);
    const gateway = await startTestGateway('text', sandbox, dataDir);
    const answer = await gateway.post('/send_text', { chat_id: `-100${absent.id}`, text: 'found' });
    expect(answer.status).toBe(200);
    expect((await sandbox.report()).rpc['messages.getDialogs']).toBeGreaterThan(0);
  });

  it('without --as signs the second gateway in with a session of its own, and both send', async () => {
    const { sandbox, dataDir, file, env, sessions } = await prepare();
    const chats = await chatsOf(sandbox);
    await telethonSession(sandbox, file, chats);
    const { code, output } = await imports(env, file);
    expect(output).toMatch(/It belongs to .+, id \d+/);
    expect(code).toBe(0);
    expect(keyIn(sessions[0])).not.toEqual(keyIn(sessions[1]));
    const chat = `-100${chats.find(({ kind }) => kind === 'channel')!.id}`;
    const text = await startTestGateway('text', sandbox, dataDir);
    const media = await startTestGateway('media', sandbox, dataDir);
    expect((await text.post('/send', { chat_id: chat, text: 'a' })).status).toBe(200);
    expect((await media.post('/send', fileForm(Buffer.from('a'), 'a.bin', { chat_id: chat }))).status).toBe(
      200,
    );
    expect((await sandbox.report()).rpc['messages.getDialogs']).toBeUndefined();
  });

  it('is taken for each gateway from its own file, again for the same one, and never for both', async () => {
    const { sandbox, file, env, sessions } = await prepare();
    const other = `${file.slice(0, -'.session'.length)}2.session`;
    await telethonSession(sandbox, file, []);
    await telethonSession(sandbox, other, []);
    expect((await imports(env, file, 'send-text')).code).toBe(0);
    const shared = await imports(env, file, 'send-media');
    expect(shared).toMatchObject({ code: 1, output: expect.stringContaining('AUTH_KEY_DUPLICATED') });
    expect(shared.output).toContain('is already the session of main.send-text');
    expect(existsSync(sessions[1])).toBe(false);
    const replaced = await imports(env, other, 'send-text');
    expect(replaced).toMatchObject({ code: 1, output: expect.stringContaining('npm run logout') });
    expect((await imports(env, file, 'send-text')).code).toBe(0);
    expect((await imports(env, other, 'send-media')).code).toBe(0);
    expect(keyIn(sessions[0])).not.toEqual(keyIn(sessions[1]));
  });

  it('is refused while a process has it open, and read with its write-ahead log after that was killed', async () => {
    const { sandbox, file, env } = await prepare();
    const chats: TelethonChat[] = [
      { kind: 'channel', id: '1234567890', hash: '-8000000000000000001', title: 'x' },
    ];
    const { holder } = await telethonSession(sandbox, file, chats, true);
    const busy = await imports(env, file, 'send-text');
    expect(busy).toMatchObject({ code: 1, output: expect.stringContaining(`process ${holder.pid} (`) });
    expect(busy.output).toContain('write_session.py');
    await holder.stop('SIGKILL');
    const all = readdirSync(join(file, '..')).map((name) => join(file, '..', name));
    expect(all).toContain(`${file}-wal`);
    const before = all.map(digest);
    const { code, output } = await imports(env, file, 'send-text');
    expect(output).toContain('Peer cache: 1 chats added');
    expect(code).toBe(0);
    expect(all.map(digest)).toEqual(before);
  });

  it('comes as a string too, typed or in a file, but never as an argument', async () => {
    const { sandbox, dataDir, file, env, sessions } = await prepare();
    const { string } = await telethonSession(sandbox, file, []);
    const argument = await imports(env, string, 'send-text');
    expect(argument).toMatchObject({ code: 1, output: expect.stringContaining('list of processes') });
    expect(argument.output).not.toContain(string);

    const typed = run(['import-session', '-', '--as', 'send-text'], env);
    await typed.says(/Session string/);
    typed.type(string);
    expect(await typed.ended).toBe(0);
    expect(typed.output).not.toContain(string);
    const key = keyIn(sessions[0]);

    const inFile = join(dataDir, 'string.txt');
    const gramjs = formatSession({ dcId: 2, host: '127.0.0.1', port: sandbox.port, authKey: key });
    writeFileSync(inFile, gramjs + '\n');
    const again = await imports(env, inFile, 'send-text');
    expect(again).toMatchObject({
      code: 0,
      output: expect.stringContaining('A session string, data centre 2'),
    });
    expect(keyIn(sessions[0])).toEqual(key);
  });

  it('that nobody has signed in with is refused, by its empty key or by Telegram, and nothing is kept', async () => {
    const { sandbox, file, env, sessions } = await prepare('required');
    const fresh = join(file, '..', 'fresh.session');
    await writeTelethonSession({ file: fresh, address: [2, '127.0.0.1', sandbox.port], chats: [] });
    const empty = await imports(env, fresh);
    expect(empty).toMatchObject({ code: 1, output: expect.stringContaining('nobody has signed in with it') });
    await telethonSession(sandbox, file, []);
    const signedOut = await imports(env, file);
    expect(signedOut).toMatchObject({ code: 1, output: expect.stringContaining('no longer signed in') });
    expect(sessions.some((each) => existsSync(each))).toBe(false);
  });

  it('of a server that is not the one of the settings or of the data is refused', async () => {
    const { sandbox, dataDir, file, env } = await prepare();
    await writeTelethonSession({ file, address: [2, '149.154.167.51', 443], key: someKey, chats: [] });
    const toSandbox = await imports(env, file, 'send-text');
    expect(toSandbox).toMatchObject({
      code: 1,
      output: expect.stringContaining('the session belongs to Telegram'),
    });

    const settings = { DATA_DIR: dataDir, TELEGRAM_API_ID: '1', TELEGRAM_API_HASH: '0'.repeat(32) };
    expect((await imports(settings, file, 'send-text')).code).toBe(0);
    const own = join(file, '..', 'own.session');
    await telethonSession(sandbox, own, []);
    const toTelegram = await imports(settings, own, 'send-media');
    expect(toTelegram).toMatchObject({ code: 1, output: expect.stringContaining('is not Telegram') });
    const served = await imports(env, own, 'send-media');
    expect(served).toMatchObject({ code: 1, output: expect.stringContaining('has served real Telegram') });
  });

  it('of another user than that of the data is refused by its own id or by its access hashes', async () => {
    const { sandbox, dataDir, file, env, sessions } = await prepare();
    const chats = await chatsOf(sandbox);
    await telethonSession(sandbox, file, chats);
    expect((await imports(env, file)).code).toBe(0);
    const gateway = await startTestGateway('text', sandbox, dataDir);
    expect((await gateway.post('/send', { to: 'me', text: 'a' })).status).toBe(200);
    await gateway.close();

    const address = [2, '127.0.0.1', sandbox.port] as const;
    const byHash = join(file, '..', 'hash.session');
    const theirs = chats.map((chat) => ({ ...chat, hash: String(BigInt(chat.hash) ^ 1n) }));
    await writeTelethonSession({
      file: byHash,
      address,
      key: keyIn(sessions[0]).toString('hex'),
      chats: theirs,
    });
    const refusal = { code: 1, output: expect.stringContaining('belong to different Telegram users') };
    expect(await imports(env, byHash, 'send-text')).toMatchObject(refusal);

    // As Telethon from 1.26 on writes down whose session it is.
    const byId = join(file, '..', 'id.session');
    copyFileSync(file, byId);
    const db = new DatabaseSync(byId);
    db.exec('INSERT INTO entities (id, hash) VALUES (0, 4242)');
    db.close();
    expect(await imports(env, byId, 'send-text')).toMatchObject(refusal);
  });

  it('is not taken while the gateway runs', async () => {
    const { sandbox, dataDir, file, env } = await prepare();
    await telethonSession(sandbox, file, []);
    await startTestGateway('text', sandbox, dataDir);
    const busy = await imports(env, file, 'send-text');
    expect(busy).toMatchObject({ code: 1, output: expect.stringContaining('another send-text is running') });
  });

  it('that is cut is refused', async () => {
    const { sandbox, file, env } = await prepare();
    await telethonSession(sandbox, file, []);
    const cut = join(file, '..', 'cut.session');
    writeFileSync(cut, readFileSync(file).subarray(0, 9_000));
    chmodSync(cut, 0o600);
    expect(await imports(env, cut)).toMatchObject({
      code: 1,
      output: expect.stringContaining('damaged or incomplete'),
    });
  });
});

describe('npm run import-session', () => {
  it.each([
    ['nothing', []],
    ['two files', ['a', 'b']],
    ['another gateway', ['a', '--as', 'monitor']],
    ['an unknown flag', ['a', '--to', 'x']],
  ])('says how it is used when given %s', (_, args) => {
    expect(() => importArguments(args, '/')).toThrow(
      /npm run import-session -- FILE \[--as send-text\|send-media/,
    );
  });

  it('takes a file by its place from where it was called', () => {
    expect(importArguments(['a.session'], '/srv/old')).toEqual({
      from: '/srv/old/a.session',
      recipient: 'both',
    });
    expect(importArguments(['-', '--as', 'send-media'], '/srv')).toEqual({
      from: '-',
      recipient: 'send-media',
    });
  });

  it.each([
    ['a file that is not there', 'gone.session', 'does not exist'],
    ['a folder', '.', 'is not a regular file'],
    ['a file of something else', 'photo.jpg', 'neither an SQLite file'],
    ['an empty file', 'empty', 'neither an SQLite file'],
  ])('says what it takes when given %s', async (_, name, sentence) => {
    const dataDir = temporaryFolder();
    copyFileSync(join(import.meta.dirname, '../../ops/samples/photo.jpg'), join(dataDir, 'photo.jpg'));
    writeFileSync(join(dataDir, 'empty'), '');
    const env = { DATA_DIR: dataDir, TELEGRAM_API_ID: '1', TELEGRAM_API_HASH: '0'.repeat(32) };
    const { code, output } = await imports(env, join(dataDir, name));
    expect(output).toContain(sentence);
    expect(code).toBe(1);
  });
});
