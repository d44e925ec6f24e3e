/** A DATA_DIR on a small disk of its own, which runs full under a real gateway: as root, for it mounts a tmpfs. */
import { mkdirSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { reservedBytes } from '../../apps/gateway/storage/disk-room.ts';
import { startSandbox } from '../../apps/testkit/sandbox.ts';
import {
  client,
  demoChat,
  fileForm,
  gatewayEnvironment,
  startGatewayProcess,
  type Answer,
} from '../../apps/testkit/stack.ts';
import { until } from '../../apps/testkit/until.ts';
import { temporaryFolder } from '../../apps/testkit/folder.ts';
import { output } from './command.ts';
import { describeEngine } from './describe-engine.ts';

const whyNot = process.getuid?.() === 0 ? undefined : 'only root may mount';

const unpaced = { PACE_CHAT_PER_S: '0', PACE_GROUP_PER_MIN: '0', PACE_ACCOUNT_PER_S: '0' };
const roomBytes = 4_000_000;
const numbers = Array.from({ length: 30 }, (_, index) => index);
const refusal = { status: 503, body: { class: 'storage_full', retryable: true, id: null } };

type Client = ReturnType<typeof client>;

describeEngine('a disk that runs full', whyNot, () => {
  it.each([
    ['send-text', postText, 'x'.repeat(4000)],
    ['send-media', postFile, 'x'.repeat(500_000)],
  ] as const)(
    '%s refuses new messages, sends those it has, and takes new ones',
    async (name, post, large) => {
      const { sandbox, disk, gateway, child } = await gatewayOnSmallDisk(name);
      const accepted = [];
      for (const number of numbers) accepted.push(await post(gateway, `${number}`));
      const refused = await until(
        'a message is refused',
        async () => {
          const answer = await post(gateway, large);
          return answer.status !== 202 && answer;
        },
        60_000,
      );
      expect(refused).toMatchObject(refusal);
      expect(refused.headers.get('retry-after')).toBe('60');
      expect(statfsSync(disk).bavail).toBeGreaterThan(0);

      await gateway.post('/resume');
      await allSent(gateway, accepted);
      const { delivered } = await sandbox.report();
      const shown = delivered.map(({ text }) => text).slice(0, numbers.length);
      expect(shown).toEqual(numbers.map(String));
      await output('mount', ['-o', `remount,size=${2 * (reservedBytes + roomBytes)}`, disk]);
      expect((await post(gateway, 'after')).status).toBe(202);
      expect(await child.stop('SIGTERM')).toBe(0);
    },
  );

  it.each([
    ['send-text', postText],
    ['send-media', postFile],
  ] as const)('%s outlives that others took the last byte, and goes on by itself', async (name, post) => {
    const { sandbox, disk, gateway } = await gatewayOnSmallDisk(name);
    const accepted = [];
    for (const number of numbers) accepted.push(await post(gateway, `${number}`));
    const other = join(disk, 'of-another-program');
    expect(() => writeFileSync(other, Buffer.alloc(2 * (reservedBytes + roomBytes)))).toThrow('ENOSPC');
    expect(await post(gateway, 'new')).toMatchObject(refusal);
    await gateway.post('/resume');
    const health = await gateway.get('/health');
    expect(health).toMatchObject({ status: 503, body: { checks: { storage: { ok: false } } } });
    expect(health.body.reasons).toContain('the disk is full: new messages are refused');
    rmSync(other);
    await allSent(gateway, accepted);
    expect((await sandbox.report()).delivered.map(({ text }) => text)).toEqual(numbers.map(String));
    expect((await post(gateway, 'after')).status).toBe(202);
    const spool = join(disk, 'spool/main', name.slice('send-'.length));
    await expect.poll(() => readdirSync(spool)).toEqual([]);
  });
});

/** A gateway, paused, with a disk to itself that has some room beyond what is reserved. */
async function gatewayOnSmallDisk(name: 'send-text' | 'send-media') {
  const sandbox = await startSandbox();
  const disk = join(temporaryFolder(), 'disk');
  mkdirSync(disk);
  await output('mount', ['-t', 'tmpfs', '-o', `size=${reservedBytes + roomBytes}`, 'tmpfs', disk]);
  onTestFinished(async () => void (await output('umount', [disk])));
  const child = startGatewayProcess(name, { ...gatewayEnvironment(sandbox, disk), ...unpaced });
  const gateway = client(await child.port());
  await gateway.untilWarm();
  await gateway.post('/pause');
  return { sandbox, disk, child, gateway };
}

function postText(gateway: Client, text: string): Promise<Answer> {
  return gateway.post('/send', { chat_id: demoChat, text, wait: 0 });
}

function postFile(gateway: Client, text: string): Promise<Answer> {
  const fields = { chat_id: demoChat, caption: text.slice(0, 10), wait: 0 };
  return gateway.post('/send', fileForm(Buffer.from(text), 'file.bin', fields));
}

async function allSent(gateway: Client, accepted: readonly Answer[]): Promise<void> {
  for (const { status, body } of accepted) {
    expect(status).toBe(202);
    await gateway.untilStatus(body.id, 'sent', 30_000);
  }
}
