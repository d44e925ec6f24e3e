/** The settings of a gateway, and what follows from several of them together. */
import * as setting from '../kit/config.ts';
import { ConfigError, readConfig, type Config } from '../kit/config.ts';
import type { Environment } from '../kit/environment.ts';
import { hostsSetting, isLoopback } from '../kit/guard.ts';
import { logLevelSetting } from '../kit/log.ts';
import { callbackSettings } from './callbacks/settings.ts';
import { parseModeOf, parseModeTakes, type ParseMode } from './formatting/modes.ts';
import { httpSettings } from './http/settings.ts';
import { mediaSettings } from './media/settings.ts';
import { outboxSettings } from './outbox/settings.ts';
import { pacingSettings } from './pacing/settings.ts';
import type { Realm } from './storage/sqlite/data-owner.ts';
import type { WayOut } from './telegram/mtproto/transport.ts';
import { proxySetting } from './telegram/mtproto/proxy.ts';
import { readServerKey } from './telegram/library/server-key.ts';
import { parseSession, type Session } from './telegram/session.ts';
import { readSessionFile, sessionFile, type ServiceName } from './telegram/session-file.ts';

/** One table for both gateways; only the port differs. */
export function gatewaySettings(defaultPort: number) {
  return {
    HOST: setting.text(
      '127.0.0.1',
      'an address of this machine to listen on, for example 127.0.0.1',
      /^[\w.:-]+$/,
    ),
    PORT: setting.port(defaultPort),
    ALLOWED_HOSTS: hostsSetting,
    ALLOW_UNAUTHENTICATED: setting.flag(false),
    ...httpSettings,
    ...outboxSettings,
    DATA_DIR: setting.text('./data', 'a folder for the database, spooled media and sessions'),
    LOG_LEVEL: logLevelSetting,
    TELEGRAM_API_ID: apiId,
    TELEGRAM_API_HASH: setting.secret('32 hexadecimal digits from my.telegram.org', /^[0-9a-f]{32}$/i),
    TELEGRAM_ACCOUNT: setting.text(
      'main',
      'a name of letters, digits, - and _, for example main',
      /^[\w-]{1,32}$/,
    ),
    TELEGRAM_SESSION: setting.secret(
      'a session string of GramJS or Telethon, as npm run login makes it',
      /^1[\w+/=-]+$/,
    ),
    TELEGRAM_DC: setting.text(
      undefined,
      'host:port of data centre 2, for example 127.0.0.1:4430; a session of another one keeps its own address',
      /^.+:\d{1,5}$/,
    ),
    TELEGRAM_DC_PUBLIC_KEY_FILE: setting.text(
      undefined,
      'the path of a PEM file with the RSA key of TELEGRAM_DC',
    ),
    TELEGRAM_PROXY: proxySetting,
    TELEGRAM_TRANSPORT: setting.oneOf(['obfuscated', 'plain'], 'obfuscated'),
    DEFAULT_PARSE_MODE: {
      takes: `one of ${parseModeTakes}`,
      fallback: 'none' as ParseMode,
      parse: parseModeOf,
    },
    WARM_INTERVAL_S: setting.integer(1800, 60, 604_800, 'seconds between walks over the dialogs'),
    PROBE_INTERVAL_S: setting.integer(
      60,
      10,
      3600,
      'seconds without an answer of Telegram after which the session is asked for',
    ),
    LOOKUPS_PER_MIN: setting.integer(5, 0, 60, 'lookups of names a minute'),
    LOOKUPS_PER_DAY: setting.integer(50, 0, 1000, 'lookups of names a day'),
    NAME_MAX_AGE_H: setting.integer(24, 1, 8760, 'hours after which the owner of a name is asked for again'),
    ...pacingSettings,
    SEND_CONCURRENCY: setting.integer(64, 1, 512, 'how many chats are sent to at the same time'),
    ...mediaSettings,
    ...callbackSettings,
  };
}

const apiId: setting.Setting<number | undefined> = {
  takes: 'the number my.telegram.org calls api_id, for example 12345',
  fallback: undefined,
  parse: (raw) => (/^[1-9]\d{0,9}$/.test(raw) ? Number(raw) : undefined),
};

/** The settings by themselves. */
export type Raw = Config<ReturnType<typeof gatewaySettings>>;

/** Where to connect and as whom. */
export interface Endpoint {
  readonly realm: Realm;
  readonly apiId: number;
  readonly dcId: number;
  readonly host: string;
  readonly port: number;
  readonly wayOut: WayOut;
  readonly authKey: Buffer | undefined;
  /** PEM of a key that is not Telegram's own. */
  readonly publicKey: string | undefined;
}

export type GatewayConfig = Raw & { readonly endpoint: Endpoint };

/** What `problems` says where nothing else is amiss. */
export const noSession = 'there is no session: npm run login makes one for each gateway';

/**
 * Reads and checks all settings of a gateway.
 * @throws ConfigError naming each setting that is wrong or missing
 */
export function readGatewayConfig(
  env: Environment,
  service: ServiceName,
  defaultPort: number,
): GatewayConfig {
  const { raw, endpoint, problems } = inspectGatewayConfig(env, service, defaultPort);
  if (problems.length > 0 || !endpoint) throw new ConfigError(problems);
  return Object.freeze({ ...raw, endpoint });
}

/**
 * The settings as far as they are there, and what is wrong with several of them together.
 * @throws ConfigError naming each setting that is wrong by itself
 */
export function inspectGatewayConfig(
  env: Environment,
  service: ServiceName,
  defaultPort: number,
): { readonly raw: Raw; readonly endpoint: Endpoint | undefined; readonly problems: readonly string[] } {
  const raw = readConfig(gatewaySettings(defaultPort), env, service.toUpperCase().replace('-', '_'));
  const problems: string[] = [];
  if (!isLoopback(raw.HOST) && raw.API_TOKENS.length === 0 && !raw.ALLOW_UNAUTHENTICATED) {
    problems.push(
      `HOST ${raw.HOST} lets anybody who reaches it send: set API_TOKENS, or HOST to 127.0.0.1, ` +
        'or ALLOW_UNAUTHENTICATED to true',
    );
  }
  return { raw, endpoint: readEndpoint(raw, service, problems), problems };
}

/** The session that is set, or else the one that `npm run login` left in DATA_DIR. */
function readEndpoint(raw: Raw, service: ServiceName, problems: string[]): Endpoint | undefined {
  const file = sessionFile(raw.DATA_DIR, raw.TELEGRAM_ACCOUNT, service);
  const value = raw.TELEGRAM_SESSION ?? readSessionFile(file);
  const session = value === undefined ? undefined : parseSession(value);
  if (value !== undefined && !session) {
    const name = raw.TELEGRAM_SESSION === undefined ? file : 'TELEGRAM_SESSION';
    problems.push(`${name} takes a whole session string of GramJS or Telethon; this one is damaged`);
  }
  if (value === undefined && raw.TELEGRAM_DC === undefined) {
    problems.push(noSession);
  }
  return raw.TELEGRAM_DC === undefined
    ? readTelegram(raw, session, problems)
    : readOther(raw, raw.TELEGRAM_DC, session, problems);
}

function readTelegram(raw: Raw, session: Session | undefined, problems: string[]): Endpoint | undefined {
  if (raw.TELEGRAM_API_ID === undefined)
    problems.push('TELEGRAM_API_ID is missing: get one at my.telegram.org');
  if (raw.TELEGRAM_API_HASH === undefined)
    problems.push('TELEGRAM_API_HASH is missing: get one at my.telegram.org');
  if (!session || raw.TELEGRAM_API_ID === undefined) return undefined;
  const wayOut = wayOutOf(raw);
  return { realm: 'telegram', apiId: raw.TELEGRAM_API_ID, publicKey: undefined, wayOut, ...session };
}

/** The data centre that TELEGRAM_DC names, where accounts of other ones are sent on from. */
const namedDcId = 2;

function readOther(
  raw: Raw,
  dc: string,
  session: Session | undefined,
  problems: string[],
): Endpoint | undefined {
  const [, host, port] = /^\[?(.+?)\]?:(\d+)$/.exec(dc)!;
  // A key is only known to its own data centre.
  const isElsewhere = session !== undefined && session.dcId !== namedDcId;
  const address = isElsewhere
    ? { host: session.host, port: session.port }
    : { host: host!, port: Number(port) };
  const publicKey = readPublicKey(raw.TELEGRAM_DC_PUBLIC_KEY_FILE, problems);
  return {
    // Telegram's own keys are not configured, so whoever names a key speaks to something else.
    realm: publicKey === undefined ? 'telegram' : 'sandbox',
    apiId: raw.TELEGRAM_API_ID ?? 1,
    dcId: session?.dcId ?? namedDcId,
    ...address,
    wayOut: wayOutOf(raw),
    authKey: session?.authKey,
    publicKey,
  };
}

/** How connections leave this machine, for whoever has these settings. */
export function wayOutOf({
  TELEGRAM_PROXY: proxy,
  TELEGRAM_TRANSPORT: transport,
}: Pick<Raw, 'TELEGRAM_PROXY' | 'TELEGRAM_TRANSPORT'>): WayOut {
  return { proxy, isObfuscated: transport === 'obfuscated' };
}

function readPublicKey(file: string | undefined, problems: string[]): string | undefined {
  if (file === undefined) return undefined;
  try {
    return readServerKey(file);
  } catch (error) {
    problems.push((error as Error).message);
  }
  return undefined;
}
