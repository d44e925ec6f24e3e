import type { LookupAddress } from 'node:dns';
import { describe, expect, it } from 'vitest';
import { checkLiteral, isPublicAddress, checkedLookup } from './public-address.ts';

describe('isPublicAddress', () => {
  it.each([
    ...['0.0.0.0', '10.1.2.3', '100.64.0.1', '127.0.0.1', '127.255.0.1', '169.254.169.254', '172.16.0.1'],
    ...['192.0.0.1', '192.0.2.1', '192.168.1.1', '198.18.0.1', '198.51.100.1', '203.0.113.1', '224.0.0.1'],
    ...['240.0.0.1', '255.255.255.255', '::', '::1', '::127.0.0.1', '::ffff:127.0.0.1', '::ffff:8.8.8.8'],
    ...['::ffff:0:127.0.0.1', '64:ff9b::7f00:1', '64:ff9b::808:808', '64:ff9b:1::a00:1', '100::1'],
    ...[
      '2001::1',
      '2001:db8::1',
      '2002:7f00:1::',
      '3fff::1',
      'fc00::1',
      'fd12::1',
      'fe80::1',
      'fe80::1%eth0',
    ],
    ...['fec0::1', 'ff02::1', '5f00::1', '4000::1', '2606:4700::1111%1', 'localhost', ''],
  ])('refuses %s', (address) => expect(isPublicAddress(address)).toBe(false));

  it.each(['1.1.1.1', '8.8.8.8', '149.154.167.99', '172.32.0.1', '2606:4700::1111', '2a00:1450:4001::1'])(
    'takes %s',
    (address) => expect(isPublicAddress(address)).toBe(true),
  );
});

describe('checkLiteral', () => {
  it.each([
    'http://127.0.0.1/',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://0177.0.0.1/',
    'http://[::1]/',
  ])('refuses %s, however the address is written', (url) =>
    expect(() => checkLiteral(new URL(url), isPublicAddress)).toThrow(
      'is an address that is not on the public internet',
    ),
  );

  it('leaves names to the lookup', () => checkLiteral(new URL('http://media.example/'), isPublicAddress));
});

describe('checkedLookup', () => {
  const look = (addresses: string[], all: boolean) =>
    new Promise<unknown>((resolve, reject) => {
      const found = addresses.map((address): LookupAddress => ({ address, family: 4 }));
      checkedLookup(() => Promise.resolve(found), isPublicAddress)(
        'media.example',
        { all },
        (error, address) => (error ? reject(error) : resolve(address)),
      );
    });

  it('gives what it checked', async () => {
    expect(await look(['8.8.8.8', '1.1.1.1'], false)).toBe('8.8.8.8');
    expect(await look(['8.8.8.8', '1.1.1.1'], true)).toMatchObject([
      { address: '8.8.8.8' },
      { address: '1.1.1.1' },
    ]);
  });

  it('refuses a name with one private address among its public ones', async () => {
    await expect(look(['8.8.8.8', '10.0.0.5'], true)).rejects.toThrow('media.example leads to 10.0.0.5');
  });

  it('refuses a name without addresses', async () => {
    await expect(look([], false)).rejects.toThrow('media.example has no address');
  });
});
