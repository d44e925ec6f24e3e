import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { StringSession } from 'telegram/sessions/index.js';
import { AuthKey } from 'telegram/crypto/AuthKey.js';
import { formatSession, parseSession } from './session.ts';

const authKey = randomBytes(256);

describe('a session string', () => {
  it('is read as the client library writes it, and written as it reads it', async () => {
    const library = new StringSession('');
    library.setDC(2, '149.154.167.51', 443);
    const key = new AuthKey();
    await key.setKey(authKey);
    library.setAuthKey(key);
    const session = { dcId: 2, host: '149.154.167.51', port: 443, authKey };
    expect(parseSession(library.save())).toEqual(session);
    expect(formatSession(session)).toBe(library.save());
  });

  it('keeps a port above 32767, which the library does not', () => {
    const session = { dcId: 2, host: '127.0.0.1', port: 44_300, authKey };
    expect(parseSession(formatSession(session))).toEqual(session);
  });

  it.each([
    ['IPv4', [149, 154, 167, 51], '149.154.167.51'],
    [
      'IPv6',
      [...Buffer.from('20010b28f23df0020000000000000a', 'hex'), 0x0a],
      '2001:0b28:f23d:f002:0000:0000:0000:0a0a',
    ],
  ])("of Telethon's is read with %s", (_, address, host) => {
    const data = Buffer.concat([Buffer.from([4]), Buffer.from(address), Buffer.from([1, 187]), authKey]);
    expect(parseSession('1' + data.toString('base64url'))).toEqual({ dcId: 4, host, port: 443, authKey });
  });

  it.each([
    '',
    '1',
    '1abc',
    '2' + randomBytes(263).toString('base64url'),
    '1' + randomBytes(262).toString('base64url'),
  ])('that is damaged is none (%#)', (value) => {
    expect(parseSession(value)).toBeUndefined();
  });
});
