/**
 * What the server says about itself and the account: how long a text and how large a file may be, at which addresses the
 * data centre is reached, and whether the account is frozen. All of it is optional: a gateway that can send is not
 * kept from it by an answer that it lacks.
 */
import { Api } from 'telegram/tl/index.js';
import type { Logger } from '../../kit/log.ts';
import { sentence } from '../../kit/reason.ts';
import { isNotOffered, notOfferedReason, TelegramError } from '../model/telegram-error.ts';
import { GateClosed } from '../pacing/gates.ts';
import {
  defaultLimits,
  uploadPartBytes,
  type Freeze,
  type TelegramLimits,
} from '../model/telegram-limits.ts';
import type { Link } from './link.ts';
import type { Address } from './mtproto/dial.ts';

export interface ServerConfig {
  readonly limits: TelegramLimits;
  /** Where the data centre is reached, in the order to try; empty while the server has named none. */
  readonly addresses: readonly Address[];
  /** Where it takes files and nothing else; empty where it has no such address. */
  readonly mediaAddresses: readonly Address[];
  readonly freeze: Freeze | undefined;
  /** The version of the application's configuration, so that it is sent only when it changed. */
  readonly appConfigHash: number;
}

const callTimeoutMs = 15_000;

/** What is assumed before the server has answered. */
export const noConfig: ServerConfig = {
  limits: defaultLimits,
  addresses: [],
  mediaAddresses: [],
  freeze: undefined,
  appConfigHash: 0,
};

/**
 * Asks the server. What it refuses to say stays as it is `known`, and so does all while a gate is closed.
 * @throws Unreached, OutcomeUnknown
 */
export async function askServerConfig(
  link: Link,
  { dcId, isPremium }: { readonly dcId: number; readonly isPremium: boolean },
  known: ServerConfig,
  log: Logger,
): Promise<ServerConfig> {
  const config = await optional(link.call<Api.Config>(new Api.help.GetConfig(), callTimeoutMs), log);
  const told = config ? { ...known, ...readConfig(config, dcId, known) } : known;
  return askAppConfig(link, isPremium, told, log);
}

/** Asks for the part that may change while connected. @throws Unreached, OutcomeUnknown */
export async function askAppConfig(
  link: Link,
  isPremium: boolean,
  known: ServerConfig,
  log: Logger,
): Promise<ServerConfig> {
  const request = new Api.help.GetAppConfig({ hash: known.appConfigHash });
  const answer = await optional(link.call<Api.help.TypeAppConfig>(request, callTimeoutMs), log);
  return answer ? readAppConfig(answer, isPremium, known) : known;
}

async function optional<T>(asked: Promise<T>, log: Logger): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof TelegramError || error instanceof GateClosed)) throw error;
    if (error instanceof TelegramError && isNotOffered(error))
      log.info(`${sentence(notOfferedReason(error))}: the usual limits hold`);
    else log.warn({ err: error }, 'Telegram did not give its configuration: the last known one holds');
    return undefined;
  }
}

/** Reads help.getConfig's answer. */
export function readConfig(
  { messageLengthMax, dcOptions }: Pick<Api.Config, 'messageLengthMax' | 'dcOptions'>,
  dcId: number,
  { limits }: ServerConfig,
): Pick<ServerConfig, 'limits' | 'addresses' | 'mediaAddresses'> {
  return {
    limits: { ...limits, textLength: messageLengthMax || defaultLimits.textLength },
    addresses: addressesOf(dcOptions, dcId, false),
    mediaAddresses: addressesOf(dcOptions, dcId, true),
  };
}

/** The addresses of a data centre: IPv4 before IPv6, none that needs another protocol. */
export function addressesOf(
  options: readonly Api.TypeDcOption[],
  dcId: number,
  isForMedia: boolean,
): readonly Address[] {
  const fit = options.filter(
    ({ id, mediaOnly, cdn, tcpoOnly }) =>
      id === dcId && !cdn && !tcpoOnly && Boolean(mediaOnly) === isForMedia,
  );
  const ordered = [...fit.filter(({ ipv6 }) => !ipv6), ...fit.filter(({ ipv6 }) => ipv6)];
  return ordered.map(({ ipAddress, port }) => ({ host: ipAddress, port }));
}

/** Reads help.getAppConfig's answer. */
export function readAppConfig(
  answer: Api.help.TypeAppConfig,
  isPremium: boolean,
  known: ServerConfig,
): ServerConfig {
  if (!(answer instanceof Api.help.AppConfig)) return known;
  const values = valuesOf(answer);
  const number = (key: string) =>
    typeof values.get(key) === 'number' ? (values.get(key) as number) : undefined;
  const kind = isPremium ? 'premium' : 'default';
  const parts = number(`upload_max_fileparts_${kind}`);
  const limits = {
    textLength: known.limits.textLength,
    captionLength: number(`caption_length_limit_${kind}`) ?? defaultLimits.captionLength,
    fileBytes: parts === undefined ? defaultLimits.fileBytes : parts * uploadPartBytes,
  };
  const since = number('freeze_since_date');
  const until = number('freeze_until_date');
  const appealUrl = values.get('freeze_appeal_url');
  const freeze = since
    ? {
        since: since * 1000,
        until: until ? until * 1000 : undefined,
        appealUrl: typeof appealUrl === 'string' ? appealUrl : undefined,
      }
    : undefined;
  return { ...known, limits, freeze, appConfigHash: answer.hash };
}

function valuesOf({ config }: Api.help.AppConfig): Map<string, number | string> {
  const values = new Map<string, number | string>();
  if (!(config instanceof Api.JsonObject)) return values;
  for (const { key, value } of config.value) {
    if (value instanceof Api.JsonNumber || value instanceof Api.JsonString) values.set(key, value.value);
  }
  return values;
}
