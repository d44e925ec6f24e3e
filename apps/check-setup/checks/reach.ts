/**
 * How each data centre is reached, by a key exchange at every address it names, and what time it has: the gateway's own
 * way to connect, with no session opened.
 */
import { isIPv6 } from 'node:net';
import { open } from '../../account/gateway-sessions.ts';
import { askServerConfig, noConfig } from '../../gateway/telegram/server-config.ts';
import type { Link } from '../../gateway/telegram/link.ts';
import type { Address } from '../../gateway/telegram/mtproto/dial.ts';
import { createLogger } from '../../kit/log.ts';
import { fail, ok, warn, type Finding } from '../finding.ts';
import type { Setup } from '../setup.ts';
import { linkSettings, placeOf, type Place } from '../telegram.ts';

const check = 'data centre';
const pingMs = 10_000;
const mostAddresses = 8;
const clockToleranceS = 30;
const silent = createLogger('check-setup', 'silent');

export async function checkReach({ gateways }: Setup): Promise<readonly Finding[]> {
  const places = new Map<string, Place>();
  for (const gateway of gateways) {
    const place = placeOf(gateway);
    if (place) places.set(where(place, place), place);
  }
  const found = await Promise.all([...places.values()].map(reachAll));
  return found.flat();
}

/** The address that a gateway begins with must answer; the others, which the data centre names, should. */
async function reachAll(place: Place): Promise<Finding[]> {
  const first = await reach(place, place);
  if ('why' in first) return [fail(check, unreached(place, place, first.why))];
  const { link, ms, aheadS } = first;
  try {
    const others = await otherAddresses(link, place);
    const further = await Promise.all(others.map((address) => reachOther(place, address)));
    return [ok(check, reached(place, place, ms)), ...further, clockOf(aheadS)];
  } finally {
    link.close();
  }
}

async function otherAddresses(link: Link, place: Place): Promise<readonly Address[]> {
  const { apiId, dcId, wayOut } = place;
  // An MTProxy chooses the address itself.
  if (apiId === undefined || wayOut.proxy?.kind === 'mtproxy') return [];
  const { addresses } = await askServerConfig(link, { dcId, isPremium: false }, noConfig, silent);
  const named = new Map(addresses.map((address) => [`${address.host}:${address.port}`, address]));
  named.delete(`${place.host}:${place.port}`);
  return [...named.values()].slice(0, mostAddresses);
}

async function reachOther(place: Place, address: Address): Promise<Finding> {
  const tried = await reach(place, address);
  if (!('why' in tried)) {
    tried.link.close();
    return ok(check, reached(place, address, tried.ms));
  }
  // Without IPv6 here the addresses of it are of no use, and not needed.
  if (isIPv6(address.host))
    return ok(check, `${where(place, address)} cannot be reached: this machine has no IPv6, and needs none`);
  return warn(check, unreached(place, address, tried.why));
}

type Reached = { readonly link: Link; readonly ms: number; readonly aheadS: number };

/** A new key, and a ping by which the server tells its time. */
async function reach(place: Place, address: Address): Promise<Reached | { readonly why: string }> {
  const startedAt = performance.now();
  let link: Link | undefined;
  try {
    link = await open(linkSettings(place), { dcId: place.dcId, ...address }, undefined);
    const ms = performance.now() - startedAt;
    await link.ping(pingMs);
    return { link, ms, aheadS: Date.now() / 1000 - link.session.serverTimeS() };
  } catch (error) {
    link?.close();
    return { why: (error as Error).message };
  }
}

function clockOf(aheadS: number): Finding {
  const off = Math.abs(aheadS);
  const said = `this machine's is ${off.toFixed(1)} s ${aheadS < 0 ? 'behind' : 'ahead of'} the data centre's`;
  if (off <= clockToleranceS) return ok('clock', said);
  return fail(
    'clock',
    `${said}: run timedatectl set-ntp true, then check that timedatectl reports it as synchronized`,
  );
}

function where({ dcId, wayOut: { proxy } }: Place, { host, port }: Address): string {
  const way = proxy ? ` through the proxy ${proxy.host}:${proxy.port}` : '';
  return `data centre ${dcId} at ${host}:${port}${way}`;
}

function reached(place: Place, address: Address, ms: number): string {
  return `${where(place, address)} answers; a key exchange takes ${Math.round(ms)} ms`;
}

function unreached(place: Place, address: Address, why: string): string {
  if (place.wayOut.proxy) return `${where(place, address)} cannot be reached: ${why}`;
  return `${where(place, address)} cannot be reached (${why}): allow this machine to connect there, or set TELEGRAM_DC to an address that answers`;
}
