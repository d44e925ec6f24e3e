import { createDecipheriv, randomBytes } from 'node:crypto';
import { IGE } from 'telegram/crypto/IGE.js';
import { expect, it } from 'vitest';
import { decryptIge, encryptIge } from './ige.ts';

it.each([16, 32, 48, 64, 512, 528, 1024, 32 * 1024 + 16, 512 * 1024])(
  'encrypts %i bytes as the client library does, and back',
  (length) => {
    const [key, iv, plain] = [randomBytes(32), randomBytes(32), randomBytes(length)];
    const cipher = encryptIge(plain, key, iv);
    expect(cipher.equals(new IGE(key, iv).encryptIge(Buffer.from(plain)))).toBe(true);
    expect(decryptIge(cipher, key, iv).equals(plain)).toBe(true);
  },
);

it('works on bytes that begin at an odd place of their memory', () => {
  const [key, iv, memory] = [randomBytes(32), randomBytes(32), randomBytes(65)];
  const plain = memory.subarray(1);
  const cipher = encryptIge(plain, key, iv);
  expect(cipher.equals(new IGE(key, iv).encryptIge(Buffer.from(plain)))).toBe(true);
  const shifted = Buffer.concat([Buffer.of(0), cipher]).subarray(1);
  expect(decryptIge(shifted, key, iv).equals(plain)).toBe(true);
});

it('decrypts a block as OpenSSL does, and refuses part of one', () => {
  const [key, block] = [randomBytes(32), randomBytes(16)];
  const openssl = createDecipheriv('aes-256-ecb', key, null).setAutoPadding(false);
  expect(decryptIge(block, key, Buffer.alloc(32))).toEqual(openssl.update(block));
  expect(() => decryptIge(randomBytes(24), key, Buffer.alloc(32))).toThrow(RangeError);
});
