/** The real command beside real gateways: what it keeps goes on somewhere else, and nothing is sent twice. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startSandbox, type TestSandbox } from '../testkit/sandbox.ts';
import { client, fileForm, gatewayEnvironment, startGatewayProcess } from '../testkit/stack.ts';
import { temporaryFolder } from '../testkit/folder.ts';
import { startProcess } from '../testkit/process.ts';

const main = join(import.meta.dirname, 'main.ts');
const texts = Array.from({ length: 20 }, (_, index) => `text ${index}`);
const files = Array.from({ length: 6 }, (_, index) => Buffer.alloc(50_000 + index, `file ${index}`));

/** Runs npm run backup or restore, for the gateways of `dataDir`. @throws Error with what it said */
function run(dataDir: string, ...args: string[]): Promise<string> {
  return startProcess(main, { args, env: { DATA_DIR: dataDir }, cwd: temporaryFolder() }).done();
}

/** Makes a backup; its folder. */
async function backUp(dataDir: string): Promise<string> {
  const to = temporaryFolder();
  await run(dataDir, 'backup', to);
  return join(to, readdirSync(to)[0]!);
}

/** Both gateways on a folder. */
async function startGateways(sandbox: TestSandbox, dataDir: string, more: Record<string, string> = {}) {
  const env = { ...gatewayEnvironment(sandbox, dataDir), ...more };
  const processes = [startGatewayProcess('send-text', env), startGatewayProcess('send-media', env)];
  const [text, media] = await Promise.all(processes.map(async (each) => client(await each.port())));
  return {
    text: text!,
    media: media!,
    kill: () => Promise.all(processes.map((process) => process.stop('SIGKILL'))),
    settled: () => Promise.all([text!, media!].map((gateway) => gateway.untilSettled(60_000))),
  };
}

type Gateways = Awaited<ReturnType<typeof startGateways>>;

/** Everything there is to send, accepted while nothing goes out. */
async function queueAll({ text, media }: Gateways): Promise<void> {
  for (const gateway of [text, media]) {
    await gateway.untilWarm();
    await gateway.post('/pause');
  }
  const to = { chat_id: -1_003_833_950_795, wait: 0 };
  for (const each of texts) expect((await text.post('/send', { ...to, text: each })).status).toBe(202);
  for (const [index, file] of files.entries())
    expect((await media.post('/send', fileForm(file, `${index}.bin`, to))).status).toBe(202);
}

/** What arrived, each as often as it did. */
async function arrived(sandbox: TestSandbox): Promise<string[]> {
  const { delivered } = await sandbox.report();
  return delivered.map(({ text, media }) => media?.sha256 ?? text).sort();
}

const sha256 = (data: Buffer) => createHash('sha256').update(data).digest('hex');
const once = [...texts, ...files.map(sha256)].sort();

describe('a backup of DATA_DIR', { timeout: 180_000 }, () => {
  it('goes on with the queue in another folder, and sends each message once', async () => {
    const sandbox = await startSandbox();
    const dataDir = temporaryFolder();
    const lost = await startGateways(sandbox, dataDir);
    await queueAll(lost);
    const backup = await backUp(dataDir);
    await lost.kill();
    rmSync(dataDir, { recursive: true });

    const other = join(temporaryFolder(), 'data');
    expect(await run(other, 'restore', backup)).toContain('26 messages wait; 0 of them may have been sent');
    const gateways = await startGateways(sandbox, other);
    await gateways.settled();
    expect(await arrived(sandbox)).toEqual(once);
    expect((await sandbox.report()).duplicates).toBe(0);
  });

  it('made while messages are being sent, and restored after all of them were, sends nothing twice', async () => {
    const sandbox = await startSandbox();
    const dataDir = temporaryFolder();
    const first = await startGateways(sandbox, dataDir, { PACE_CHAT_PER_S: '10' });
    await queueAll(first);
    for (const gateway of [first.text, first.media]) await gateway.post('/resume');
    await expect.poll(async () => (await arrived(sandbox)).length).toBeGreaterThanOrEqual(5);
    const backup = await backUp(dataDir);
    await first.settled();
    await first.kill();
    expect(await arrived(sandbox)).toEqual(once);

    const other = join(temporaryFolder(), 'data');
    const waiting = Number(/(\d+) messages wait/.exec(await run(other, 'restore', backup))![1]);
    expect(waiting).toBeGreaterThan(0);
    const second = await startGateways(sandbox, other);
    await second.settled();
    expect(await arrived(sandbox)).toEqual(once);
    // Each of them was asked again, and answered with the message that is there.
    expect((await sandbox.report()).duplicates).toBe(waiting);
  });

  it('is for its owner only, with the sessions, and never shows them', async () => {
    const sandbox = await startSandbox();
    const dataDir = temporaryFolder();
    const gateways = await startGateways(sandbox, dataDir);
    await queueAll(gateways);
    mkdirSync(join(dataDir, 'sessions'));
    writeFileSync(join(dataDir, 'sessions/main.send-text.session'), 'a secret\n', { mode: 0o600 });
    const to = temporaryFolder();
    expect(await run(dataDir, 'backup', to)).not.toContain('a secret');
    const backup = join(to, readdirSync(to)[0]!);
    const entries = readdirSync(backup, { recursive: true, withFileTypes: true });
    for (const { parentPath, name } of entries)
      expect(statSync(join(parentPath, name)).mode & 0o077, name).toBe(0);
    expect(entries.filter((entry) => entry.isFile())).toHaveLength(1 + files.length + 1);
    expect(readFileSync(join(backup, 'sessions/main.send-text.session'), 'utf8')).toBe('a secret\n');
  });

  it('is not restored over anything, nor when it is not whole', async () => {
    const sandbox = await startSandbox();
    const dataDir = temporaryFolder();
    await queueAll(await startGateways(sandbox, dataDir));
    const backup = await backUp(dataDir);
    await expect(run(dataDir, 'restore', backup)).rejects.toThrow('is not empty');
    const other = join(temporaryFolder(), 'data');
    await expect(run(other, 'restore', temporaryFolder())).rejects.toThrow('is not a backup');
    const spool = join(backup, 'spool/main/media');
    rmSync(join(spool, readdirSync(spool)[0]!));
    await expect(run(other, 'restore', backup)).rejects.toThrow('1 files of messages are missing');
    const database = join(backup, 'vestnik.db');
    writeFileSync(database, readFileSync(database).fill(7, 4096, 12_288));
    await expect(run(other, 'restore', backup)).rejects.toThrow(/damaged|malformed/);
    expect(existsSync(other)).toBe(false);
    await expect(run(other, 'backup', temporaryFolder())).rejects.toThrow('holds no vestnik.db');
  });
});
