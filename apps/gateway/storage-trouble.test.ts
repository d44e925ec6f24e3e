/** The storage fails under running gateways: callers are told to come again, /health says why, and it goes on once mended. */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../testkit/folder.ts';
import { startSandbox } from '../testkit/sandbox.ts';
import {
  client,
  demoChat,
  fileForm,
  gatewayEnvironment,
  startStack,
  startGatewayProcess,
  type Answer,
  type GatewayClient,
} from '../testkit/stack.ts';
import { until } from '../testkit/until.ts';

const file = Buffer.from('a file that waits');
const to = { chat_id: demoChat, wait: 0 };
const isRoot = process.getuid?.() === 0;
const skipped = isRoot ? '' : ' (skipped: only root may mount)';

/** A file as a part, as base64 of a small body, and of one that is streamed. */
const ways: [string, (gateway: GatewayClient) => Promise<Answer>][] = [
  ['a part', (gateway) => gateway.post('/send', fileForm(file, 'file.txt', to))],
  ['base64', (gateway) => gateway.post('/send', { ...to, base64: file.toString('base64') })],
  [
    'large base64',
    (gateway) => gateway.post('/send', { ...to, base64: Buffer.alloc(2e6).toString('base64') }),
  ],
];

async function expectRefused(
  gateway: GatewayClient,
  className: string,
  reason: RegExp,
  tried = ways,
): Promise<void> {
  for (const [way, send] of tried) {
    const refused = await send(gateway);
    expect(refused, way).toMatchObject({
      status: 503,
      body: { class: className, retryable: true, id: null },
    });
    expect(refused.body.detail, way).toMatch(reason);
    expect(refused.headers.get('retry-after'), way).not.toBeNull();
  }
  const health = await gateway.get('/health');
  expect(health).toMatchObject({ status: 503, body: { status: 'down', checks: { storage: { ok: false } } } });
  expect(health.body.reasons).toContainEqual(expect.stringMatching(reason));
}

async function expectWell(gateway: GatewayClient): Promise<void> {
  await until('the gateway is well', async () => (await gateway.get('/health')).status === 200);
  for (const [way, send] of ways) {
    const accepted = await send(gateway);
    expect(accepted.status, way).toBe(202);
    await gateway.untilStatus(accepted.body.id, 'sent');
  }
}

describe('a media gateway', () => {
  it('whose spool is gone refuses files, sends those it has later, and goes on when it is back', async () => {
    const { sandbox, dataDir, gateway } = await startStack('media');
    await gateway.post('/pause');
    const waiting = await ways[0]![1](gateway);
    expect(waiting.status).toBe(202);
    const spool = join(dataDir, 'spool');
    renameSync(spool, `${spool}-away`);
    await expectRefused(gateway, 'storage_failed', /DATA_DIR\/spool is gone \(ENOENT\)/);
    await gateway.post('/resume');
    const { id } = waiting.body;
    const troubled = await until('the message is tried in vain', async () => {
      const { body } = await gateway.get(`/messages/${String(id)}`);
      return Number(body.attempts) > 0 && body.status === 'queued' && body;
    });
    expect(troubled.reason).toMatchObject({ code: 'storage_failed' });
    renameSync(`${spool}-away`, spool);
    await gateway.untilStatus(id, 'sent');
    await expectWell(gateway);
    expect((await sandbox.report()).delivered).toHaveLength(1 + ways.length);
  });

  it.runIf(isRoot)(`on a disk without inodes refuses files as storage_full${skipped}`, async () => {
    const { gateway, spool } = await gatewayWithOwnSpool('nr_inodes=8');
    const others = Array.from({ length: 8 }, (_, index) => join(spool, `other-${index}`));
    expect(() => others.forEach((each) => mkdirSync(each))).toThrow('ENOSPC');
    await expectRefused(gateway, 'storage_full', /full: free some of it \(df -h, df -i\)/);
    for (const each of others) rmSync(each, { recursive: true, force: true });
    await expectWell(gateway);
    await expect.poll(() => readdirSync(spool)).toEqual([]);
  });

  it.runIf(isRoot)(
    `on a disk that was mounted read-only refuses files as storage_failed${skipped}`,
    async () => {
      const { gateway, spool } = await gatewayWithOwnSpool('size=50m');
      execFileSync('mount', ['-o', 'remount,ro', spool]);
      await expectRefused(gateway, 'storage_failed', /mounted read-only/);
      execFileSync('mount', ['-o', 'remount,rw', spool]);
      await expectWell(gateway);
    },
  );
});

it.runIf(process.platform === 'linux')(
  'a gateway out of file descriptors refuses files as storage_failed, and goes on when it has some',
  { timeout: 60_000 },
  async () => {
    const sandbox = await startSandbox();
    const child = startGatewayProcess('send-media', gatewayEnvironment(sandbox, temporaryFolder()));
    const gateway = client(await child.port());
    await gateway.untilWarm();
    const before = /^Max open files +(\d+)/m.exec(readFileSync(`/proc/${child.pid}/limits`, 'utf8'))![1]!;
    // Nothing opens above the lowest free number: a file of the spool needs one more than the connection it comes over.
    const lowestFree = () => {
      const open = new Set(readdirSync(`/proc/${child.pid}/fd`).map(Number));
      return Array.from({ length: open.size + 1 }, (_, number) => number).find((each) => !open.has(each))!;
    };
    await until('no descriptor is left', async () => {
      execFileSync('prlimit', [`--nofile=${lowestFree()}:${before}`, '--pid', `${child.pid}`]);
      return (await gateway.get('/health')).status === 503;
    });
    // The large one ends its connection, and so gives a descriptor back.
    const patient = comingAgain(gateway);
    await expectRefused(patient, 'storage_failed', /no file descriptor left \(EMFILE\)/, ways.slice(0, 2));
    execFileSync('prlimit', [`--nofile=${before}:${before}`, '--pid', `${child.pid}`]);
    await expectWell(gateway);
  },
);

/** A client that comes again where its connection was reset: without a descriptor the process accepts none but those it has. */
function comingAgain(gateway: GatewayClient): GatewayClient {
  const again = (ask: () => Promise<Answer>) => until('the gateway answers', ask);
  return {
    ...gateway,
    post: (...request) => again(() => gateway.post(...request)),
    get: (...request) => again(() => gateway.get(...request)),
  };
}

/** A gateway whose spool is a small disk of its own. */
async function gatewayWithOwnSpool(options: string) {
  const sandbox = await startSandbox();
  const dataDir = temporaryFolder();
  const spool = join(dataDir, 'spool/main/media');
  mkdirSync(spool, { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', spool]);
  onTestFinished(() => void execFileSync('umount', ['-l', spool]));
  const gateway = client(
    await startGatewayProcess('send-media', gatewayEnvironment(sandbox, dataDir)).port(),
  );
  await gateway.untilWarm();
  return { sandbox, gateway, spool };
}
