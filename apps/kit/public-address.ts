/**
 * Which addresses a stranger's URL may lead to. Only what is plainly on the public internet is let through, so that
 * a range nobody thought of is refused as well; checked names are resolved once, and what was checked is connected to.
 */
import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { shortened } from './shorten.ts';

/** Finds all addresses of a host name. */
export type Resolve = (hostname: string) => Promise<LookupAddress[]>;

/** A host that is, or has among its addresses, one that is not public. */
export class PrivateAddress extends Error {
  override name = 'PrivateAddress';
  readonly code = 'EPRIVATE';
}

/** 2000::/3, the only part of IPv6 that is given out. */
const givenOutIpv6 = ipaddr.IPv6.parse('2000::');
/** Ranges that lead on to an IPv4 address written inside, or are for private use, whatever a library calls them. */
const furtherIpv6 = ['64:ff9b:1::/48', '2002::/16', '2001::/23', '3fff::/20'].map((range) =>
  ipaddr.IPv6.parseCIDR(range),
);

/** Whether an IP address, as text, is on the public internet. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast') return false;
  if (parsed instanceof ipaddr.IPv4) return true;
  if (parsed.zoneId) return false;
  return parsed.match(givenOutIpv6, 3) && !furtherIpv6.some((range) => parsed.match(range));
}

/** Asks the system, as every other program on the machine does. */
export const resolveBySystem: Resolve = (hostname) =>
  new Promise((resolve, reject) => {
    systemLookup(hostname, { all: true }, (error, addresses) => (error ? reject(error) : resolve(addresses)));
  });

/** Whether an address may be connected to. */
export type IsAllowed = (address: string) => boolean;

/** A URL's host is not looked up when it is an address itself. @throws PrivateAddress when that is not allowed */
export function checkLiteral({ hostname }: URL, isAllowed: IsAllowed): void {
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  if (isIP(host) !== 0 && !isAllowed(host)) throw refused(host, host);
}

/** For the `lookup` option of a connection, which then uses no other addresses than those found and checked here. */
export function checkedLookup(resolve: Resolve, isAllowed: IsAllowed): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname).then(
      (addresses) => {
        const bad = addresses.find(({ address }) => !isAllowed(address));
        const [first] = addresses;
        if (bad) callback(refused(hostname, bad.address), '');
        else if (!first) callback(new Error(`${shortened(hostname)} has no address`), '');
        else if (options.all) callback(null, addresses);
        else callback(null, first.address, first.family);
      },
      (error: Error) => callback(error, ''),
    );
  };
}

function refused(host: string, address: string): PrivateAddress {
  const name = shortened(host);
  const what = host === address ? `${name} is an address` : `${name} leads to ${address}, an address`;
  return new PrivateAddress(`${what} that is not on the public internet`);
}
