import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../testkit/folder.ts';
import { sample } from './testing/samples.ts';
import { checkThumbnail } from './thumbnail.ts';

function check(bytes: Buffer) {
  const path = join(temporaryFolder(), 'spooled');
  writeFileSync(path, bytes);
  const brought = { field: 'thumbnail', spooled: 'spooled', sizeBytes: bytes.length, name: undefined };
  return checkThumbnail(brought, path);
}

/** The sample, said to be of another size. */
function jpeg(width: number, height: number): Buffer {
  const bytes = sample('photo.jpg');
  const frame = bytes.indexOf(Buffer.from('ffc0', 'hex'));
  bytes.writeUInt16BE(height, frame + 5);
  bytes.writeUInt16BE(width, frame + 7);
  return bytes;
}

describe('checkThumbnail', () => {
  it.each([
    [320, 320],
    [1, 320],
  ])('takes %i × %i', async (width, height) => {
    expect(await check(jpeg(width, height))).toMatchObject({ spooled: 'spooled' });
  });

  it.each([
    [jpeg(321, 100), 'is 321 × 100 px'],
    [jpeg(100, 321), 'is 100 × 321 px'],
    [Buffer.concat([sample('photo.jpg'), Buffer.alloc(200 * 1024)]), 'bytes: a thumbnail takes JPEG'],
    [sample('photo.png'), 'is image/png'],
    [Buffer.from('text'), 'is no picture'],
    [sample('photo.jpg').subarray(0, 100), 'is image/jpeg'],
  ])('refuses another (%#)', async (bytes, sentence) => {
    await expect(check(bytes)).rejects.toMatchObject({
      class: 'media_invalid',
      message: expect.stringContaining(sentence),
    });
  });
});
