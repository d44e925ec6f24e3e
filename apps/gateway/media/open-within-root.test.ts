import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../../testkit/folder.ts';
import { openWithinRoot } from './open-within-root.ts';

let root: string;
let elsewhere: string;
beforeEach(() => {
  const folder = temporaryFolder();
  root = join(folder, 'media');
  elsewhere = join(folder, 'media-secret');
  mkdirSync(join(root, 'deep'), { recursive: true });
  mkdirSync(elsewhere);
  writeFileSync(join(root, 'a.txt'), 'inside');
  writeFileSync(join(root, 'deep/b.txt'), 'deep inside');
  writeFileSync(join(elsewhere, 'secret.txt'), 'secret');
});

const read = async (path: string) => text(await openWithinRoot('path', root, path));

describe('openInside', () => {
  it('opens files inside the folder, by absolute and relative path', async () => {
    expect(await read('a.txt')).toBe('inside');
    expect(await read(join(root, 'deep/b.txt'))).toBe('deep inside');
    expect(await read('deep/../a.txt')).toBe('inside');
  });

  it('follows links that stay inside', async () => {
    symlinkSync('../a.txt', join(root, 'deep/link'));
    expect(await read('deep/link')).toBe('inside');
  });

  it('works where the folder is itself reached by a link', async () => {
    const link = `${root}-link`;
    symlinkSync(root, link);
    expect(await text(await openWithinRoot('path', link, join(link, 'a.txt')))).toBe('inside');
  });

  it.each([
    '../media-secret/secret.txt',
    'deep/../../media-secret/secret.txt',
    '/etc/passwd',
    '/proc/self/environ',
    ...[
      '/proc/self/root/etc/passwd',
      '/proc/self/cwd',
      '/proc/1/environ',
      '/dev/stdin',
      '/dev/fd/0',
      '/dev/zero',
    ],
    ...['/', '//', '///etc/passwd', '//etc//passwd', '/etc/../etc/passwd', '/./etc/passwd', '/..', '/../..'],
    ...[
      '..',
      '../',
      '../..',
      '..',
      '../',
      'deep/../..',
      'deep/../../',
      'deep/./../../media-secret/secret.txt',
    ],
    ...[
      'a.txt/../../media-secret/secret.txt',
      'nothing/../../media-secret/secret.txt',
      `${'../'.repeat(50)}etc/passwd`,
    ],
    ...['.', '../media-secret', '../media/../media-secret/secret.txt', '/tmp', '/tmp/../etc/passwd'],
    '.',
    '',
  ])('refuses %j, which leads outside', async (path) => {
    await expect(read(path)).rejects.toMatchObject({
      class: 'bad_request',
      message: 'path is outside MEDIA_ROOT: it takes a file inside that folder',
    });
  });

  it('tells nothing about files outside', async () => {
    const answers = ['/etc/passwd', '/etc/no-such-file', '../nothing'].map((path) =>
      read(path).catch((error: Error) => error.message),
    );
    expect(new Set(await Promise.all(answers)).size).toBe(1);
  });

  it('refuses links that lead outside, to a file or over a folder', async () => {
    symlinkSync(join(elsewhere, 'secret.txt'), join(root, 'file-link'));
    symlinkSync(join(elsewhere, 'none.txt'), join(root, 'none-link'));
    symlinkSync(elsewhere, join(root, 'folder-link'));
    for (const path of [
      'file-link',
      'none-link',
      'folder-link/secret.txt',
      'folder-link/none.txt',
      'folder-link/none/none.txt',
    ])
      await expect(read(path)).rejects.toThrow('outside MEDIA_ROOT');
  });

  it.each([
    ['a file by a link', 'file', () => writeFileSync(join(root, 'file'), 'inside'), 'secret.txt'],
    ['a folder by a link', 'turning/secret.txt', () => makeTurning(), ''],
  ])('never gives out what is put there between check and use: %s', async (_, path, make, target) => {
    make();
    symlinkSync(join(elsewhere, target), join(root, 'outward'));
    const place = join(root, path.split('/')[0]!);
    let isOver = false;
    const turn = async () => {
      while (!isOver) {
        renameSync(place, join(root, 'aside'));
        renameSync(join(root, 'outward'), place);
        await new Promise(setImmediate);
        renameSync(place, join(root, 'outward'));
        renameSync(join(root, 'aside'), place);
        await new Promise(setImmediate);
      }
    };
    const turned = turn();
    const seen = new Set<string>();
    for (let round = 0; round < 500; round++)
      seen.add(await read(path).catch((error: Error) => error.message));
    isOver = true;
    await turned;
    expect(seen).not.toContain('secret');
  });

  function makeTurning() {
    mkdirSync(join(root, 'turning'));
    writeFileSync(join(root, 'turning/secret.txt'), 'inside');
  }

  it('refuses folders, pipes, sockets and devices at once', async () => {
    execFileSync('mkfifo', [join(root, 'pipe')]);
    const server = createServer().listen(join(root, 'socket'));
    onTestFinished(() => void server.close());
    for (const path of ['deep', 'pipe', 'socket'])
      await expect(read(path)).rejects.toThrow('path is no plain file');
    await expect(openWithinRoot('path', '/dev', 'null')).rejects.toThrow('path is no plain file');
  });

  it.each([
    ...[
      'nothing',
      'a.txt/b',
      'a.txt\0.jpg',
      '\0',
      '../media-secret/secret.txt\0',
      '..\\media-secret\\secret.txt',
    ],
    ...[
      '%2e%2e/media-secret/secret.txt',
      '..%2fmedia-secret%2fsecret.txt',
      '..%00/a.txt',
      '....//media-secret/secret.txt',
    ],
    ...[
      '．．/media-secret/secret.txt',
      '‥/media-secret/secret.txt',
      '~/.ssh/id_rsa',
      '$HOME',
      'file:///etc/passwd',
    ],
    ...['A.TXT ', 'x'.repeat(300), 'x/'.repeat(5_000), 'C:\\Windows\\win.ini', '\\\\host\\share'],
  ])('says that there is no %j', async (path) => {
    await expect(read(path)).rejects.toMatchObject({ class: 'bad_request' });
  });

  it('says which setting is missing', async () => {
    await expect(openWithinRoot('path', undefined, 'a.txt')).rejects.toThrow('MEDIA_ROOT is not set');
  });
});
