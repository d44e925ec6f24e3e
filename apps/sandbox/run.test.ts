import { once } from 'node:events';
import { stat, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { temporaryFolder } from '../testkit/folder.ts';
import { startProcess, type TestProcess } from '../testkit/process.ts';
import { readSettings } from './settings.ts';

let folder: string;
beforeEach(() => void (folder = temporaryFolder()));

it('starts under plain Node, says that it listens, and stops on SIGTERM', async () => {
  const sandbox = start({ SANDBOX_PORT: '0', SANDBOX_HTTP_PORT: '0' });
  const port = expect.any(Number) as number;
  const ports = {
    port,
    second_port: port,
    dc1_port: port,
    media_port: port,
    proxy_port: port,
    http_port: port,
  };
  expect(await sandbox.listening()).toMatchObject({ service: 'sandbox', ...ports });
  expect((await stat(join(folder, 'data/sandbox/private-key.pem'))).mode & 0o777).toBe(0o600);
  expect(await sandbox.stop('SIGTERM')).toBe(0);
});

it.each([
  'SANDBOX_PORT',
  'SANDBOX_SECOND_PORT',
  'SANDBOX_DC1_PORT',
  'SANDBOX_MEDIA_PORT',
  'SANDBOX_PROXY_PORT',
  'SANDBOX_HTTP_PORT',
])('says in one line that the port is in use, and to set %s to another', async (setting) => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const sandbox = start({ SANDBOX_PORT: '0', SANDBOX_HTTP_PORT: '0', [setting]: String(port) });
  expect(await sandbox.ended).toBe(1);
  expect(sandbox.stderr).toBe(`sandbox: port ${port} is in use: set ${setting} to another\n`);
  other.close();
});

it('takes settings from .env, the prefixed name first, and the environment before both', async () => {
  await writeFile(
    join(folder, '.env'),
    'SANDBOX_PORT=5001\nLOG_LEVEL=warn\nSANDBOX_LOG_LEVEL=error\nHOST=0.0.0.0\nSANDBOX_ALLOWED_HOSTS=sandbox, a.example\n',
  );
  expect(readSettings({ HOST: '127.0.0.2' }, folder)).toMatchObject({
    port: 5001,
    httpPort: 4431,
    host: '127.0.0.2',
    allowedHosts: ['sandbox', 'a.example'],
    logLevel: 'error',
    signIn: 'auto',
    dataDir: 'data/sandbox',
  });
});

it('tells every wrong setting at once, with its value and what it takes', () => {
  const read = () =>
    readSettings({ SANDBOX_PORT: 'x', ALLOWED_HOSTS: 'a/b', SANDBOX_SIGN_IN: 'maybe' }, folder);
  expect(read).toThrow(
    /^wrong settings: ALLOWED_HOSTS=a\/b takes host names .*; SANDBOX_PORT=x takes a port.*; SANDBOX_SIGN_IN=maybe takes auto or required$/,
  );
});

function start(env: Record<string, string>): TestProcess {
  return startProcess(join(import.meta.dirname, 'main.ts'), { cwd: folder, env });
}
