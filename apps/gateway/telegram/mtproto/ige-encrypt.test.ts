import { randomBytes } from 'node:crypto';
import { IGE } from 'telegram/crypto/IGE.js';
import { expect, it } from 'vitest';
import { encryptIge } from './ige-encrypt.ts';

it.each([16, 32, 48, 64, 32 * 1024, 32 * 1024 + 16, 512 * 1024 + 96])(
  'encrypts %i bytes as the client library does',
  (length) => {
    const [key, iv] = [randomBytes(32), randomBytes(32)];
    const [plain, cipher] = [Buffer.from(new Uint8Array(length)), Buffer.from(new Uint8Array(length))];
    plain.set(randomBytes(length));
    encryptIge(plain, key, iv, cipher);
    expect(cipher.equals(new IGE(key, iv).encryptIge(Buffer.from(plain)))).toBe(true);
  },
);
