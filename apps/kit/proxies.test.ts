import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { createOriginOf, proxiesSetting } from './proxies.ts';

function request(remoteAddress: string, headers: Record<string, string>): IncomingMessage {
  return { socket: { remoteAddress }, headers } as unknown as IncomingMessage;
}

describe('the origin of a request', () => {
  const originOf = createOriginOf(['127.0.0.1', '10.0.0.0/8', 'fd00::/8']);

  it.each([
    ['is the connection, when that is no proxy', '203.0.113.9', '198.51.100.1', '203.0.113.9'],
    ['is what a proxy says', '127.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['over IPv4 in IPv6', '::ffff:127.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['is what the first of two proxies says', '127.0.0.1', '6.6.6.6, 198.51.100.1, 10.1.2.3', '198.51.100.1'],
    ['with a port', '127.0.0.1', '198.51.100.1:4711', '198.51.100.1'],
    ['by IPv6 with a port', 'fd00::1', '[2001:db8::1]:4711', '2001:db8::1'],
    ['is the last proxy before nonsense', '127.0.0.1', 'unknown, 10.1.2.3', '10.1.2.3'],
    ['is the proxy, when it says nothing', '127.0.0.1', '', '127.0.0.1'],
  ])('%s', (_, remote, forwarded, address) => {
    expect(originOf(request(remote, { 'x-forwarded-for': forwarded })).address).toBe(address);
  });

  it('has the protocol of a proxy that is trusted, and of no other', () => {
    const headers = { 'x-forwarded-proto': 'https' };
    expect(originOf(request('127.0.0.1', headers)).proto).toBe('https');
    expect(originOf(request('203.0.113.9', headers)).proto).toBe('http');
    expect(originOf(request('127.0.0.1', { 'x-forwarded-proto': 'gopher' })).proto).toBe('http');
  });

  it.each(['10.0.0.0/33', 'proxy', '1.2.3', '::1/129', ''])('takes no proxy %j', (raw) => {
    expect(proxiesSetting.parse(raw)).toBeUndefined();
  });
});
