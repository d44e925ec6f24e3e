import { Api } from 'telegram/tl/index.js';
import { expect, it } from 'vitest';
import { fromPlain } from './tl-objects.ts';

it('a plain object becomes one of the library, with all that is in it', () => {
  const file = new Api.InputFile({ id: 1n as never, parts: 1, name: 'a', md5Checksum: '' });
  const attributes = [{ className: 'DocumentAttributeFilename', fileName: 'a.txt' }];
  const plain = { className: 'InputMediaUploadedDocument', file, mimeType: 'text/plain', attributes };
  const made = fromPlain<Api.InputMediaUploadedDocument>(plain);
  expect(made).toBeInstanceOf(Api.InputMediaUploadedDocument);
  expect(made.file).toBe(file);
  expect(made.attributes[0]).toBeInstanceOf(Api.DocumentAttributeFilename);
  expect(made.attributes[0]).toMatchObject({ fileName: 'a.txt' });
});

it.each([
  [{ className: 'InputMediaHologram' }, "Telegram's schema has no InputMediaHologram"],
  [{ className: 'InputGeoPoint', lat: 1, lon: 2 }, 'InputGeoPoint has no field lon'],
])('what the schema does not have is an error: %j', (plain, message) => {
  expect(() => fromPlain(plain)).toThrow(message);
});
