import { chmod, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import Koa from 'koa';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../testkit/folder.ts';
import { listenOnSocket, socketPathFor } from './socket.ts';

let dir: string;
beforeEach(() => void (dir = temporaryFolder()));

describe('the control socket', () => {
  it('is in the data folder, or in the temporary one where that path is too long for a socket', () => {
    expect(socketPathFor('/srv/data')).toBe('/srv/data/launcher.sock');
    vi.stubEnv('XDG_RUNTIME_DIR', undefined);
    const far = socketPathFor(`/srv/${'d'.repeat(120)}`, 'linux');
    expect(far.startsWith(tmpdir())).toBe(true);
    vi.stubEnv('XDG_RUNTIME_DIR', dir);
    expect(socketPathFor(`/srv/${'d'.repeat(120)}`, 'linux').startsWith(dir)).toBe(true);
    vi.unstubAllEnvs();
    expect(Buffer.byteLength(far)).toBeLessThan(104);
    expect(socketPathFor('C:\\data', 'win32')).toMatch(/^\\\\\.\\pipe\\vestnik-/);
  });

  it('is for this user alone, and replaces what a killed launcher left behind', async () => {
    const path = join(dir, 'launcher.sock');
    await writeFile(path, '');
    const close = await listenOnSocket(new Koa(), path);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    await close();
    await expect(stat(path)).rejects.toThrow('ENOENT');
  });

  it.runIf(process.platform !== 'win32')(
    'is in no folder that others could have made or may open',
    async () => {
      const made = join(dir, `vestnik-${userInfo().uid}-0123456789abcdef`);
      const path = join(made, 'launcher.sock');
      await (
        await listenOnSocket(new Koa(), path)
      )();
      await chmod(made, 0o777);
      await expect(listenOnSocket(new Koa(), path)).rejects.toThrow('is not private to this user: remove it');
      await rm(made, { recursive: true });
      await symlink(temporaryFolder(), made);
      await expect(listenOnSocket(new Koa(), path)).rejects.toThrow('is not private to this user: remove it');
    },
  );

  it('is refused to a second launcher on the same data', async () => {
    const path = join(dir, 'launcher.sock');
    const close = await listenOnSocket(new Koa(), path);
    await expect(listenOnSocket(new Koa(), path)).rejects.toThrow('another npm start already uses');
    await close();
  });
});
