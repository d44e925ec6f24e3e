/** The lines of real child processes of a real launcher, read over its socket. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../testkit/folder.ts';
import { LauncherProcess } from '../../launcher/testing/launcher-process.ts';
import { until } from '../../testkit/until.ts';
import { createLogger } from '../../kit/log.ts';
import { systemClock } from '../../kit/clock.ts';
import { Follower } from '../logs/follower.ts';
import { everyLine } from '../logs/log-rows.ts';
import { LogStore } from '../logs/log-store.ts';
import { createLauncherSupervisor, readPage } from './launcher.ts';

const services = ['send-text', 'send-media'].map((name) => {
  return { name, label: name, url: '', handles: {}, account: null };
});

describe('following the launcher', () => {
  it('reads every line once, over restarts of a service, of the monitor and of the launcher itself', async () => {
    const dir = temporaryFolder();
    const store = LogStore.open(join(dir, 'logs.sqlite'));
    const log = createLogger('monitor', 'silent');
    const follow = (launcher: LauncherProcess) => {
      const socket = join(launcher.dir, 'data/launcher.sock');
      const [source] = createLauncherSupervisor(socket).sources(services);
      const follower = new Follower({ source: source!, store, clock: systemClock, log });
      follower.start();
      return follower;
    };
    const warnings = () => store.newest({ ...everyLine, text: 'a warning' }, 100, null);
    const warningsOf = (name: string) => warnings().filter(({ service }) => service === name).length;
    let follower: Follower | undefined;
    try {
      await using launcher = await LauncherProcess.start();
      await launcher.up();
      follower = follow(launcher);
      await until('both warned', () => warnings().length === 2);
      expect(warnings()[0]).toMatchObject({ level: 'WARNING', chat: '7', message: 'a warning' });

      await follower.stop();
      process.kill((await launcher.service('send-text')).pid!, 'SIGKILL');
      await until('it was started again', async () => (await launcher.service('send-text')).restarts === 1);
      follower = follow(launcher);
      await until('it warned again', () => warningsOf('send-text') === 2);
      expect(warningsOf('send-media')).toBe(1);

      await launcher.stop('SIGTERM');
      await until('that is noticed', () => !follower!.status.following);
      expect(follower.status.reason).toContain('npm start does not answer on its socket');
      await follower.stop();
      await using next = await LauncherProcess.start();
      await next.up();
      follower = follow(next);
      await until('the new ones warned', () => warnings().length === 5);
      process.kill((await next.service('send-media')).pid!, 'SIGKILL');
      await until('the last one warned', () => warningsOf('send-media') === 3);
      expect(warningsOf('send-text')).toBe(3);
    } finally {
      await follower?.stop();
      store.close();
    }
  });

  it('tells what a process uses', async () => {
    await using launcher = await LauncherProcess.start();
    await launcher.up();
    const supervisor = createLauncherSupervisor(join(launcher.dir, 'data/launcher.sock'));
    const usage = await supervisor.usage(services[0]!);
    expect(usage.memoryBytes).toBeGreaterThan(10_000_000);
    expect(usage.cpuSeconds).toBeGreaterThan(0);
  });
});

describe('a page of lines', () => {
  it('numbers its lines back from the last, and leaves out who is not watched', () => {
    const line = (service: string, stream: 'stdout' | 'stderr' = 'stdout') => {
      return { at: '2026-11-23T10:00:00.000Z', service, stream, line: service };
    };
    const lines = [line('sandbox'), line('send-text', 'stderr'), line('send-media')];
    const page = readPage({ lines, next: 'mbx-y-12', dropped: 0 }, new Set(['send-text', 'send-media']));
    expect(page.map(({ service, cursor, level }) => [service, cursor, level])).toEqual([
      ['send-text', 'mbx-y-11', 'WARNING'],
      ['send-media', 'mbx-y-12', 'INFO'],
    ]);
  });
});
