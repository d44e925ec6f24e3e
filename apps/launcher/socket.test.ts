import { stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Koa from 'koa';
import { beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../testkit/folder.ts';
import { listenOnSocket, socketPathFor } from './socket.ts';

let dir: string;
beforeEach(() => void (dir = temporaryFolder()));

describe('the control socket', () => {
  it('is in the data folder, or in the temporary one where that path is too long for a socket', () => {
    expect(socketPathFor('/srv/data')).toBe('/srv/data/launcher.sock');
    const far = socketPathFor(`/srv/${'d'.repeat(120)}`, 'linux');
    expect(far.startsWith(tmpdir())).toBe(true);
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

  it('is refused to a second launcher on the same data', async () => {
    const path = join(dir, 'launcher.sock');
    const close = await listenOnSocket(new Koa(), path);
    await expect(listenOnSocket(new Koa(), path)).rejects.toThrow('another npm start is running');
    await close();
  });
});
