/** A gateway starts on a disk that takes nothing: it says what it lacks, and goes on by itself once that is there. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { freePort } from '../testkit/free-port.ts';
import { temporaryFolder } from '../testkit/folder.ts';
import { startSandbox } from '../testkit/sandbox.ts';
import { client, demoChat, gatewayEnvironment, startGatewayProcess } from '../testkit/stack.ts';
import { until } from '../testkit/until.ts';

const isRoot = process.getuid?.() === 0;
const skipped = isRoot ? '' : ' (skipped: only root may mount)';
const mount = (...args: string[]) => execFileSync('mount', args);

interface Lack {
  readonly options: string;
  readonly take: (disk: string) => void;
  readonly mend: (disk: string) => void;
  readonly className: string;
  readonly reason: RegExp;
}

const lacks: [string, Lack][] = [
  [
    'a full disk',
    {
      options: 'size=40m',
      take: (disk) => {
        expect(() => writeFileSync(join(disk, 'of-another'), Buffer.alloc(50e6))).toThrow('ENOSPC');
      },
      mend: (disk) => rmSync(join(disk, 'of-another')),
      className: 'storage_full',
      reason: /no room to store .*: free disk space under DATA_DIR/,
    },
  ],
  [
    'a disk without inodes',
    {
      options: 'size=50m,nr_inodes=30',
      take: (disk) => {
        const more = Array.from({ length: 40 }, (_, index) => join(disk, `other-${index}`));
        expect(() => more.forEach((each) => mkdirSync(each))).toThrow('ENOSPC');
      },
      mend: (disk) => mount('-o', 'remount,nr_inodes=100', disk),
      className: 'storage_full',
      reason: /full: free some of it \(df -h, df -i\)/,
    },
  ],
  [
    'a disk that is read-only',
    {
      options: 'size=50m',
      take: (disk) => mount('-o', 'remount,ro', disk),
      mend: (disk) => mount('-o', 'remount,rw', disk),
      className: 'storage_failed',
      reason: /mounted read-only/,
    },
  ],
];

describe.runIf(isRoot)(`a gateway that starts on${skipped}`, { timeout: 90_000 }, () => {
  it.each(lacks)(
    '%s says so, and goes on by itself',
    async (_, { options, take, mend, className, reason }) => {
      const sandbox = await startSandbox();
      const disk = join(temporaryFolder(), 'disk');
      mkdirSync(disk);
      mount('-t', 'tmpfs', '-o', options, 'tmpfs', disk);
      onTestFinished(() => void execFileSync('umount', ['-l', disk]));
      take(disk);
      const port = await freePort();
      const child = startGatewayProcess('send-text', {
        ...gatewayEnvironment(sandbox, disk),
        PORT: String(port),
      });
      const gateway = client(port);
      await child.says(/cannot start yet/);
      const health = await until('it answers', () => gateway.get('/health'));
      expect(health).toMatchObject({ status: 503, body: { status: 'down', sandbox: true } });
      expect(health.body.reasons).toEqual([expect.stringMatching(reason)]);
      const refused = await gateway.post('/send', { chat_id: demoChat, text: 'a' });
      expect(refused).toMatchObject({ status: 503, body: { class: className, retryable: true } });

      mend(disk);
      await until('it has started', async () => (await gateway.get('/health')).status === 200, 30_000);
      expect(await gateway.post('/send', { chat_id: demoChat, text: 'b' })).toMatchObject({ status: 200 });
      expect((await sandbox.report()).delivered).toHaveLength(1);
      expect(await child.stop('SIGTERM')).toBe(0);
    },
  );
});
