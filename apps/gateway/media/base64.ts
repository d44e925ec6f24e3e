/** Base64 to bytes, a slice at a time, and strictly: a damaged text must not become another file. */
import { Readable } from 'node:stream';
import { Problem } from '../../kit/errors.ts';

/** A multiple of 4 characters. */
const sliceLength = 256 * 1024;

/** The bytes of `text`; line breaks, as some encoders add, are passed over. The stream fails with Problem bad_request. */
export function decodeBase64(field: string, text: string): Readable {
  return Readable.from(slices(field, text.replace(/[\r\n]/g, '')), { objectMode: false });
}

function* slices(field: string, text: string): Generator<Buffer> {
  if (text.startsWith('data:')) throw wrong(field, 'this is a data: URL: send what comes after its comma');
  const end = text.endsWith('==') ? text.length - 2 : text.endsWith('=') ? text.length - 1 : text.length;
  const stray = /[^A-Za-z0-9+/]/.exec(end === text.length ? text : text.slice(0, end));
  if (stray) throw wrong(field, `there is ${JSON.stringify(stray[0])} at character ${stray.index}`);
  if (text.length % 4 !== 0) throw wrong(field, 'it is cut, or its padding is missing');
  for (let at = 0; at < text.length; at += sliceLength) {
    yield Buffer.from(text.slice(at, at + sliceLength), 'base64');
  }
}

function wrong(field: string, why: string): Problem {
  return new Problem(
    'bad_request',
    `${field} takes base64 of the characters A-Z, a-z, 0-9, + and / with = at its end; ${why}`,
  );
}
