/** Base64 to bytes, piece by piece, and strictly: a damaged text must not become another file. */
import { Problem } from '../../kit/errors.ts';

/**
 * The bytes of a text that comes in pieces; line breaks, as some encoders add, are passed over.
 * @throws Problem bad_request saying what is wrong and where
 */
export async function* decodeBase64(
  field: string,
  pieces: AsyncIterable<string> | Iterable<string>,
): AsyncGenerator<Buffer> {
  let at = 0;
  let text = '';
  for await (const piece of pieces) {
    text += piece.replace(/[\r\n]/g, '');
    if (at === 0 && text.startsWith('data:')) {
      throw wrong(field, 'this is a data: URL: send what comes after its comma');
    }
    const length = Math.max(0, text.length - 4) & ~3;
    yield decode(field, text.slice(0, length), at);
    at += length;
    text = text.slice(length);
  }
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const last = decode(field, text.slice(0, text.length - padding), at);
  if (text.length % 4 !== 0) throw wrong(field, 'it is cut, or its padding is missing');
  yield last;
}

/** `text` without padding, which begins at character `at` of the whole. */
function decode(field: string, text: string, at: number): Buffer {
  const stray = /[^A-Za-z0-9+/]/.exec(text);
  if (!stray) return Buffer.from(text, 'base64');
  throw wrong(field, `there is ${JSON.stringify(stray[0])} at character ${at + stray.index}`);
}

function wrong(field: string, why: string): Problem {
  return new Problem(
    'bad_request',
    `${field} takes base64 of the characters A-Z, a-z, 0-9, + and / with = at its end; ${why}`,
  );
}
