import { Api } from 'telegram/tl/index.js';
import { describe, expect, it } from 'vitest';
import { defaultLimits } from '../model/telegram-limits.ts';
import { addressesOf, noConfig, readAppConfig, readConfig } from './server-config.ts';

const number = (key: string, value: number) =>
  new Api.JsonObjectValue({ key, value: new Api.JsonNumber({ value }) });
const text = (key: string, value: string) =>
  new Api.JsonObjectValue({ key, value: new Api.JsonString({ value }) });
const appConfig = (entries: Api.JsonObjectValue[]) =>
  new Api.help.AppConfig({ hash: 7, config: new Api.JsonObject({ value: entries }) });
const limits = appConfig([
  number('caption_length_limit_default', 1024),
  number('caption_length_limit_premium', 4096),
  number('upload_max_fileparts_default', 4000),
  number('upload_max_fileparts_premium', 8000),
]);
const option = (id: number, ipAddress: string, more: object = {}) =>
  new Api.DcOption({ id, ipAddress, port: 443, ...more });

describe('the limits of an account', () => {
  it('are those that the server names for its kind', () => {
    expect(readAppConfig(limits, false, noConfig)).toMatchObject({ limits: defaultLimits, appConfigHash: 7 });
    expect(readAppConfig(limits, true, noConfig).limits).toEqual({
      textLength: 4096,
      captionLength: 4096,
      fileBytes: 4_194_304_000,
    });
  });

  it('keep their defaults where the server names none', () => {
    expect(readConfig({ messageLengthMax: 0, dcOptions: [] }, 2, noConfig).limits).toEqual(defaultLimits);
    expect(readAppConfig(appConfig([]), true, noConfig).limits).toEqual(defaultLimits);
    expect(readAppConfig(new Api.help.AppConfigNotModified(), true, noConfig)).toEqual(noConfig);
  });
});

describe('the addresses of a data centre', () => {
  const options = [
    option(2, '2001:db8::1', { ipv6: true }),
    option(2, '192.0.2.1'),
    option(2, '192.0.2.2', { mediaOnly: true }),
    option(2, '192.0.2.3', { cdn: true }),
    option(2, '192.0.2.4', { tcpoOnly: true }),
    option(4, '192.0.2.5'),
  ];

  it('are its own, IPv4 first, without those that speak another protocol', () => {
    expect(addressesOf(options, 2, false).map(({ host }) => host)).toEqual(['192.0.2.1', '2001:db8::1']);
  });

  it('for files are those for media, where there are any', () => {
    const config = { messageLengthMax: 4096, dcOptions: options };
    expect(readConfig(config, 2, noConfig).mediaAddresses).toEqual([{ host: '192.0.2.2', port: 443 }]);
    expect(readConfig(config, 4, noConfig).mediaAddresses).toEqual([]);
  });
});

describe('a frozen account', () => {
  it('is known by the dates that the server gives, until they are gone again', () => {
    const frozen = appConfig([
      number('freeze_since_date', 1_700_000_000),
      number('freeze_until_date', 1_800_000_000),
      text('freeze_appeal_url', 'https://t.me/spambot'),
    ]);
    const known = readAppConfig(frozen, false, noConfig);
    expect(known.freeze).toEqual({
      since: 1_700_000_000_000,
      until: 1_800_000_000_000,
      appealUrl: 'https://t.me/spambot',
    });
    expect(readAppConfig(new Api.help.AppConfigNotModified(), false, known).freeze).toEqual(known.freeze);
    expect(readAppConfig(limits, false, known).freeze).toBeUndefined();
  });
});
