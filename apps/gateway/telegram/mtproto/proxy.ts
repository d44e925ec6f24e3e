/**
 * Proxies on the way to Telegram: how TELEGRAM_PROXY names one, and what goes wrong at one, in words that keep its
 * secrets. Takes the links that proxies are passed on by, too (core.telegram.org/api/links#mtproxy-links).
 */
import type { Setting } from '../../../kit/config.ts';
import { reason, sentence } from '../../../kit/reason.ts';
import type { Standing } from '../../model/standing.ts';

interface At {
  readonly host: string;
  readonly port: number;
}

export interface Socks5 extends At {
  readonly kind: 'socks5';
  readonly user: string | undefined;
  readonly password: string | undefined;
}

export interface MtProxy extends At {
  readonly kind: 'mtproxy';
  /** The 16 bytes that both sides know. */
  readonly secret: Buffer;
  /** Whether the proxy asks for padded frames. */
  readonly isPadded: boolean;
  /** The site that a connection pretends to go to, where the proxy wants that. */
  readonly domain: string | undefined;
}

export type Proxy = Socks5 | MtProxy;

export const proxyFaults = ['unreachable', 'user', 'secret', 'onward'] as const;
export type ProxyFault = (typeof proxyFaults)[number];

/** The proxy is at fault, and nothing has been said to Telegram. */
export class ProxyError extends Error {
  override name = 'ProxyError';
  readonly fault: ProxyFault;
  readonly standing: Standing;

  /** @param why as the system or the proxy says it */
  constructor({ host, port }: Proxy, fault: ProxyFault, why: string) {
    const address = `${host.includes(':') ? `[${host}]` : host}:${port}`;
    const values = { cause: fault, error: why.replace(/[;()]/g, ','), address };
    const standing: Standing = { state: 'proxy_failed', reason: reason(`proxy_${fault}`, values) };
    super(sentence(standing.reason));
    this.fault = fault;
    this.standing = standing;
  }
}

/** The error of a proxy that another error came of. */
export function proxyErrorOf(error: unknown): ProxyError | undefined {
  if (error instanceof ProxyError) return error;
  return error instanceof Error && error.cause !== undefined ? proxyErrorOf(error.cause) : undefined;
}

export const proxySetting: Setting<Proxy | undefined> = {
  takes:
    'socks5://[user:password@]host:port, mtproxy://host:port?secret=…, or a link to a proxy such as ' +
    'https://t.me/proxy?server=…&port=…&secret=…; a secret is 16 bytes, dd and 16 bytes, or ee, 16 bytes and a ' +
    'domain, in hexadecimal or base64',
  fallback: undefined,
  parse: parseProxy,
  secret: true,
};

/** The proxy, or undefined where the text names none. */
export function parseProxy(text: string): Proxy | undefined {
  const url = URL.parse(text.trim().replace(/^(?=t(elegram)?\.me\/)/, 'https://'));
  if (!url) return undefined;
  const { searchParams: given } = url;
  switch (linkOf(url) ?? url.protocol) {
    case 'socks5:':
    case 'socks5h:':
      return socks5(url.hostname, url.port, decoded(url.username), decoded(url.password));
    case 'mtproxy:':
      return mtProxy(url.hostname, url.port, given.get('secret'));
    case 'socks':
      return socks5(given.get('server'), given.get('port'), given.get('user'), given.get('pass'));
    case 'proxy':
      return mtProxy(given.get('server'), given.get('port'), given.get('secret'));
    default:
      return undefined;
  }
}

/** What a link of Telegram's is to; undefined for any other URL. */
function linkOf({ protocol, host, pathname }: URL): string | undefined {
  if (protocol === 'tg:') return host || pathname;
  return ['t.me', 'telegram.me', 'telegram.dog'].includes(host) ? pathname.slice(1) : undefined;
}

function at(host: string | null, port: string | null): At | undefined {
  const bare = (host ?? '').replace(/^\[(.+)\]$/, '$1');
  const number = Number(port || NaN);
  return /^[\w.:-]+$/.test(bare) && Number.isInteger(number) && number > 0 && number < 65_536
    ? { host: bare, port: number }
    : undefined;
}

function socks5(
  host: string | null,
  port: string | null,
  user: string | null | undefined,
  password: string | null | undefined,
): Socks5 | undefined {
  const place = at(host, port);
  const isShort = [user, password].every((each) => Buffer.byteLength(each ?? '') < 256);
  const isWhole = user !== undefined && password !== undefined && (!password || user);
  if (!place || !isShort || !isWhole) return undefined;
  return { kind: 'socks5', ...place, user: user || undefined, password: password || undefined };
}

/** Undefined where the percent signs of a URL stand for nothing. */
function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}

const secretBytes = 16;
/** A longer one would not fit into the beginning of TLS. */
const longestDomain = 182;

function mtProxy(host: string | null, port: string | null, text: string | null): MtProxy | undefined {
  const place = at(host, port);
  const bytes = bytesOf(text ?? '');
  if (!place || !bytes) return undefined;
  const [first] = bytes;
  if (bytes.length === secretBytes)
    return { kind: 'mtproxy', ...place, secret: bytes, isPadded: false, domain: undefined };
  const secret = bytes.subarray(1, 1 + secretBytes);
  const domain = bytes.toString('latin1', 1 + secretBytes);
  const isPadded = first === 0xdd && domain === '';
  const isTls = first === 0xee && domain.length <= longestDomain && /^[\w.-]+$/.test(domain);
  if (!isPadded && !isTls) return undefined;
  return { kind: 'mtproxy', ...place, secret, isPadded: true, domain: domain || undefined };
}

/** Hexadecimal where it can be that, or else base64 of either alphabet; a + of a link arrives as a space. */
function bytesOf(text: string): Buffer | undefined {
  if (/^([0-9a-f]{2})+$/i.test(text)) return Buffer.from(text, 'hex');
  return /^[\w+/ -]+={0,2}$/.test(text) ? Buffer.from(text.replaceAll(' ', '+'), 'base64') : undefined;
}
