import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { nameOfResponse, nameWithEnding, plainName } from './names.ts';

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
  ])('makes %j to %j', (name, plain) => expect(plainName(name)).toBe(plain));
});

describe('nameOfResponse', () => {
  const nameOf = (disposition: string | undefined, path: string) =>
    nameOfResponse(
      { headers: { 'content-disposition': disposition } } as unknown as IncomingMessage,
      new URL(path, 'http://a/'),
    );

  it.each([
    [`attachment; filename="a b.pdf"`, 'a b.pdf'],
    [`attachment; filename=plain.pdf; size=3`, 'plain.pdf'],
    [`attachment; filename="x.pdf"; filename*=UTF-8''%D0%BE.pdf`, 'о.pdf'],
    [`attachment; filename="a \\"b\\".pdf"`, 'a "b".pdf'],
    [Buffer.from('attachment; filename="отчёт.pdf"').toString('latin1'), 'отчёт.pdf'],
    ['attachment; filename="caf\u00e9.pdf"', 'caf\u00e9.pdf'],
    ['attachment; filename="../../x.pdf"', 'x.pdf'],
    ['inline', 'last name.bin'],
    [undefined, 'last name.bin'],
  ])('reads %j', (disposition, name) => expect(nameOf(disposition, '/a/last%20name.bin?q=1')).toBe(name));

  it('takes a path with broken escapes as it is', () => expect(nameOf(undefined, '/50%')).toBe('50%'));
});

describe('nameWithEnding', () => {
  it.each([
    [undefined, 'image/png', 'file.png'],
    ['download', 'video/mp4', 'download.mp4'],
    ['a.txt', 'image/png', 'a.txt'],
    ['data', 'application/octet-stream', 'data'],
    ['song', 'audio/mpeg', 'song.mp3'],
    ['song', 'audio/ogg', 'song.ogg'],
    ['song', 'audio/mp4', 'song.m4a'],
    ['film', 'video/quicktime', 'film.mov'],
    ['film', 'video/webm', 'film.webm'],
    ['photo', 'image/jpeg', 'photo.jpg'],
    ['sound', 'audio/wav', 'sound.wav'],
    ['sound', 'audio/flac', 'sound.flac'],
    ['sound', 'audio/aac', 'sound.aac'],
  ])('calls %j of %s %s', (name, type, whole) => expect(nameWithEnding(name, type)).toBe(whole));
});
