/** Keys and ports that are wrong, as an operator meets them: real processes against real servers. */
import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../testkit/folder.ts';
import { startSandbox } from '../testkit/sandbox.ts';
import { gatewayEnvironment, startGatewayProcess } from '../testkit/stack.ts';
import { run } from './testing/command.ts';

const spki = { type: 'spki', format: 'pem' } as const;
const keys = {
  'an EC key': generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export(spki).toString(),
  garbage: '-----BEGIN PUBLIC KEY-----\nbm90IGEga2V5\n-----END PUBLIC KEY-----\n',
  'a key of 1024 bits': generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export(spki).toString(),
};
const takes = 'TELEGRAM_DC_PUBLIC_KEY_FILE takes a PEM file with the RSA public key of TELEGRAM_DC';

function environment(pem: string, port = 1): Record<string, string> {
  const dataDir = temporaryFolder();
  const file = join(dataDir, 'server.pem');
  writeFileSync(file, pem);
  return gatewayEnvironment({ port, publicKeyFile: file }, dataDir);
}

describe('TELEGRAM_DC_PUBLIC_KEY_FILE', { timeout: 60_000 }, () => {
  it.each(Object.entries(keys))(
    'is refused in one line by gateways and login when it is %s',
    async (_, pem) => {
      const env = environment(pem);
      for (const started of [startGatewayProcess('send-text', env), run(['login'], env)]) {
        expect(await started.ended).toBe(1);
        expect(started.output).toContain(takes);
        expect(started.output).toContain(env.TELEGRAM_DC_PUBLIC_KEY_FILE);
        expect(started.output.trim().split('\n')).toHaveLength(1);
      }
    },
  );

  it('is named at the connection when the server has another key', async () => {
    const { port } = await startSandbox();
    const env = environment(
      generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export(spki).toString(),
      port,
    );
    const login = run(['login', '--qr'], env);
    expect(await login.ended).toBe(1);
    expect(login.output).toMatch(
      /^login: .*127\.0\.0\.1.*TELEGRAM_DC_PUBLIC_KEY_FILE takes the key of TELEGRAM_DC\n$/,
    );

    const gateway = startGatewayProcess('send-text', env);
    await gateway.says(/TELEGRAM_DC_PUBLIC_KEY_FILE takes the key of TELEGRAM_DC/);
    await gateway.says(/"msg":"listening"/);
    expect(gateway.output).not.toContain('    at ');
    expect(gateway.output).not.toContain('ReferenceError');
  });

  it('is not blamed for a port that does not speak MTProto', async () => {
    const web = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void web.close());
    await new Promise((resolve) => web.once('listening', resolve));
    const { publicKeyFile } = await startSandbox();
    const { port } = web.address() as AddressInfo;
    const login = run(['login', '--qr'], gatewayEnvironment({ port, publicKeyFile }, temporaryFolder()));
    expect(await login.ended).toBe(1);
    expect(login.output).toMatch(
      /^login: no connection to 127\.0\.0\.1:\d+: .*not a data centre of Telegram\n$/,
    );
  });
});
