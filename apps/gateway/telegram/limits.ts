/** How long a text and how large a file this account may send, as the server tells; Premium accounts may more. */
import { Api } from 'telegram/tl/index.js';
import type { Logger } from '../../kit/log.ts';
import { GateClosed } from '../pacing/gates.ts';
import { TelegramError } from './errors.ts';
import type { Link } from './link.ts';

export interface TelegramLimits {
  /** Characters of a text, in UTF-16 units after parsing. */
  readonly textLength: number;
  /** Characters of a caption. */
  readonly captionLength: number;
  readonly fileBytes: number;
}

const partBytes = 512 * 1024;
const callTimeoutMs = 15_000;

/** Those of an account without Premium, for as long as the server has not told others. */
export const defaultLimits: TelegramLimits = {
  textLength: 4096,
  captionLength: 1024,
  fileBytes: 4000 * partBytes,
};

/**
 * Asks the server. Where it refuses, or a gate is closed, the `known` ones hold: a gateway that can send is not kept
 * from it by a limit it does not know.
 * @throws Unreached, OutcomeUnknown
 */
export async function askLimits(
  link: Link,
  isPremium: boolean,
  known: TelegramLimits,
  log: Logger,
): Promise<TelegramLimits> {
  try {
    const config = await link.call<Api.Config>(new Api.help.GetConfig(), callTimeoutMs);
    const request = new Api.help.GetAppConfig({ hash: 0 });
    return readLimits(config, await link.call<Api.help.TypeAppConfig>(request, callTimeoutMs), isPremium);
  } catch (error) {
    if (!(error instanceof TelegramError || error instanceof GateClosed)) throw error;
    log.warn({ err: error }, 'Telegram did not tell its limits');
    return known;
  }
}

/** Reads the answers of help.getConfig and help.getAppConfig; what they do not tell keeps its default. */
export function readLimits(
  config: Api.Config,
  appConfig: Api.help.TypeAppConfig,
  isPremium: boolean,
): TelegramLimits {
  const told = numbersOf(appConfig);
  const kind = isPremium ? 'premium' : 'default';
  const parts = told.get(`upload_max_fileparts_${kind}`);
  return {
    textLength: config.messageLengthMax || defaultLimits.textLength,
    captionLength: told.get(`caption_length_limit_${kind}`) ?? defaultLimits.captionLength,
    fileBytes: parts === undefined ? defaultLimits.fileBytes : parts * partBytes,
  };
}

function numbersOf(appConfig: Api.help.TypeAppConfig): Map<string, number> {
  const numbers = new Map<string, number>();
  if (!(appConfig instanceof Api.help.AppConfig) || !(appConfig.config instanceof Api.JsonObject))
    return numbers;
  for (const { key, value } of appConfig.config.value) {
    if (value instanceof Api.JsonNumber) numbers.set(key, value.value);
  }
  return numbers;
}
