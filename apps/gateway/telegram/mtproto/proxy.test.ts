import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../kit/config.ts';
import { parseProxy, ProxyError, proxyErrorOf, proxySetting, type Proxy } from './proxy.ts';

const hex = '00112233445566778899aabbccddeeff';
const secret = Buffer.from(hex, 'hex');
const domain = 'www.example.com';
const tls = `ee${hex}${Buffer.from(domain).toString('hex')}`;
const base64 = (digits: string, alphabet: 'base64' | 'base64url') =>
  Buffer.from(digits, 'hex').toString(alphabet);
const at = { host: 'proxy.example', port: 443 };
const plain = { kind: 'mtproxy', ...at, secret, isPadded: false, domain: undefined } as const;
const padded = { ...plain, isPadded: true };
const within = { ...padded, domain };
const socks = { kind: 'socks5', ...at, user: undefined, password: undefined } as const;
const signedIn = { ...socks, user: 'me@home', password: 'a:b/c' };

it.each<[text: string, proxy: Proxy]>([
  ['socks5://proxy.example:443', socks],
  ['socks5h://proxy.example:443', socks],
  ['socks5://me%40home:a%3Ab%2Fc@proxy.example:443', signedIn],
  ['socks5://[2001:db8::1]:1080', { ...socks, host: '2001:db8::1', port: 1080 }],
  ['tg://socks?server=proxy.example&port=443', socks],
  ['https://t.me/socks?server=proxy.example&port=443&user=me%40home&pass=a%3Ab%2Fc', signedIn],
  [`mtproxy://proxy.example:443?secret=${hex}`, plain],
  [`mtproxy://proxy.example:443?secret=dd${hex}`, padded],
  [`mtproxy://proxy.example:443/?secret=DD${hex.toUpperCase()}`, padded],
  [`mtproxy://proxy.example:443?secret=${tls}`, within],
  [`t.me/proxy?server=proxy.example&port=443&secret=${hex}`, plain],
  [`tg:proxy?server=proxy.example&port=443&secret=dd${hex}`, padded],
  [`tg://proxy?server=proxy.example&port=443&secret=${hex}`, plain],
  [`https://t.me/proxy?server=proxy.example&port=443&secret=${base64(`dd${hex}`, 'base64url')}`, padded],
  [`https://telegram.me/proxy?server=proxy.example&port=443&secret=${base64(tls, 'base64')}`, within],
  [` http://t.me/proxy?port=443&secret=${base64(tls, 'base64url')}&server=proxy.example\n`, within],
])('%s names a proxy', (text, proxy) => {
  expect(parseProxy(text)).toEqual(proxy);
});

it.each([
  'proxy.example:1080',
  'http://proxy.example:3128',
  'https://evil.example/proxy?server=proxy.example&port=443&secret=' + hex,
  'socks5://proxy.example',
  'socks5://proxy.example:0',
  'socks5://:password@proxy.example:1080',
  'socks5://a%ZZ:b@proxy.example:1080',
  `socks5://${'a'.repeat(256)}:b@proxy.example:1080`,
  'tg://socks?server=proxy.example',
  'mtproxy://proxy.example:443',
  'mtproxy://proxy.example:443?secret=',
  `mtproxy://proxy.example:443?secret=${hex.slice(2)}`,
  `mtproxy://proxy.example:443?secret=dd${hex}00`,
  `mtproxy://proxy.example:443?secret=ee${hex}`,
  `mtproxy://proxy.example:443?secret=ff${hex}`,
  `mtproxy://proxy.example:443?secret=ee${hex}${'61'.repeat(183)}`,
  `mtproxy://proxy.example?secret=${hex}`,
])('%s is refused by the name of the setting, and not shown', (text) => {
  const read = () => readConfig({ TELEGRAM_PROXY: proxySetting }, { TELEGRAM_PROXY: text }, 'SEND_TEXT');
  expect(read).toThrow(/^a setting is wrong: TELEGRAM_PROXY takes socks5:.*mtproxy:.*t\.me\/proxy[^']*$/);
  expect(read).not.toThrow(/0011|ABEi|password@proxy/);
});

describe('an error of a proxy', () => {
  it.each([
    ['unreachable', 'the proxy proxy.example:443 cannot be reached (why)'],
    ['user', 'the proxy proxy.example:443 refused the user and password (why)'],
    ['secret', 'the proxy proxy.example:443 refused the secret (why)'],
    ['onward', 'the proxy proxy.example:443 does not reach Telegram (why)'],
  ] as const)('says what is at fault (%s), and none of its secrets', (fault, words) => {
    for (const proxy of [signedIn, within]) {
      const { message } = new ProxyError(proxy, fault, 'why');
      expect(message.startsWith(words)).toBe(true);
      expect(message).toContain('TELEGRAM_PROXY');
      expect(message).not.toMatch(/a:b|me@home|0011/);
    }
  });

  it('is found behind the errors that came of it', () => {
    const error = new ProxyError(socks, 'user', '');
    expect(proxyErrorOf(new Error('a', { cause: new Error('b', { cause: error }) }))).toBe(error);
    expect(proxyErrorOf(new Error('a'))).toBeUndefined();
  });
});
