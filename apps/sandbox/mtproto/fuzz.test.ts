import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { returnBigInt } from 'telegram/Helpers.js';
import { Api } from 'telegram/tl/index.js';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { TlError, TlReader } from '../tl/reader.ts';
import { startSandbox, type TestSandbox } from '../testing/harness.ts';
import { sendText } from '../testing/requests.ts';
import { authKeyId, saltOf } from './auth-keys.ts';
import { sealMessage } from './message-key.ts';

let sandbox: TestSandbox;
beforeEach(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.dispose());

it('reads mutated TL bytes as an object or refuses them, 20,000 times', () => {
  const random = randomFrom(7);
  const valid = sendText(new Api.InputPeerSelf(), 'a text that is mutated', returnBigInt(1)).getBytes();
  for (let round = 0; round < 20_000; round++) {
    const bytes = mutated(valid, random);
    try {
      new TlReader(bytes).tlObject();
    } catch (error) {
      expect(error).toBeInstanceOf(TlError);
    }
  }
});

it('closes the connections of random and mutated frames, and goes on serving', async () => {
  const random = randomFrom(11);
  const { session, call } = await sandbox.connect();
  const key = session.getAuthKey(2)!.getKey()!;
  const sealed = sealMessage(key, authKeyId(key), containerOfTwoPings(key), 'client');
  for (let round = 0; round < 300; round++) {
    await exchange(mutated(sealed, random));
    await exchange(
      sealMessage(key, authKeyId(key), mutatedInPlace(containerOfTwoPings(key), random), 'client'),
    );
    await exchange(Buffer.from(Array.from({ length: 80 }, () => Math.floor(random() * 256))));
  }
  expect(await call(new Api.updates.GetState())).toBeDefined();
});

/** What is sealed into a frame: salt, session, and a container with two pings. */
function containerOfTwoPings(key: Buffer): Buffer {
  const now = BigInt(Math.floor(Date.now() / 1000)) << 32n;
  const ping = (id: bigint) => [u64(id), u32(1), u32(12), u32(0x7abe77ec), u64(5n)];
  const body = Buffer.concat([u32(0x73f1f8dc), u32(2), ...ping(now + 4n), ...ping(now + 8n)]);
  const message = Buffer.concat([
    u64(BigInt.asUintN(64, saltOf(key))),
    u64(2n),
    u64(now + 12n),
    u32(0),
    u32(body.length),
    body,
  ]);
  return Buffer.concat([message, Buffer.alloc(12 + (-(message.length + 12) & 15))]);
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function u64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes;
}

async function exchange(payload: Buffer): Promise<void> {
  const bytes = Buffer.concat([Buffer.of(0xef, payload.length >>> 2), payload]);
  const socket: Socket = createConnection(sandbox.port, '127.0.0.1');
  socket.on('error', () => {});
  socket.resume();
  socket.end(bytes);
  await once(socket, 'close');
}

function mutatedInPlace(valid: Buffer, random: () => number): Buffer {
  const bytes = Buffer.from(valid);
  for (let count = 1 + Math.floor(random() * 4); count > 0; count--) {
    bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
  }
  return bytes;
}

function mutated(valid: Buffer, random: () => number): Buffer {
  const bytes = mutatedInPlace(valid, random);
  const length = random() < 0.3 ? Math.floor(random() * (bytes.length / 4)) * 4 : bytes.length;
  return bytes.subarray(0, length);
}

function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 0x1_0000_0000;
  };
}
