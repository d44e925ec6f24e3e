import { Api } from 'telegram/tl/index.js';
import { describe, expect, it } from 'vitest';
import { defaultLimits, readLimits } from './limits.ts';

const entry = (key: string, value: number) =>
  new Api.JsonObjectValue({ key, value: new Api.JsonNumber({ value }) });
const appConfig = (entries: Api.JsonObjectValue[]) =>
  new Api.help.AppConfig({ hash: 1, config: new Api.JsonObject({ value: entries }) });
const config = { messageLengthMax: 4096 } as Api.Config;
const told = appConfig([
  entry('caption_length_limit_default', 1024),
  entry('caption_length_limit_premium', 4096),
  entry('upload_max_fileparts_default', 4000),
  entry('upload_max_fileparts_premium', 8000),
]);

describe('the limits of an account', () => {
  it('are those the server tells for its kind', () => {
    expect(readLimits(config, told, false)).toEqual(defaultLimits);
    expect(readLimits(config, told, true)).toEqual({
      textLength: 4096,
      captionLength: 4096,
      fileBytes: 4_194_304_000,
    });
  });

  it('keep their defaults where the server tells nothing', () => {
    expect(readLimits({ messageLengthMax: 0 } as Api.Config, appConfig([]), true)).toEqual(defaultLimits);
    expect(readLimits(config, new Api.help.AppConfigNotModified(), true)).toEqual(defaultLimits);
  });
});
