/** The key exchange with the server's half of it, and with a server that lies. */
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../testkit/folder.ts';
import { Handshake, type AgreedKey } from '../../../sandbox/mtproto/handshake.ts';
import { loadRsaKey, type RsaKey } from '../../../sandbox/mtproto/rsa-key.ts';
import { trustServerKey } from '../library/server-key.ts';
import { makeKey, type Exchange } from './handshake.ts';
import { ProtocolError } from './message-key.ts';

let rsaKey: RsaKey;
beforeAll(async () => {
  const folder = temporaryFolder((close) => closers.push(close));
  rsaKey = await loadRsaKey(folder);
  trustServerKey(rsaKey.publicKeyPem);
  return async () => {
    for (const close of closers) await close();
  };
});
const closers: (() => void | Promise<void>)[] = [];

/** A server whose answers `change` may spoil: the number of the answer and its bytes. */
function server(change: (step: number, answer: Buffer) => void = () => {}) {
  const agreed: AgreedKey[] = [];
  const handshake = new Handshake(rsaKey, (key) => agreed.push(key), Date.now);
  let step = 0;
  const exchange: Exchange = (message) => {
    const answer = Buffer.from(handshake.answer(message));
    change(++step, answer);
    return Promise.resolve(answer);
  };
  return { agreed, exchange };
}

describe('the key exchange', () => {
  it('ends with the same key and the same salt on both sides', async () => {
    const { agreed, exchange } = server();
    const { key, salt, serverTimeS } = await makeKey(exchange, 2);
    expect(agreed[0]!.key.equals(key.bytes)).toBe(true);
    expect(agreed[0]!.firstSalt).toBe(salt);
    expect(Math.abs(serverTimeS - Date.now() / 1000)).toBeLessThan(30);
  });

  it.each([
    ['another nonce in the first answer', 1, 4],
    ['a key that nobody trusts', 1, 60],
    ['another nonce in the second answer', 2, 4],
    ['another nonce of the server', 2, 20],
    ['inner data that were changed', 2, 100],
    ['another nonce in the third answer', 3, 4],
    ['another hash of the key', 3, 40],
  ])('refuses %s', async (_, spoiled, at) => {
    const { exchange } = server((step, answer) => {
      if (step === spoiled) answer[at]! ^= 1;
    });
    await expect(makeKey(exchange, 2)).rejects.toBeInstanceOf(Error);
  });

  it('refuses an answer that is cut off', async () => {
    const { exchange } = server();
    const cut: Exchange = async (message) => (await exchange(message)).subarray(0, 30);
    await expect(makeKey(cut, 2)).rejects.toBeInstanceOf(ProtocolError);
  });
});
