/** File names as .NET, browsers, curl, mail programs and servers write them. */
import { expect, it } from 'vitest';
import { decodeText } from '../../kit/bodies/charset.ts';
import { readDisposition } from './content-disposition.ts';

const decode = (bytes: Buffer, charset: string | undefined) => decodeText(bytes, charset, 'the name');
const raw = (text: string) => Buffer.from(text).toString('latin1');
const report = 'Отчёт.pdf';
const escaped = encodeURIComponent(report);
const word = '=?utf-8?B?0J7RgtGH0ZHRgi5wZGY=?=';

it.each([
  ['form-data; name="file"; filename="a.pdf"', 'a.pdf'],
  ['form-data; name=file; filename=a.pdf', 'a.pdf'],
  ['attachment; filename=My report 2024.pdf', 'My report 2024.pdf'],
  [raw(`attachment; filename=${report}`), report],
  [raw(`form-data; name="file"; filename="${report}"`), report],
  [`form-data; name=file; filename="${word}"; filename*=utf-8''${escaped}`, report],
  [`form-data; name="file"; filename="x.pdf"; filename*=UTF-8''${escaped}`, report],
  [`form-data; name="file"; filename*=UTF-8''${escaped}; filename="x.pdf"`, report],
  [`attachment; filename*="UTF-8''${escaped}"`, report],
  [`attachment; filename*=UTF-8'ru'${escaped}`, report],
  ["attachment; filename*=windows-1251''%CE%F2%F7%B8%F2.pdf", report],
  ["attachment; filename*=koi8-r''%EF%D4%DE%A3%D4.pdf", report],
  ['attachment; filename="ok.pdf"; filename*=UTF-8\'\'%D0%ZZ.pdf', 'ok.pdf'],
  ['attachment; filename="ok.pdf"; filename*=klingon\'\'a.pdf', 'ok.pdf'],
  [`form-data; name=file; filename="${word}"`, report],
  ['attachment; filename="=?windows-1251?Q?=CE=F2=F7=B8=F2=2Epdf?="', report],
  ['attachment; filename="=?utf-8?B?0J7Rgg==?= =?utf-8?B?0YfRkdGCLnBkZg==?="', report],
  ["attachment; filename*0*=UTF-8''%D0%9E%D1%82; filename*1*=%D1%87%D1%91%D1%82; filename*2=.pdf", report],
  ['attachment; filename*0="long "; filename*1="name 100%.pdf"', 'long name 100%.pdf'],
  ['attachment; filename="report.pdf', 'report.pdf'],
  ['attachment; filename="a;b \\"c\\".pdf"; size=5', 'a;b "c".pdf'],
  ['form-data; name="file"; filename="C:\\reports\\a.pdf"', 'C:\\reports\\a.pdf'],
  ['ATTACHMENT ; FILENAME = "a.pdf" ; x="y"', 'a.pdf'],
  ['attachment; filename=""; x=y', ''],
  ['attachment', undefined],
])('%s', (header, filename) => expect(readDisposition(header, decode).filename).toBe(filename));

it('reads the name of the field beside it', () => {
  expect(
    readDisposition(
      'form-data; filename="name=x"; name="подпись"'.replace('подпись', raw('подпись')),
      decode,
    ),
  ).toEqual({
    name: 'подпись',
    filename: 'name=x',
  });
});

it('is not held up by headers that are made to', () => {
  for (const header of [
    '; filename="' + '\\"'.repeat(8_000),
    ';a='.repeat(5_000),
    '; filename="=?' + 'a'.repeat(16_000),
  ])
    expect(readDisposition(header, decode).name).toBeUndefined();
});
