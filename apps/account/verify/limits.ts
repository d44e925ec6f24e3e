/**
 * The limits that hold until the server has told its own, and the keys under which it tells them: help.getConfig has
 * message_length_max and the addresses, help.getAppConfig has caption_length_limit_* and upload_max_fileparts_*
 * (core.telegram.org/api/config), with and without Premium. gateway/telegram/server-config.ts reads both.
 */
import { Api } from 'telegram/tl/index.js';
import { defaultLimits, type TelegramLimits } from '../../gateway/model/telegram-limits.ts';
import { noConfig, readAppConfig, readConfig } from '../../gateway/telegram/server-config.ts';
import { NotReached, type Belief } from './belief.ts';

const withPremium: TelegramLimits = {
  ...defaultLimits,
  captionLength: 4 * defaultLimits.captionLength,
  fileBytes: 2 * defaultLimits.fileBytes,
};

export const configLimits: Belief = {
  claim: `help.getConfig allows texts of ${defaultLimits.textLength} characters and names addresses of the data centre`,
  check: async ({ text: session }) => {
    const config = await session.call<Api.Config>(new Api.help.GetConfig());
    const { limits, addresses } = readConfig(config, session.dcId, noConfig);
    return {
      answer: `${limits.textLength} characters, ${addresses.length > 0 ? 'addresses' : 'no address'}`,
      agrees: limits.textLength === defaultLimits.textLength && addresses.length > 0,
    };
  },
};

export const appConfigLimits: Belief = {
  claim: `help.getAppConfig allows ${shown(defaultLimits)}; with Premium ${shown(withPremium)}`,
  check: async ({ text: session }) => {
    const answer = await session.call<Api.help.TypeAppConfig>(new Api.help.GetAppConfig({ hash: 0 }));
    if (!(answer instanceof Api.help.AppConfig)) throw new NotReached(`answered ${answer.className}`);
    const [plain, premium] = [false, true].map(
      (isPremium) => readAppConfig(answer, isPremium, noConfig).limits,
    );
    return {
      answer: `${shown(plain!)}; with Premium ${shown(premium!)}`,
      agrees: shown(plain!) === shown(defaultLimits) && shown(premium!) === shown(withPremium),
    };
  },
};

function shown({ captionLength, fileBytes }: TelegramLimits): string {
  return `captions of ${captionLength} characters and files of ${Math.round(fileBytes / 1_048_576)} MB`;
}
