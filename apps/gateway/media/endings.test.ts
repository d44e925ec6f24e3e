import { describe, expect, it } from 'vitest';
import { endingOf, nameWithEnding, typeOfName } from './endings.ts';

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
    ['blob', 'text/csv', 'blob.csv'],
    ['Счёт от 12.05.2024', 'application/pdf', 'Счёт от 12.05.2024.pdf'],
    ['Запись 10.30', 'audio/mpeg', 'Запись 10.30.mp3'],
    ['Договор Иванов И.И', 'application/pdf', 'Договор Иванов И.И.pdf'],
    ['5.5kg', 'image/jpeg', '5.5kg.jpg'],
    ['Mr. Smith', 'application/pdf', 'Mr. Smith.pdf'],
    ['.env', 'text/plain', '.env'],
    ['notes', 'text/plain', 'notes.txt'],
    ['backup.tar.gz', 'application/gzip', 'backup.tar.gz'],
    ['a.7z', 'application/x-7z-compressed', 'a.7z'],
    ['a.zip.001', 'application/zip', 'a.zip.001'],
    ['a.PDF', 'application/pdf', 'a.PDF'],
    ['a.sketch', 'application/zip', 'a.sketch'],
  ])('calls %j of %s %s', (name, type, whole) => expect(nameWithEnding(name, type)).toBe(whole));
});

it.each([
  ['a.doc', 'doc', 'application/msword'],
  ['a.TGS', 'tgs', 'application/x-tgsticker'],
  ['a.mpp', 'mpp', 'application/vnd.ms-project'],
  ['backup.tar.gz', 'gz', 'application/gzip'],
  ['a.unheard', 'unheard', undefined],
  ['12.05.2024', undefined, undefined],
  ['v1.2', undefined, undefined],
  ['plain', undefined, undefined],
  [undefined, undefined, undefined],
])('%s ends in %s and is %s', (name, ending, type) => {
  expect([endingOf(name), typeOfName(name)]).toEqual([ending, type]);
});
