/** Which way parts of files go, at the simulated Telegram over TCP. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { pino } from 'pino';
import { Api } from 'telegram/tl/index.js';
import { expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../kit/clock.ts';
import { startSandbox } from '../../testkit/sandbox.ts';
import { OutcomeUnknown, Unreached } from '../model/telegram-error.ts';
import { FileLinks } from './file-links.ts';
import { openLink, type Link } from './link.ts';
import type { Address } from './mtproto/dial.ts';
import { direct } from './mtproto/transport.ts';
import { long } from './peers.ts';
import { trustServerKey } from './library/server-key.ts';

const log = pino({ level: 'silent' });
const at = (port: number): Address => ({ host: '127.0.0.1', port });

async function start() {
  const sandbox = await startSandbox();
  trustServerKey(readFileSync(sandbox.publicKeyFile, 'utf8'));
  const shared = { dcId: 2, wayOut: direct, apiId: 1, log, connectTimeoutMs: 5_000 };
  const main = await openLink({ ...shared, address: at(sandbox.port) });
  onTestFinished(() => main.close());
  let ahead = 0;
  let answers = 0;
  const stopped = new AbortController();
  onTestFinished(() => stopped.abort());
  const links = new FileLinks({
    log,
    stopped: stopped.signal,
    clock: { ...systemClock, now: () => Date.now() + ahead },
    async open(address) {
      const link = await openLink({ ...shared, address, authKey: main.authKey });
      onTestFinished(() => link.close());
      return link;
    },
    onAnswered: () => answers++,
  });
  const wait = (ms: number) => void (ahead += ms);
  return { sandbox, main, links, wait, answers: () => answers, home: at(sandbox.port) };
}

/** A port that takes connections, and answers nothing. */
async function silentPort(): Promise<Server> {
  const server = createServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return server;
}

const savePart = (link: Link, timeoutMs = 5_000) =>
  link.call(
    new Api.upload.SaveFilePart({ fileId: long('1'), filePart: 0, bytes: Buffer.from('a') }),
    timeoutMs,
  );

it('parts go to the address for files while all else is called over the first link', async () => {
  const { sandbox, main, links, answers, home } = await start();
  const link = await links.open([at(sandbox.mediaPort)], home);
  expect(link.address.port).toBe(sandbox.mediaPort);
  for (let round = 0; round < 3; round++) {
    await savePart(link);
    await main.call(new Api.users.GetUsers({ id: [new Api.InputUserSelf()] }), 5_000);
  }
  expect(answers()).toBe(3);
});

it('where that refuses connections they go where all else goes, and there again after ten minutes', async () => {
  const { sandbox, links, wait, home } = await start();
  const server = await silentPort();
  const dead = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  const media = [at(dead.port)];
  await expect(links.open(media, home)).rejects.toBeInstanceOf(Unreached);
  const link = await links.open(media, home);
  expect(link.address).toEqual(home);
  await savePart(link);
  expect((await links.open([...media, at(sandbox.mediaPort)], home)).address.port).toBe(sandbox.mediaPort);
  wait(11 * 60_000);
  await expect(links.open(media, home)).rejects.toBeInstanceOf(Unreached);
});

it('where that answers nothing they go where all else goes', async () => {
  const { links, home } = await start();
  const media = [at(((await silentPort()).address() as AddressInfo).port)];
  const silent = await links.open(media, home);
  await expect(savePart(silent, 200)).rejects.toBeInstanceOf(OutcomeUnknown);
  silent.close();
  await silent.ended;
  await savePart(await links.open(media, home));
});

it('a link is left when the account speaks elsewhere', async () => {
  const { sandbox, links, home } = await start();
  const link = await links.open([at(sandbox.mediaPort)], home);
  const opening = links.open([], home);
  links.leave();
  expect(await link.ended).toBe('closed');
  await expect(opening).rejects.toBeInstanceOf(Unreached);
});
