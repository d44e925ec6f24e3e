import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { decodeBase64 } from './base64.ts';

/** Decodes a text that comes whole, and one that comes in pieces of 5 characters. */
async function decode(text: string): Promise<Buffer> {
  const pieces = text.match(/[^]{1,5}/g) ?? [];
  const [atOnce, inPieces] = await Promise.all(
    [[text], pieces].map((each) => buffer(decodeBase64('base64', each))),
  );
  expect(inPieces!.equals(atOnce!)).toBe(true);
  return atOnce!;
}

describe('decodeBase64', () => {
  it.each([0, 1, 2, 3, 196_607, 196_608, 1_000_000])('decodes %i bytes', async (size) => {
    const bytes = randomBytes(size);
    expect((await decode(bytes.toString('base64'))).equals(bytes)).toBe(true);
  });

  it('passes over the line breaks that encoders add', async () => {
    expect((await decode('aGVs\nbG8g\r\nd29y\nbGQ=\n')).toString()).toBe('hello world');
  });

  it.each([
    ['aGV*bG8=', 'there is "*" at character 3'],
    ['aGVs bG8=', 'there is " " at character 4'],
    ['aGVsbG8', 'it is cut, or its padding is missing'],
    ['aGV=bG8=', 'there is "=" at character 3'],
    ['aGVsbG8===', 'there is "="'],
    ['_-__', 'there is "_" at character 0'],
    ['data:image/png;base64,aGVs', 'send what comes after its comma'],
    ['привет==', 'there is "п" at character 0'],
  ])('refuses %j', async (text, sentence) => {
    await expect(decode(text)).rejects.toMatchObject({
      class: 'bad_request',
      message: expect.stringContaining(sentence),
    });
  });
});
