/**
 * Recorded the data beside it: `node ops/samples/data-0.1/record.ts CHECKOUT`, where CHECKOUT is version 0.1 with its packages.
 * Runs its sandbox and both its gateways, sends messages of every state and kills the gateways. The database goes to
 * vestnik.sql, because SQL can be reviewed, and the spool beside it. Nothing here is secret: the account is simulated.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { callbackHost, chats, secret, world } from './world.ts';

type Answer = Record<string, unknown>;

const checkout = resolve(process.argv[2]!);
const folder = mkdtempSync(join(tmpdir(), 'vestnik-record-'));
const dataDir = join(folder, 'data');
const started: ChildProcess[] = [];

/** Starts a service; the ports of its line "listening". */
async function start(name: string, env: Record<string, string>): Promise<Record<string, number>> {
  const entry = join(checkout, 'apps', name, 'main.ts');
  const child = spawn(process.execPath, [entry], { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'] });
  started.push(child);
  const line = await new Promise<string>((listens, ends) => {
    let output = '';
    child.stdout.on('data', (chunk) => {
      const [found] = /^.*"msg":"listening".*$/m.exec((output += String(chunk))) ?? [];
      if (found !== undefined) listens(found);
    });
    child.once('exit', () => ends(new Error(`${name} ended: ${output}`)));
  });
  return JSON.parse(line) as Record<string, number>;
}

async function ask(url: string, init?: RequestInit): Promise<Answer> {
  return (await (await fetch(url, init)).json()) as Answer;
}

const post = (url: string, body: unknown = {}) => {
  const isForm = body instanceof FormData;
  const headers = isForm ? undefined : { 'content-type': 'application/json' };
  return ask(url, { method: 'POST', headers, body: isForm ? body : JSON.stringify(body) });
};

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await isSo()); tries++) {
    if (tries > 200) throw new Error(`it did not come to this: ${isSo}`);
    await sleep(100);
  }
}

/** Every table as SQL, so that running it makes the same database. */
function dump(file: string): string {
  const db = new DatabaseSync(file);
  const { user_version: version } = db.prepare('PRAGMA user_version').get()!;
  const made = db.prepare('SELECT name, type, sql FROM sqlite_master WHERE sql IS NOT NULL').all();
  const lines = made.map(({ sql }) => `${String(sql).replaceAll(/\n {2,}/g, '\n  ')};`);
  for (const { name } of made.filter(({ type }) => type === 'table')) {
    const columns = db.prepare(`SELECT name FROM pragma_table_info('${String(name)}')`).all();
    const quoted = columns.map((column) => `quote(${String(column.name)})`).join(` || ', ' || `);
    for (const { row } of db.prepare(`SELECT ${quoted} AS row FROM ${String(name)}`).all())
      lines.push(`INSERT INTO ${String(name)} VALUES (${String(row)});`);
  }
  db.close();
  return [...lines, `PRAGMA user_version = ${Number(version)};`, ''].join('\n');
}

try {
  const callbacks = createServer((_, response) => response.writeHead(500).end()).listen(0, '127.0.0.1');
  await once(callbacks, 'listening');
  const { port: callbackPort } = callbacks.address() as { port: number };
  const callback_url = `http://127.0.0.1:${callbackPort}/called`;
  const ports = await start('sandbox', { DATA_DIR: folder, SANDBOX_PORT: '0', SANDBOX_HTTP_PORT: '0' });
  const sandbox = `http://127.0.0.1:${ports.http_port}`;
  await post(`${sandbox}/world`, world);
  const env = {
    PORT: '0',
    DATA_DIR: dataDir,
    TELEGRAM_DC: `127.0.0.1:${ports.port}`,
    TELEGRAM_DC_PUBLIC_KEY_FILE: join(folder, 'sandbox/public-key.pem'),
    CALLBACK_SECRET: secret,
    ALLOW_PRIVATE_URLS: 'true',
  };
  const text = `http://127.0.0.1:${(await start('send-text', env)).port}`;
  const media = `http://127.0.0.1:${(await start('send-media', env)).port}`;
  const isWarm = async (url: string) =>
    ((await ask(`${url}/health`)).checks as { cache: { ok: boolean } }).cache.ok;
  await until(async () => (await isWarm(text)) && (await isWarm(media)));

  const say = (chat: string, words: string, more: object = {}) =>
    post(`${text}/send_text`, { to: chat, text: words, wait: 0, ...more });
  const send = (chat: string, name: string, more: Record<string, string> = {}) => {
    const form = new FormData();
    for (const [field, value] of Object.entries({ chat_id: chat, kind: 'document', wait: '0', ...more }))
      form.set(field, value);
    form.set('file', new Blob([`the bytes of ${name}`]), name);
    return post(`${media}/send_media`, form);
  };
  const isIn = (url: string, { id }: Answer, ...states: string[]) =>
    until(async () => states.includes(String((await ask(`${url}/messages/${String(id)}`)).status)));

  // Settled: sent, one with a key and one whose callback was not taken; to a stranger; scheduled; refused; expired.
  const inAMonth = new Date(Date.now() + 30 * 86_400_000).toISOString();
  await isIn(text, await say(chats.sent, 'sent with a key', { idempotency_key: 'order-1' }), 'sent');
  await isIn(text, await say(chats.called, 'sent with a callback', { callback_url }), 'sent');
  await isIn(text, await say('@vestnik_stranger', 'sent to a stranger'), 'sent');
  await isIn(text, await say(chats.scheduled, 'scheduled', { schedule_at: inAMonth }), 'scheduled');
  await isIn(text, await say(chats.banned, 'refused'), 'failed');
  await isIn(media, await send(chats.banned, 'refused.txt'), 'failed');
  await isIn(media, await send(chats.sent, 'sent.txt'), 'sent');
  await until(async () => JSON.stringify(await ask(`${text}/messages`)).includes('"attempts":1'));

  // In flight: Telegram never answers. Behind them, and behind the gate of slow mode, messages wait.
  await post(`${sandbox}/faults`, [
    { method: 'messages.sendMessage', peer: chats.gated, error: 'SLOWMODE_WAIT_600' },
    { method: 'messages.sendMessage', delay_ms: 600_000 },
    { method: 'messages.sendMedia', delay_ms: 600_000 },
  ]);
  await say(chats.gated, 'behind the gate');
  const expiring = await say(chats.gated, 'expired', { expires_in: 1 });
  await say(chats.flying, 'in flight');
  for (const number of [1, 2, 3]) await say(chats.flying, `queued ${number}`);
  await send(chats.flying, 'in-flight.txt');
  for (const number of [1, 2]) await send(chats.flying, `queued-${number}.txt`, { caption: 'queued' });
  await isIn(text, expiring, 'expired');
  const calls = async () => (await ask(`${sandbox}/report`)).rpc as Record<string, number>;
  await until(async () => ((await calls())['messages.sendMedia'] ?? 0) >= 3);

  for (const child of started.slice(1)) child.kill('SIGKILL');
  await sleep(500);
  const sql = dump(join(dataDir, 'vestnik.db')).replaceAll(`127.0.0.1:${callbackPort}`, callbackHost);
  writeFileSync(join(import.meta.dirname, 'vestnik.sql'), sql);
  rmSync(join(import.meta.dirname, 'spool'), { recursive: true, force: true });
  cpSync(join(dataDir, 'spool'), join(import.meta.dirname, 'spool'), { recursive: true });
  callbacks.close();
} finally {
  for (const child of started) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}
