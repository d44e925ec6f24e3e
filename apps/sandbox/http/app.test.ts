import { createPublicKey } from 'node:crypto';
import { request } from 'node:http';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { askRaw } from '../../testkit/ask-raw.ts';
import { fingerprintOf } from '../mtproto/rsa-key.ts';
import { statusByHost } from '../../testkit/ask-by-host.ts';
import { startSandbox, type TestSandbox } from '../../testkit/sandbox.ts';
import { sendText } from '../../testkit/requests.ts';
import { Api } from 'telegram/tl/index.js';

let sandbox: TestSandbox;
beforeEach(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.dispose());

describe('the control endpoints', () => {
  it.each([
    ['/world', { dialogs: 'many' }, 'dialogs'],
    ['/world', { banned: ['x'] }, 'banned.0'],
    ['/world', { dialog: 3 }, ''],
    ['/limits', { account: { per_second: 0, burst: 1 } }, 'account.per_second'],
    ['/faults', [{ drop: 'middle' }], 'faults.0.drop'],
    ['/faults', [{ error: 'FLOOD WAIT' }], 'faults.0.error'],
  ])('%s refuses %j with 422 and names the field', async (path, body, field) => {
    const answer = await fetch(url(path), { method: 'POST', body: JSON.stringify(body) });
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({ ok: false, field });
  });

  it('refuse a method they do not take, as every service does', async () => {
    const type = 'application/problem+json';
    const wrong = await askRaw(sandbox.httpPort, 'PROPFIND', '/report');
    expect(wrong).toMatchObject({ status: 405, allow: 'HEAD, GET', type });
    expect(JSON.parse(wrong.body)).toMatchObject({
      ok: false,
      status: 405,
      detail: expect.any(String) as string,
    });
    expect(await askRaw(sandbox.httpPort, 'TRACE', '/none')).toMatchObject({ status: 404, type });
  });

  it('replace the world and describe it', async () => {
    await sandbox.post('/world', {
      dialogs: 3,
      users: 1,
      banned: ['-1003833950795'],
      usernames: { '@shop': 9 },
    });
    const world = await sandbox.get<{ chats: Record<string, unknown>[] }>('/world');
    expect(world).toMatchObject({
      dialogs: 3,
      users: 1,
      banned: ['-1003833950795'],
      usernames: { shop: '9' },
    });
    expect(world.chats).toContainEqual(
      expect.objectContaining({
        chat_id: '-1003833950795',
        kind: 'supergroup',
        in_dialogs: true,
        banned: true,
      }),
    );
  });

  it('reset empties report, deliveries, faults and limits', async () => {
    const { call } = await sandbox.connect();
    await call(sendText(new Api.InputPeerSelf(), 'x'));
    await sandbox.post('/faults', [{ error: 'PEER_FLOOD' }]);
    await sandbox.post('/limits', { account: { per_second: 1, burst: 1 } });
    await sandbox.post('/reset');
    expect(await sandbox.report()).toMatchObject({ rpc: {}, delivered: [], duplicates: 0 });
    expect([await sandbox.get('/faults'), await sandbox.get('/limits')]).toEqual([[], {}]);
  });

  it('give the public key that clients must trust, and where they connect', async () => {
    const answer = await fetch(url('/public-key.pem'));
    expect(await answer.text()).toBe(sandbox.publicKeyPem);
    const fingerprint = String(fingerprintOf(createPublicKey(sandbox.publicKeyPem)));
    expect(await sandbox.get('/connect')).toEqual({
      port: sandbox.port,
      dc: 2,
      fingerprint,
      data_centres: [
        { id: 2, port: sandbox.port },
        { id: 4, port: sandbox.secondPort },
        { id: 1, port: sandbox.dc1Port },
      ],
      proxy: { port: sandbox.proxyPort, secrets: sandbox.proxySecrets },
    });
  });
});

describe('pages of the web', () => {
  it.each([
    [{ Host: 'evil.example' }, 'GET'],
    [{ Origin: 'http://evil.example' }, 'POST'],
    [{ Origin: 'null' }, 'POST'],
    [{ 'Sec-Fetch-Site': 'cross-site' }, 'POST'],
  ])('with %j may not %s', async (headers, method) => {
    expect(await status('/report', method, headers)).toBe(403);
  });

  it('may not come by a name of their own where it listens on every address', async () => {
    const open = await startSandbox({ host: '0.0.0.0', allowedHosts: ['sandbox'] });
    const path = (name: string) => `http://127.0.0.1:${open.httpPort}${name}`;
    for (const name of ['/report', '/accounts', '/', '/public-key.pem']) {
      expect(await statusByHost(path(name), 'evil.example')).toBe(403);
      for (const host of ['sandbox:4431', 'localhost', '192.0.2.1'])
        expect(await statusByHost(path(name), host)).toBe(200);
    }
  });

  it('of the sandbox itself may', async () => {
    const headers = { Origin: `http://127.0.0.1:${sandbox.httpPort}`, 'Sec-Fetch-Site': 'same-origin' };
    expect(await status('/reset', 'POST', headers)).toBe(200);
  });
});

describe('the inbox', () => {
  it('comes with a policy that allows no foreign and no inline script', async () => {
    const answer = await fetch(url('/'));
    expect(answer.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(await answer.text()).toContain('/inbox/main.js');
    expect((await fetch(url('/inbox/..%2Fsandbox.ts'))).status).toBe(404);
  });

  it('streams a message as it arrives', async () => {
    const stream = (await fetch(url('/api/stream'))).body!.pipeThrough(new TextDecoderStream()).getReader();
    const { call } = await sandbox.connect();
    await call(sendText(new Api.InputPeerSelf(), 'hello there'));
    let text = '';
    while (!text.includes('hello there')) text += (await stream.read()).value ?? '';
    expect(text).toContain('"type":"delivery"');
    await stream.cancel();
  });
});

it('a page that is closed while it is answered leaves nothing in the log', async () => {
  const lines: string[] = [];
  const log = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) });
  const watched = await startSandbox({ log });
  try {
    const stream = await fetch(`http://127.0.0.1:${watched.httpPort}/api/stream`);
    const reader = stream.body!.getReader();
    await reader.read();
    await reader.cancel();
  } finally {
    await watched.dispose();
  }
  expect(lines).toEqual([]);
});

function url(path: string): string {
  return `http://127.0.0.1:${sandbox.httpPort}${path}`;
}

/** fetch sets Host by itself, so these go out by hand. */
function status(path: string, method: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(url(path), { method, headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    sent.on('error', reject).end();
  });
}
