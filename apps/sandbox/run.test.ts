import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readSettings } from './settings.ts';

let folder: string;
let child: ChildProcess | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vestnik-sandbox-run-'));
});
afterEach(async () => {
  if (child?.exitCode === null) child.kill('SIGKILL');
  child = undefined;
  await rm(folder, { recursive: true, force: true });
});

it('starts under plain Node, says that it listens, and stops on SIGTERM', async () => {
  const { stdout } = start({ SANDBOX_PORT: '0', SANDBOX_HTTP_PORT: '0' });
  const [line] = (await once(stdout!, 'data')) as [Buffer];
  const port = expect.any(Number) as number;
  const ports = { port, second_port: port, dc1_port: port, http_port: port };
  expect(JSON.parse(line.toString())).toMatchObject({ msg: 'listening', service: 'sandbox', ...ports });
  expect((await stat(join(folder, 'data/sandbox/private-key.pem'))).mode & 0o777).toBe(0o600);
  child!.kill('SIGTERM');
  expect(await once(child!, 'exit')).toEqual([0, null]);
});

it.each(['SANDBOX_PORT', 'SANDBOX_SECOND_PORT', 'SANDBOX_DC1_PORT', 'SANDBOX_HTTP_PORT'])(
  'says in one line that the port is in use, and to set %s to another',
  async (setting) => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { stderr } = start({ SANDBOX_PORT: '0', SANDBOX_HTTP_PORT: '0', [setting]: String(port) });
    expect(await text(stderr!)).toBe(`sandbox: port ${port} is in use: set ${setting} to another\n`);
    expect(child!.exitCode ?? (await once(child!, 'exit'))[0]).toBe(1);
    other.close();
  },
);

it('takes settings from .env, the prefixed name first, and the environment before both', async () => {
  await writeFile(
    join(folder, '.env'),
    'SANDBOX_PORT=5001\nLOG_LEVEL=warn\nSANDBOX_LOG_LEVEL=error\nHOST=0.0.0.0\n',
  );
  expect(readSettings({ HOST: '127.0.0.2' }, folder)).toMatchObject({
    port: 5001,
    httpPort: 4431,
    host: '127.0.0.2',
    logLevel: 'error',
    signIn: 'auto',
    dataDir: 'data/sandbox',
  });
});

it('tells every wrong setting at once, with its value and what it takes', () => {
  const read = () => readSettings({ SANDBOX_PORT: 'x', SANDBOX_SIGN_IN: 'maybe' }, folder);
  expect(read).toThrow(
    /^wrong settings: SANDBOX_PORT=x takes a port.*; SANDBOX_SIGN_IN=maybe takes auto or required$/,
  );
});

function start(environment: Record<string, string>): ChildProcess {
  child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts')], {
    cwd: folder,
    env: { PATH: process.env.PATH, ...environment },
  });
  return child;
}
