import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { systemClock } from '../../kit/clock.ts';
import { createLogger } from '../../kit/log.ts';
import { startSandbox } from '../../testkit/sandbox.ts';
import { openLink } from './link.ts';
import { trustServerKey } from './library/server-key.ts';
import { signInByQr } from './sign-in.ts';
import { direct } from './mtproto/transport.ts';

it('asks every 3 seconds whether a QR code was scanned', async () => {
  const { port, publicKeyFile, post } = await startSandbox({ signIn: 'required' });
  trustServerKey(readFileSync(publicKeyFile, 'utf8'));
  const pauses: number[] = [];
  const sleep = async (ms: number) => {
    if (pauses.push(ms) === 2) await post('/login-tokens/accept');
  };
  const log = createLogger('test', 'fatal');
  const { link, user } = await signInByQr(
    {
      home: { dcId: 2, host: '127.0.0.1', port },
      apiId: 1,
      apiHash: '0'.repeat(32),
      clock: { ...systemClock, sleep },
      open: ({ dcId, ...address }) =>
        openLink({ dcId, address, wayOut: direct, apiId: 1, log, connectTimeoutMs: 5_000 }),
      prompts: {
        code: () => Promise.reject(new Error('a code')),
        password: () => Promise.reject(new Error('a password')),
      },
    },
    () => {},
  );
  link.close();
  expect(pauses).toEqual([3_000, 3_000]);
  expect(user.name).toBe('Vestnik');
});
