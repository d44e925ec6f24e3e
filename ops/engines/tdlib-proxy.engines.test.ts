/** TDLib takes the sandbox's MTProxy for a real one, with each form of its secret, where nothing else can be reached. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../../apps/testkit/folder.ts';
import { LoopbackOnly } from './clients/loopback-only.ts';
import { SandboxProcess } from './clients/sandbox-process.ts';
import type { TdProxyOptions } from './clients/td-proxy.ts';
import { clientPackages, copyTrusting, whyNoTdlib } from './clients/tdlib.ts';
import { output } from './command.ts';
import { describeEngine } from './describe-engine.ts';

const MAIN = fileURLToPath(new URL('clients/td-proxy.ts', import.meta.url));
const PHOTO = fileURLToPath(new URL('../samples/photo.jpg', import.meta.url));
const WITHIN_MS = 240_000;

describeEngine('TDLib through an MTProxy', await whyNoTdlib(), () => {
  it(
    'signs in and sends with the plain, the dd and the ee secret',
    { timeout: WITHIN_MS + 60_000 },
    async () => {
      const folder = temporaryFolder();
      const namespace = await LoopbackOnly.make([]);
      onTestFinished(() => namespace[Symbol.asyncDispose]());
      const sandbox = await SandboxProcess.start({
        env: { DATA_DIR: folder, SANDBOX_SIGN_IN: 'required' },
        prefix: namespace.prefix,
      });
      onTestFinished(() => sandbox[Symbol.asyncDispose]());
      const url = 'http://127.0.0.1:4431';
      const curl = [...namespace.prefix, 'curl', '-sf', `${url}/connect`] as const;
      const { proxy } = JSON.parse(await output(curl[0], curl.slice(1))) as {
        proxy: { port: number; secrets: Record<string, string> };
      };
      const packages = await clientPackages();
      const library = join(folder, 'libtdjson.so');
      await copyTrusting(await readFile(join(folder, 'sandbox/public-key.pem'), 'utf8'), packages, library);
      const options: TdProxyOptions = {
        packages,
        library,
        logFile: join(folder, 'tdlib.log'),
        folder,
        photo: PHOTO,
        url,
        port: proxy.port,
        secrets: proxy.secrets,
        phone: '9996620001',
      };
      const [command, ...args] = [...namespace.prefix, process.execPath, MAIN, JSON.stringify(options)];
      const told = (await output(command, args, { withinMs: WITHIN_MS })).trim().split('\n');
      const sent = (name: string) => ({ name, outcome: 'sent' });
      expect(told.map((line) => JSON.parse(line) as object)).toEqual(['plain', 'padded', 'tls'].map(sent));
      expect(sandbox.log).not.toContain('the proxy refused a client');
    },
  );
});
