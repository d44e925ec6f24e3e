/** Made of real bytes: only what file-type tells of them, the name and what was told decide. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../testkit/folder.ts';
import { documentType } from './document-type.ts';
import { readFirstBytes } from './first-bytes.ts';

const cfb = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(2000)]);
const zip = Buffer.concat([Buffer.from('504b0304140000000000', 'hex'), Buffer.alloc(200)]);
const gzip = gzipSync('{"v":"5.5.2"}');
const binary = Buffer.from([0, 1, 2, 3, 4, 5, 6, 7]);
const page = '<!doctype html><html></html>';
const source = `Got: ${'x'.repeat(183)}G\n`; // As packets of MPEG-TS begin.
const word = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';

it.each<
  [what: string, bytes: Buffer | string, name: string | undefined, told: string | undefined, type: string]
>([
  ['CFB', cfb, 'a.doc', undefined, 'application/msword'],
  ['CFB', cfb, 'a.XLS', 'application/octet-stream', 'application/vnd.ms-excel'],
  ['CFB', cfb, 'a.ppt', undefined, 'application/vnd.ms-powerpoint'],
  ['CFB', cfb, 'a.msg', undefined, 'application/vnd.ms-outlook'],
  ['CFB', cfb, 'a.vsd', undefined, 'application/vnd.visio'],
  ['CFB', cfb, 'a.pub', undefined, 'application/x-mspublisher'],
  ['CFB', cfb, 'a.mpp', undefined, 'application/vnd.ms-project'],
  ['CFB', cfb, 'a.msi', undefined, 'application/x-msi'],
  ['CFB', cfb, 'encrypted.docx', undefined, word],
  ['CFB', cfb, undefined, 'application/msword', 'application/msword'],
  ['CFB', cfb, 'a.unheard', 'application/msword', 'application/msword'],
  ['CFB', cfb, 'a.pdf', 'image/png', 'application/x-cfb'],
  ['zip', zip, 'a.docx', undefined, word],
  ['zip', zip, 'a.odt', undefined, 'application/vnd.oasis.opendocument.text'],
  ['zip', zip, 'a.epub', undefined, 'application/epub+zip'],
  ['zip', zip, 'a.apk', undefined, 'application/vnd.android.package-archive'],
  ['zip', zip, 'a.jar', undefined, 'application/java-archive'],
  ['zip', zip, 'a.kmz', undefined, 'application/vnd.google-earth.kmz'],
  ['zip', zip, 'a.usdz', undefined, 'model/vnd.usdz+zip'],
  ['zip', zip, 'a.cbz', undefined, 'application/vnd.comicbook+zip'],
  ['zip', zip, 'a.zip', 'text/html', 'application/zip'],
  ['zip', zip, 'a.zip', 'application/vnd.ms-excel', 'application/zip'],
  ['zip', zip, 'a', 'application/x-zip-compressed', 'application/zip'],
  ['gzip', gzip, 'backup.tar.gz', 'application/x-gzip', 'application/gzip'],
  ['zip', zip, 'a.jpg', 'video/mp4', 'application/zip'],
  ['gzip', gzip, 'a.tgs', 'application/octet-stream', 'application/x-tgsticker'],
  ['gzip', gzip, 'sticker', 'application/x-tgsticker', 'application/x-tgsticker'],
  ['gzip', gzip, 'a.svgz', undefined, 'image/svg+xml'],
  ['gzip', gzip, 'a.tgz', undefined, 'application/gzip'],
  ['gzip', gzip, 'a.json', undefined, 'application/gzip'],
  ['XML', '<?xml version="1.0"?><svg/>', 'a.svg', undefined, 'image/svg+xml'],
  ['XML', '<?xml version="1.0"?><gpx/>', undefined, 'application/gpx+xml', 'application/gpx+xml'],
  ['XML', '<?xml version="1.0"?><a/>', 'a.jpg', undefined, 'application/xml'],
  ['a source', source, 'a.ts', 'video/mp2t', 'text/plain'],
  ['a source', 'export {};\n', 'a.ts', undefined, 'text/plain'],
  ['a source', 'export {};\n', 'a.mts', 'application/typescript', 'application/typescript'],
  ['a source', 'fn main() {}', 'a.rs', undefined, 'text/plain'],
  ['a key', '-----BEGIN PRIVATE KEY-----', 'server.key', undefined, 'text/plain'],
  ['a key', 'ssh-ed25519 AAAA', 'id.pub', undefined, 'text/plain'],
  ['text', 'BMW, Audi\n', 'cars.csv', undefined, 'text/csv'],
  ['text', 'MZ\n', undefined, 'text/csv', 'text/csv'],
  ['text', 'no picture', 'a.jpg', 'image/jpeg', 'text/plain'],
  ['text', 'a;b\n', 'export', 'text/html', 'application/octet-stream'],
  ['text', '#EXTM3U\n', 'a.m3u', undefined, 'audio/x-mpegurl'],
  ['text', '{}', 'blob', 'application/json', 'application/json'],
  ['text', 'a', 'Счёт от 12.05.2024', 'text/plain', 'text/plain'],
  ['a table', '<table></table>', 'a.xls', undefined, 'application/vnd.ms-excel'],
  ['a page', page, 'page', 'text/html', 'text/html'],
  ['a page', page, 'a.html', undefined, 'text/html'],
  ['a page', page, 'a.jpg', 'image/jpeg', 'text/html'],
  ['a page', page, 'a.doc', undefined, 'application/msword'],
  ['a PDF', '%PDF-1.4\n', 'a.doc', 'application/msword', 'application/pdf'],
  ['bytes', binary, 'a.csv', undefined, 'text/csv'],
  ['bytes', binary, 'a', 'text/plain', 'application/octet-stream'],
  ['bytes', binary, 'a', 'not a type', 'application/octet-stream'],
  ['bytes', binary, 'a', 'application/x-own', 'application/x-own'],
  ['bytes', binary, 'a', 'binary/octet-stream', 'application/octet-stream'],
])('%s called %3$s and told to be %4$s', async (_, bytes, name, told, type) => {
  const path = join(temporaryFolder(), 'spooled');
  writeFileSync(path, bytes);
  expect(documentType(await readFirstBytes(path), name, told)).toBe(type);
});
