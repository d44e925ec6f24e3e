/** Where a request really comes from: the headers of a reverse proxy count only when it is one we were told of. */
import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import { list } from './config.ts';

export interface Origin {
  readonly address: string;
  readonly proto: 'http' | 'https';
}

/** Addresses and networks. */
export const networksSetting = list(
  'addresses and networks separated by commas, for example 127.0.0.1, 10.0.0.0/8',
  (raw) => (parseNetwork(raw) ? raw : undefined),
);

/** Addresses and networks of reverse proxies. */
export const proxiesSetting = networksSetting;

/** Tells whether an address is in one of these networks. */
export function createIsWithin(networks: readonly string[]): (address: string) => boolean {
  const blocks = new BlockList();
  for (const { address, bits, family } of networks.map((network) => parseNetwork(network)!)) {
    blocks.addSubnet(address, bits, family);
  }
  return (address) => isIP(address) !== 0 && blocks.check(address, familyOf(address));
}

/** Tells the origin of requests; behind several trusted proxies it is the first address that none of them has. */
export function createOriginOf(proxies: readonly string[]): (request: IncomingMessage) => Origin {
  const isTrusted = createIsWithin(proxies);
  return (request) => {
    let address = plain(request.socket.remoteAddress ?? '');
    const isForwarded = isTrusted(address);
    const hops = headerList(request.headers['x-forwarded-for']);
    while (isTrusted(address) && hops.length > 0) {
      const hop = plain(hops.pop()!);
      if (isIP(hop) === 0) break;
      address = hop;
    }
    const proto = isForwarded ? headerList(request.headers['x-forwarded-proto']).at(-1) : undefined;
    return { address, proto: proto === 'https' ? 'https' : 'http' };
  };
}

function headerList(value: string | string[] | undefined): string[] {
  const parts = (Array.isArray(value) ? value.join(',') : (value ?? '')).split(',');
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

/** Without port and brackets; an IPv4 address that came over IPv6 as IPv4. */
function plain(address: string): string {
  const bare = /^\[(.+)\](?::\d+)?$/.exec(address)?.[1] ?? address.replace(/^([\d.]+):\d+$/, '$1');
  return bare.replace(/^::ffff:(?=\d+\.)/i, '');
}

function parseNetwork(raw: string) {
  const [, address = '', bits] = /^([\d.a-f:]+)(?:\/(\d{1,3}))?$/i.exec(raw) ?? [];
  const version = isIP(address);
  const most = version === 4 ? 32 : 128;
  const length = bits === undefined ? most : Number(bits);
  return version === 0 || length > most ? undefined : { address, bits: length, family: familyOf(address) };
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 4 ? 'ipv4' : 'ipv6';
}
