import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { nameInDisposition, nameInUrl, plainName } from './names.ts';

const raw = (text: string) => Buffer.from(text).toString('latin1');
const escaped = encodeURIComponent('Отчёт.pdf');

describe('plainName', () => {
  it.each([
    ['../../etc/passwd', 'passwd'],
    ['C:\\folder\\a.txt', 'a.txt'],
    ['a\u0000b\n.txt', 'ab.txt'],
    ['invoice\u202Efdp.exe', 'invoicefdp.exe'],
    ['  отчёт 1.pdf ', 'отчёт 1.pdf'],
    ['..', undefined],
    ['', undefined],
    ['a/', undefined],
    ['x'.repeat(300), 'x'.repeat(255)],
    [`${'x'.repeat(300)}.pdf`, `${'x'.repeat(251)}.pdf`],
    [`${'🎉'.repeat(130)}.pdf`, `${'🎉'.repeat(125)}.pdf`],
    [`${'👩‍👩‍👧'.repeat(40)}.tar.gz`, `${'👩‍👩‍👧'.repeat(31)}.gz`],
    [`${'👩‍👩‍👧'.repeat(60)}.pdf`, `${'👩‍👩‍👧'.repeat(31)}.pdf`],
    [`a${'\u0301'.repeat(300)}`, undefined],
    [`${'e\u0301'.repeat(130)}.doc`, `${'e\u0301'.repeat(125)}.doc`],
    ['half \ud83c.pdf', 'half \ufffd.pdf'],
  ])('makes %j to %j', (name, plain) => expect(plainName(name)).toBe(plain));
});

describe('nameInDisposition', () => {
  const nameOf = (disposition: string | undefined) =>
    nameInDisposition({ headers: { 'content-disposition': disposition } } as unknown as IncomingMessage);

  it.each([
    [`attachment; filename="a b.pdf"`, 'a b.pdf'],
    [`attachment; filename=plain.pdf; size=3`, 'plain.pdf'],
    [`attachment; filename="x.pdf"; filename*=UTF-8''%D0%BE.pdf`, 'о.pdf'],
    [`attachment; filename="a \\"b\\".pdf"`, 'a "b".pdf'],
    [raw('attachment; filename="отчёт.pdf"'), 'отчёт.pdf'],
    ['attachment; filename="caf\u00e9.pdf"', 'caf\u00e9.pdf'],
    ['attachment; filename="../../x.pdf"', 'x.pdf'],
    ['attachment; filename=My report 2024.pdf', 'My report 2024.pdf'],
    [raw('attachment; filename=Мой отчёт.pdf'), 'Мой отчёт.pdf'],
    [`attachment; filename*="UTF-8''${escaped}"`, 'Отчёт.pdf'],
    ["attachment; filename*=windows-1251''%CE%F2%F7%B8%F2.pdf", 'Отчёт.pdf'],
    ['attachment; filename="\xce\xf2\xf7\xb8\xf2.pdf"', 'Отчёт.pdf'],
    ['attachment; filename="ok.pdf"; filename*=UTF-8\'\'%D0%ZZ.pdf', 'ok.pdf'],
    ['attachment; filename="ok.pdf"; filename*=UTF-8\'\'%CE%F2.pdf', 'ok.pdf'],
    [`attachment; filename="${escaped}"`, 'Отчёт.pdf'],
    ["attachment; filename*=UTF-8''%2541.pdf", '%41.pdf'],
    ['attachment; filename="growth 100%.pdf"', 'growth 100%.pdf'],
    ['attachment; filename="=?utf-8?B?0J7RgtGH0ZHRgi5wZGY=?="', 'Отчёт.pdf'],
    ['attachment; filename="report.pdf', 'report.pdf'],
    ['filename="report.pdf"', 'report.pdf'],
    [`attachment;filename=${raw('Отчёт')}.pdf`, 'Отчёт.pdf'],
    ["attachment; filename*=klingon''a.pdf", undefined],
    ['attachment; filename="=?klingon?B?0J7Rgg==?="', undefined],
    ['attachment; filename=""', undefined],
    ['inline', undefined],
    [undefined, undefined],
  ])('reads %j', (disposition, name) => expect(nameOf(disposition)).toBe(name));
});

describe('nameInUrl', () => {
  it.each([
    ['/a/last%20name.bin?q=1', undefined, 'last name.bin'],
    ['/50%', undefined, '50%'],
    ['/%CE%F2%F7%B8%F2%201.pdf', undefined, 'Отчёт 1.pdf'],
    ['/caf%E9.pdf', undefined, 'café.pdf'],
    ['/файл.pdf', undefined, 'файл.pdf'],
    ['/get.php?id=1', 'application/pdf', 'get'],
    ['/get.aspx', 'application/octet-stream', 'get'],
    ['/source.php', 'text/plain', 'source.php'],
    ['/', 'application/pdf', undefined],
  ])('reads %s of %s', (path, toldType, name) =>
    expect(nameInUrl(new URL(path, 'http://a/'), toldType)).toBe(name),
  );
});
