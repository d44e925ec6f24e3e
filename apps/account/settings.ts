/** Whom to sign in and where: the settings that the gateways have too. */
import { gatewaySettings, wayOutOf } from '../gateway/settings.ts';
import type { WayOut } from '../gateway/telegram/mtproto/transport.ts';
import { readServerKey } from '../gateway/telegram/library/server-key.ts';
import type { DataCentre } from '../gateway/telegram/sign-in.ts';
import { ConfigError, readConfig } from '../kit/config.ts';
import type { Environment } from '../kit/environment.ts';

export interface AccountSettings {
  readonly apiId: number;
  readonly apiHash: string;
  readonly accountName: string;
  readonly dataDir: string;
  /** Where signing in begins; Telegram sends the account on from there. */
  readonly home: DataCentre;
  readonly wayOut: WayOut;
  /** PEM of a key other than Telegram's own. */
  readonly publicKey: string | undefined;
  readonly logLevel: string;
}

/** One of Telegram's own, from its documentation of test and production data centres. */
const telegram: DataCentre = { dcId: 2, host: '149.154.167.51', port: 443 };

/** @throws ConfigError naming every setting that is wrong or missing */
export function readAccountSettings(env: Environment): AccountSettings {
  const { TELEGRAM_API_ID, TELEGRAM_API_HASH, TELEGRAM_ACCOUNT, TELEGRAM_DC, ...all } = gatewaySettings(0);
  const wanted = { TELEGRAM_API_ID, TELEGRAM_API_HASH, TELEGRAM_ACCOUNT, TELEGRAM_DC };
  const { DATA_DIR, LOG_LEVEL, TELEGRAM_DC_PUBLIC_KEY_FILE, TELEGRAM_PROXY, TELEGRAM_TRANSPORT } = all;
  const where = { TELEGRAM_DC_PUBLIC_KEY_FILE, TELEGRAM_PROXY, TELEGRAM_TRANSPORT };
  const config = readConfig({ ...wanted, ...where, DATA_DIR, LOG_LEVEL }, env, 'ACCOUNT');
  const keyFile = config.TELEGRAM_DC_PUBLIC_KEY_FILE;
  const isSandbox = keyFile !== undefined;
  const apiId = config.TELEGRAM_API_ID ?? (isSandbox ? 1 : undefined);
  const apiHash = config.TELEGRAM_API_HASH ?? (isSandbox ? '0'.repeat(32) : undefined);
  if (apiId === undefined || apiHash === undefined) {
    throw new ConfigError([
      'TELEGRAM_API_ID and TELEGRAM_API_HASH are required: get them at my.telegram.org',
    ]);
  }
  return {
    apiId,
    apiHash,
    accountName: config.TELEGRAM_ACCOUNT,
    dataDir: config.DATA_DIR,
    home: homeOf(config.TELEGRAM_DC),
    wayOut: wayOutOf(config),
    publicKey: keyFile === undefined ? undefined : readKey(keyFile),
    logLevel: config.LOG_LEVEL,
  };
}

/** Where signing in begins: at TELEGRAM_DC, where that is set. */
export function homeOf(address: string | undefined): DataCentre {
  if (address === undefined) return telegram;
  const [, host, port] = /^\[?(.+?)\]?:(\d+)$/.exec(address)!;
  return { dcId: 2, host: host!, port: Number(port) };
}

function readKey(file: string): string {
  try {
    return readServerKey(file);
  } catch (error) {
    throw new ConfigError([(error as Error).message]);
  }
}
