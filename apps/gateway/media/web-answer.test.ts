/** What servers answer in the wild, and whether it is the file that was asked for. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../testkit/folder.ts';
import { readFirstBytes } from './first-bytes.ts';
import { checkAnswer, type WebAnswer } from './web-answer.ts';

const page = '<!doctype html><html><body>Please sign in</body></html>';
const xhtml = `<?xml version="1.0"?>\n<!-- sign in -->\n<html></html>`;
const error = '{"error":"expired"}';
const s3 = '<?xml version="1.0"?>\n<Error><Code>AccessDenied</Code></Error>';
const html = 'text/html';
const json = 'application/json';

type Case = [
  name: string | undefined,
  told: string | undefined,
  bytes: string | Buffer,
  asked?: Partial<WebAnswer>,
];

async function check([name, toldType, bytes, asked = {}]: Case) {
  const path = join(temporaryFolder(), 'spooled');
  writeFileSync(path, bytes);
  const sizeBytes = Buffer.byteLength(bytes);
  const about = {
    field: 'media',
    host: 'a.example',
    sizeBytes,
    toldType,
    mimeType: undefined,
    isShown: false,
  };
  checkAnswer({ ...about, names: [name], ...asked }, await readFirstBytes(path));
}

it.each<[what: string, ...Case]>([
  ['a web page', 'photo.jpg', html, page],
  ['a web page', 'photo.jpg', 'image/jpeg', page],
  ['a web page', 'photo.jpg', undefined, `\ufeff\n ${page}`],
  ['a web page', 'photo.jpg', undefined, Buffer.from(`\ufeff${page}`, 'utf16le')],
  ['a web page', 'photo.jpg', html, 'Please sign in'],
  ['a web page', 'photo.jpg', html, '<center>Sign in</center>'],
  ['a web page', 'report.pdf', html, xhtml],
  ['a web page', 'report.pdf', 'application/xhtml+xml', xhtml],
  ['a web page', 'report.docx', html, page],
  ['a web page', 'price.xls', html, page],
  ['a web page', 'table.csv', html, page],
  ['a web page', 'table.csv', 'text/csv', page],
  ['a web page', 'data.json', html, page],
  ['a web page', 'README.md', html, page],
  ['a web page', 'song.mp3', html, page],
  ['a web page', 'get.php', html, page],
  ['a web page', 'uc', html, page],
  ['a web page', undefined, html, page],
  ['a web page', 'uc', undefined, page, { isShown: true }],
  ['a web page', undefined, html, page, { names: ['photo.jpg', 'page.html'] }],
  ['JSON', 'video.mp4', json, error],
  ['JSON', 'video.mp4', 'video/mp4', error],
  ['JSON', 'photo.jpg', undefined, ' [1, 2]\n'],
  ['JSON', 'photo.jpg', json, `{"a":"${'x'.repeat(100_000)}"}`],
  ['JSON', 'act.doc', json, error],
  ['JSON', 'setup.exe', json, error],
  ['JSON', 'backup.tar.xz', json, error],
  ['JSON', 'table.csv', json, error],
  ['JSON', 'get.php', json, error],
  ['JSON', 'get', json, '{"ok":false,"description":"Not Found"}'],
  ['JSON', 'get', json, '{"message":"Not Found","status":"404"}'],
  ['XML', 'photo.jpg', 'application/xml', s3],
  ['XML', 'price.xlsx', 'application/xml', s3],
  ['XML', 'report.pdf', undefined, '<Error><Code>AccessDenied</Code></Error>'],
  ['XML', 'get', 'application/xml', s3],
  ['text', 'photo.jpg', 'text/plain', 'Not found'],
  ['text', 'report.pdf', 'application/pdf', 'Forbidden'],
])('refuses %s behind %s (%s)', async (what, ...answer) => {
  const refusal = check(answer);
  await expect(refusal).rejects.toMatchObject({ class: 'media_invalid' });
  await expect(refusal).rejects.toThrow(`media: a.example answered with ${what}, not with the file: `);
});

it.each<Case>([
  ['page.html', html, page],
  ['page.HTM', undefined, page],
  ['page.xhtml', 'application/xhtml+xml', xhtml],
  ['uc', html, page, { names: ['page.html', 'uc'] }],
  ['get.php', html, page, { names: ['get.php', 'page.html'] }],
  ['uc', html, page, { mimeType: html }],
  ['data.json', json, '{"error":"none"}'],
  ['map.geojson', 'application/geo+json', '{"type":"FeatureCollection"}'],
  ['notebook.ipynb', 'text/plain', '{"cells":[]}'],
  ['notes.txt', json, '{}'],
  ['export', json, '[{"id":1,"message":"a"}]'],
  ['feed.xml', 'application/rss+xml', '<?xml version="1.0"?><rss/>'],
  ['drawing.svg', 'image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg"/>'],
  ['drawing.svg', 'image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg"/>', { isShown: true }],
  ['badge.png', 'image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg"/>'],
  ['track.gpx', 'application/xml', '<?xml version="1.0"?><gpx/>'],
  ['export', 'text/xml', '<?xml version="1.0"?><rows/>'],
  ['table.csv', html, 'a;b\n1;2\n'],
  ['table.csv', 'text/plain', 'a;b\n1;2\n'],
  ['export', 'text/csv', 'a;b\n1;2\n'],
  ['README.md', 'text/plain', '<h1 align="center">A</h1>'],
  ['App.vue', 'text/plain', '<script></script>'],
  ['index.ts', 'text/plain', 'export {};\n'],
  ['server.key', 'text/plain', '-----BEGIN PRIVATE KEY-----'],
  ['price.xls', 'application/vnd.ms-excel', '<table><tr><td>1</td></tr></table>'],
  ['photo.jpg', html, Buffer.from('ffd8ffe000104a464946000101', 'hex')],
  ['report.pdf', html, '%PDF-1.4\n'],
  ['data.bin', html, Buffer.from([0, 1, 2, 3])],
])('takes %s (%s)', async (...answer) => {
  await expect(check(answer)).resolves.toBeUndefined();
});

it('repeats of a host no more than its beginning', async () => {
  const host = `${'a'.repeat(5000)}.example`;
  await expect(check(['photo.jpg', html, page, { host }])).rejects.toMatchObject({
    message: expect.stringMatching(/^media: a{99}… answered with a web page.{1,200}$/),
  });
});
