import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { randomBytes } from 'node:crypto';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { temporaryFolder } from '../../testkit/folder.ts';
import { createDispatcher } from '../api/dispatch.ts';
import { randomFrom } from '../../kit/random.ts';
import { openState } from '../world/state.ts';
import type { SandboxState } from '../world/state.ts';
import { TlError, TlReader } from '../tl/reader.ts';
import { bytesOf, TlWriter } from '../tl/writer.ts';
import type { AuthKey } from './auth-keys.ts';
import { Connection, type ConnectionContext } from './connection.ts';
import { FrameOpener } from './frame-opener.ts';
import { sealMessage } from './message-key.ts';
import { loadRsaKey } from './rsa-key.ts';

const frames = 100_000;
const growthBytes = 8 * 1024 * 1024;
const text = bytesOf({
  _: 'messages.sendMessage',
  peer: { _: 'inputPeerSelf' },
  message: 'a text that is mutated',
  randomId: 77n,
});
const handshake = bytesOf({ _: 'reqPqMulti', nonce: Buffer.alloc(16, 7) });

const folder = temporaryFolder(afterAll);
let state: SandboxState;
let context: ConnectionContext;
let authKey: AuthKey;
let failures: unknown[];
beforeAll(async () => {
  state = await openState(folder);
  failures = [];
  const log = pino({ level: 'error' }, { write: (line: string) => void failures.push(line) });
  const dispatcher = createDispatcher(state, log);
  authKey = state.authKeys.add(randomBytes(256), 2, undefined);
  authKey.accountId = state.accounts.standard.id;
  context = {
    dc: 2,
    isMedia: false,
    rsaKey: await loadRsaKey(folder),
    authKeys: state.authKeys,
    log,
    now: Date.now,
    opener: new FrameOpener(),
    socketFault: () => undefined,
    transportError: () => undefined,
    onConnection: () => {},
    onAuthKey: () => {},
    onCall: (call) => dispatcher.handle(call),
  };
});
afterAll(async () => {
  await Promise.all([state.uploads.close(), context.opener.close()]);
});

it('reads mutated TL bytes as an object or refuses them, 100,000 times', () => {
  const random = randomFrom(7);
  for (let round = 0; round < frames; round++) {
    try {
      new TlReader(mutated(text, random)).tlObject();
    } catch (error) {
      if (!(error instanceof TlError)) throw error;
    }
  }
});

it('takes 100,000 random and mutated frames: none is a crash, each is answered or closes, memory stays', async () => {
  const random = randomFrom(11);
  const kinds = [randomFrame, mutatedFrame, sealedMutation, plainMutation];
  let closed = 0;
  let answered = 0;
  let heapEarly = 0;
  for (let round = 0; round < frames; round++) {
    const socket = new StubSocket();
    const connection = new Connection(context, socket as unknown as Socket);
    const payload = kinds[round % kinds.length]!(random);
    const framed = Buffer.concat([Buffer.of(0xef), frameOf(payload)]);
    const cutAt = Math.floor(random() * framed.length);
    socket.emit('data', framed.subarray(0, cutAt));
    if (!socket.destroyed) socket.emit('data', framed.subarray(cutAt));
    if (round % 200 === 0) await turn();
    if (socket.destroyed || !connection.isOpen) closed++;
    else if (socket.written > 0) answered++;
    socket.destroy();
    if (round === frames / 5) heapEarly = await heapUsed();
  }
  await turn();
  expect(failures).toEqual([]);
  expect(closed).toBeGreaterThan(frames / 4);
  expect(answered).toBeGreaterThan(0);
  expect((await heapUsed()) - heapEarly).toBeLessThan(growthBytes);
}, 120_000);

/** As much of a socket as a connection uses. */
class StubSocket extends EventEmitter {
  readonly remoteAddress = '127.0.0.1';
  readonly writableLength = 0;
  destroyed = false;
  written = 0;
  get writable(): boolean {
    return !this.destroyed;
  }
  write(bytes: Buffer): boolean {
    this.written += bytes.length;
    return true;
  }
  destroy(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    this.emit('close');
  }
  end = () => this.destroy();
  setNoDelay = () => this;
  pause = () => this;
  resume = () => this;
}

function randomFrame(random: () => number): Buffer {
  return Buffer.from(Array.from({ length: 24 + 4 * Math.floor(random() * 20) }, () => random() * 256));
}

/** A good frame with bytes changed or missing, which its key does not open any more. */
function mutatedFrame(random: () => number): Buffer {
  return mutated(sealMessage(authKey.key, authKey.id, message(text, random), 'client'), random);
}

/** A frame that its key opens, with bytes changed inside. */
function sealedMutation(random: () => number): Buffer {
  const now = BigInt(Math.floor(Date.now() / 1000)) << 32n;
  const ping = bytesOf({ _: 'ping', pingId: 5n });
  const inner = (id: bigint, body: Buffer) =>
    new TlWriter().long(id).int(1).int(body.length).raw(body).finish();
  const container = new TlWriter()
    .uint(0x73f1f8dc)
    .int(2)
    .raw(inner(now + 4n, ping))
    .raw(inner(now + 8n, text));
  const body = random() < 0.5 ? text : container.finish();
  const plain = message(body, random);
  const at = random() < 0.5 ? 32 : 16;
  for (let count = 1 + Math.floor(random() * 4); count > 0; count--) {
    plain[at + Math.floor(random() * (plain.length - at))] = Math.floor(random() * 256);
  }
  return sealMessage(authKey.key, authKey.id, plain, 'client');
}

function plainMutation(random: () => number): Buffer {
  const plain = new TlWriter().long(0n).long(4n).int(handshake.length).raw(handshake).finish();
  return mutated(plain, random);
}

/** Salt, session, id, sequence, length, body and padding. */
function message(body: Buffer, random: () => number): Buffer {
  const id = (BigInt(Math.floor(Date.now() / 1000)) << 32n) | BigInt(Math.floor(random() * 2 ** 28) * 4);
  const head = new TlWriter()
    .long(authKey.salts.at(Date.now()))
    .long(2n)
    .long(id)
    .int(1)
    .int(body.length)
    .raw(body)
    .finish();
  return Buffer.concat([head, Buffer.alloc(12 + (-(head.length + 12) & 15))]);
}

function frameOf(payload: Buffer): Buffer {
  const words = payload.length >>> 2;
  const header = words < 0x7f ? Buffer.of(words) : Buffer.of(0x7f, words, words >>> 8, words >>> 16);
  return Buffer.concat([header, payload]);
}

function mutated(valid: Buffer, random: () => number): Buffer {
  const bytes = Buffer.from(valid);
  for (let count = 1 + Math.floor(random() * 4); count > 0; count--) {
    bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
  }
  const length = random() < 0.3 ? Math.floor(random() * (bytes.length / 4)) * 4 : bytes.length;
  return bytes.subarray(0, length);
}

/** What is left after collecting; buffers are given back only some turns after the objects that held them. */
async function heapUsed(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let round = 0; round < 5; round++) {
    collect();
    await turn();
  }
  const { heapUsed: heap, external } = process.memoryUsage();
  return heap + external;
}
