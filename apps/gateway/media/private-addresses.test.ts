/** Every way of writing or reaching an address that is not public: refused, and nothing in there is ever connected to. */
import { buffer } from 'node:stream/consumers';
import { beforeAll, describe, expect, it } from 'vitest';
import { shared } from '../../testkit/when-done.ts';
import { fetchUrl, type FetchRules } from './fetch-url.ts';
import { isPublicAddress } from '../../kit/public-address.ts';
import { serve } from './testing/servers.ts';

const privateIpv4 = [
  ...['0.0.0.0', '10.0.0.1', '10.255.255.255', '100.64.0.1', '127.0.0.1', '127.255.255.254'],
  ...['169.254.169.254', '169.254.170.2', '172.16.0.1', '172.31.255.255', '192.0.0.192', '192.168.0.1'],
  ...['198.18.0.1', '224.0.0.1', '240.0.0.1', '255.255.255.255'],
];
const privateIpv6 = [
  '::',
  '::1',
  'fc00::1',
  'fd00:ec2::254',
  'fe80::1',
  'fec0::1',
  'ff02::1',
  '100::1',
  '2001:db8::1',
  '5f00::1',
];

/** The address as programs, browsers and tunnels may write it. */
function spellingsOf(address: string): string[] {
  const bytes = address.split('.').map(Number);
  const [a, b, c, d] = bytes as [number, number, number, number];
  const whole = ((a * 256 + b) * 256 + c) * 256 + d;
  const hex = (value: number) => `0x${value.toString(16)}`;
  const octal = (value: number) => `0${value.toString(8)}`;
  const pair = (high: number, low: number) => (high * 256 + low).toString(16);
  const inner = `${pair(a, b)}:${pair(c, d)}`;
  return [
    ...[address, `${address}.`, String(whole), hex(whole), octal(whole)],
    ...[bytes.map(hex).join('.'), bytes.map(octal).join('.'), `${hex(a)}.${octal(b)}.${c}.${d}`],
    ...[
      `${a}.${(b * 256 + c) * 256 + d}`,
      `${a}.${b}.${c * 256 + d}`,
      bytes.map((byte) => `00${octal(byte)}`).join('.'),
    ],
    ...[
      address.replaceAll('.', '。'),
      address.replaceAll('.', '%2e'),
      address.replace(/\d/g, (digit) => '０１２３４５６７８９'[Number(digit)]!),
    ],
    ...[
      `[::ffff:${inner}]`,
      `[::ffff:${address}]`,
      `[::${inner}]`,
      `[::ffff:0:${inner}]`,
      `[0:0:0:0:0:ffff:${inner}]`,
    ],
    ...[
      `[64:ff9b::${inner}]`,
      `[64:ff9b:1::${inner}]`,
      `[2002:${inner}::]`,
      `[2002:${inner}::1]`,
      `[2001::${inner}]`,
    ],
    ...[
      `[2001:0:${inner}::1]`,
      `[fe80::5efe:${inner}]`,
      `public.example@${address}`,
      `public.example:80@${address}`,
    ],
  ];
}

const written = [...privateIpv4.flatMap(spellingsOf), ...privateIpv6.map((address) => `[${address}]`)];
const outOfReach = (hostname: string) => Promise.reject(new Error(`${hostname} was looked up`));
const get = (url: string, rules: Partial<FetchRules>) =>
  fetchUrl(
    'media',
    url,
    { maxBytes: 1000, isAllowed: isPublicAddress, resolve: outOfReach, ...rules },
    buffer,
    AbortSignal.timeout(20_000),
  );

describe('a private address', () => {
  let url: string;
  let port: string;
  let visits = 0;
  let redirect: string | undefined;
  beforeAll(
    shared(async (whenDone) => {
      url = await serve((request, response) => {
        if (request.url === '/out') return void response.writeHead(302, { location: redirect }).end();
        visits += 1;
        response.end('secret');
      }, whenDone);
      ({ port } = new URL(url));
    }),
  );
  const refusal = { class: expect.stringMatching(/media_invalid|bad_request/) as string };

  it(`is refused in ${written.length} spellings, none of which is looked up`, async () => {
    for (const host of written) {
      const answer = await get(`http://${host}:${port}/`, {}).catch((error: unknown) => error);
      expect(answer, host).toMatchObject({
        ...refusal,
        message: expect.not.stringContaining('looked up') as string,
      });
    }
    expect(visits).toBe(0);
  });

  it('is refused where a redirect leads to it', async () => {
    // The server that redirects counts as public; what it redirects to does not.
    const isAllowed = (address: string) => address === '127.0.0.1' || isPublicAddress(address);
    for (const host of written.filter((each) => !isServer(each))) {
      redirect = Buffer.from(`//${host}:${port}/`).toString('latin1');
      const answer = await get(`${url}/out`, { isAllowed }).catch((error: unknown) => error);
      expect(answer, host).toMatchObject(refusal);
    }
    for (const elsewhere of [
      'file:///etc/passwd',
      'gopher://127.0.0.1:70/',
      'ftp://127.0.0.1/',
      'data:,x',
      'unix:/run/docker.sock',
    ]) {
      redirect = elsewhere;
      await expect(get(`${url}/out`, { isAllowed })).rejects.toMatchObject(refusal);
    }
    expect(visits).toBe(0);
  });

  it('is refused among the public addresses of a name, wherever it stands', async () => {
    const plain = [...privateIpv4, ...privateIpv6, ...privateIpv4.map((each) => `::ffff:${each}`)];
    for (const address of plain)
      for (const found of [
        [address],
        ['8.8.8.8', address],
        [address, '8.8.8.8'],
        ['1.1.1.1', '8.8.8.8', address],
      ]) {
        const addresses = found.map((each) => ({ address: each, family: each.includes(':') ? 6 : 4 }));
        const answer = get(`http://media.example:${port}/`, { resolve: () => Promise.resolve(addresses) });
        await expect(answer, found.join()).rejects.toMatchObject(refusal);
      }
    expect(visits).toBe(0);
  });

  it('is never reached by a name that changes its address with each look-up', async () => {
    // 127.0.0.9 counts as public here; nobody listens on it.
    let lookups = 0;
    let checked: string[] = [];
    const isAllowed = (address: string) => {
      checked.push(address);
      return address === '127.0.0.9';
    };
    for (let round = 0; round < 300; round++) {
      checked = [];
      const before = lookups;
      const resolve = () => {
        lookups += 1;
        return Promise.resolve([
          { address: lookups % 2 === round % 2 ? '127.0.0.1' : '127.0.0.9', family: 4 },
        ]);
      };
      await expect(get(`http://media.example:${port}/`, { isAllowed, resolve })).rejects.toMatchObject(
        refusal,
      );
      expect([lookups - before, checked.length]).toEqual([1, 1]);
    }
    expect(visits).toBe(0);
  });
});

/** Whether it is the one address that the redirecting server has. */
function isServer(host: string): boolean {
  return URL.parse(`http://${host}/`)?.hostname === '127.0.0.1';
}
