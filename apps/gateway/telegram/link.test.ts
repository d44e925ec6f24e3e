/** Links to a real server, and what they lean on in the client library: an upgrade is one line and a run of these. */
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { pino } from 'pino';
import { Api } from 'telegram/tl/index.js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadRsaKey } from '../../sandbox/mtproto/rsa-key.ts';
import { temporaryFolder } from '../../testkit/folder.ts';
import { startSandbox, type TestSandbox } from '../../testkit/sandbox.ts';
import { OutcomeUnknown, TelegramError, Unreached } from '../model/telegram-error.ts';
import { openLink, type Link } from './link.ts';
import { long } from './peers.ts';
import { trustServerKey } from './library/server-key.ts';
import { direct } from './mtproto/transport.ts';

const log = pino({ level: 'silent' });
const self = new Api.users.GetUsers({ id: [new Api.InputUserSelf()] });

async function openTo(port: number, authKey?: Buffer, connectTimeoutMs = 5_000): Promise<Link> {
  const address = { host: '127.0.0.1', port };
  const link = await openLink({ dcId: 2, address, wayOut: direct, apiId: 1, log, authKey, connectTimeoutMs });
  onTestFinished(() => link.close());
  return link;
}

async function openToSandbox(): Promise<{ sandbox: TestSandbox; link: Link }> {
  const sandbox = await startSandbox();
  trustServerKey(readFileSync(sandbox.publicKeyFile, 'utf8'));
  return { sandbox, link: await openTo(sandbox.port) };
}

const sendTo = (text: string, randomId = '7') =>
  new Api.messages.SendMessage({ peer: new Api.InputPeerSelf(), message: text, randomId: long(randomId) });

describe('a link', () => {
  it('makes a key, is signed in by the sandbox, and never asks for updates', async () => {
    const { sandbox, link } = await openToSandbox();
    const [user] = await link.call<Api.User[]>(self, 5_000);
    expect(user).toMatchObject({ self: true });
    expect(link.authKey).toHaveLength(256);
    await link.ping(5_000);
    await link.call(sendTo('a'), 5_000);
    expect(Object.keys((await sandbox.report()).rpc).sort()).toEqual([
      'messages.sendMessage',
      'users.getUsers',
    ]);
  });

  it('uses the same key again', async () => {
    const { sandbox, link } = await openToSandbox();
    await link.call(self, 5_000);
    link.close();
    const second = await openTo(sandbox.port, link.authKey);
    expect(second.authKey).toEqual(link.authKey);
    expect(await second.call<Api.User[]>(self, 5_000)).toHaveLength(1);
  });

  it('throws the raw error of the wire, without sleeping and without retrying', async () => {
    const { sandbox, link } = await openToSandbox();
    await link.call(self, 5_000);
    for (const error of ['FLOOD_WAIT_26', 'RPC_CALL_FAIL', 'RANDOM_ID_DUPLICATE', 'USER_BANNED_IN_CHANNEL']) {
      await sandbox.post('/reset', {});
      await sandbox.post('/faults', [{ method: 'messages.sendMessage', error, times: 1 }]);
      const failure = await link.call(sendTo('a'), 5_000).catch((reason: unknown) => reason);
      expect(failure).toBeInstanceOf(TelegramError);
      expect((failure as Error).message).toBe(error);
      expect((await sandbox.report()).rpc).toEqual({ 'messages.sendMessage': 1 });
    }
  });

  it('does not let one refused message fail its neighbours of the same tick', async () => {
    const { sandbox, link } = await openToSandbox();
    await link.call(self, 5_000);
    await sandbox.post('/faults', [{ method: 'messages.sendMessage', error: 'RPC_CALL_FAIL', times: 1 }]);
    const outcomes = await Promise.allSettled(['1', '2', '3'].map((id) => link.call(sendTo(id, id), 5_000)));
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'fulfilled', 'rejected']);
  });

  it.each(['before', 'after'] as const)(
    'whose connection is cut %s the answer ends, its call as unknown',
    async (drop) => {
      const { sandbox, link } = await openToSandbox();
      await link.call(self, 5_000);
      await sandbox.post('/faults', [{ method: 'messages.sendMessage', drop, times: 1 }]);
      await expect(link.call(sendTo('a'), 5_000)).rejects.toBeInstanceOf(OutcomeUnknown);
      expect(await link.ended).toBe('lost');
      await expect(link.call(sendTo('b'), 5_000)).rejects.toBeInstanceOf(Unreached);
    },
  );

  it('stays when one call is not answered in time and pings are, and ends when they are not', async () => {
    const { sandbox, link } = await openToSandbox();
    await link.call(self, 5_000);
    await sandbox.post('/faults', [{ method: 'messages.sendMessage', delay_ms: 2_000, times: 1 }]);
    await expect(link.call(sendTo('a'), 50)).rejects.toBeInstanceOf(OutcomeUnknown);
    await link.ping(5_000);
    await sandbox.post('/faults', [{ connection: 'silent' }]);
    await expect(link.call(sendTo('b'), 50)).rejects.toBeInstanceOf(OutcomeUnknown);
    await expect(link.ping(50)).rejects.toBeInstanceOf(OutcomeUnknown);
    expect(await link.ended).toBe('lost');
  });

  it('to a server that does not know its key ends as key_unknown', async () => {
    const { sandbox } = await openToSandbox();
    const link = await openTo(sandbox.port, Buffer.alloc(256, 7));
    await expect(link.call(self, 5_000)).rejects.toBeInstanceOf(OutcomeUnknown);
    expect(await link.ended).toBe('key_unknown');
  });

  it('is refused at once by a port where nothing listens', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    await expect(openTo(port)).rejects.toThrow(
      new RegExp(`no connection to 127.0.0.1:${port}: .*ECONNREFUSED`),
    );
  });

  it('gives up a server that accepts and says nothing', async () => {
    const sockets: Socket[] = [];
    const server = createServer((socket) => void sockets.push(socket.on('error', () => {}))).listen(
      0,
      '127.0.0.1',
    );
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    await new Promise((resolve) => server.once('listening', resolve));
    await expect(openTo((server.address() as AddressInfo).port, undefined, 200)).rejects.toBeInstanceOf(
      Unreached,
    );
  });

  it('refuses a server whose key it was not told to trust', async () => {
    const dataDir = temporaryFolder();
    await loadRsaKey(dataDir); // A key of its own: the sandboxes of these tests share one.
    const sandbox = await startSandbox({ dataDir });
    await expect(openTo(sandbox.port)).rejects.toBeInstanceOf(Unreached);
  });
});
