/** How long a text and how large a file this account may send, as the server tells; Premium accounts may more. */
import { Api } from 'telegram/tl/index.js';

export interface TelegramLimits {
  /** Characters of a text, in UTF-16 units after parsing. */
  readonly textLength: number;
  /** Characters of a caption. */
  readonly captionLength: number;
  readonly fileBytes: number;
}

const partBytes = 512 * 1024;

/** Those of an account without Premium, for as long as the server has not told others. */
export const defaultLimits: TelegramLimits = {
  textLength: 4096,
  captionLength: 1024,
  fileBytes: 4000 * partBytes,
};

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
