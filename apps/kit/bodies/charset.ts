/** Text from bytes, strictly: bytes that are not text of the declared charset are refused, never replaced. */
import { MIMEType } from 'node:util';
import { Problem } from '../errors.ts';
import { shortened } from '../shorten.ts';

/** The charset that a Content-Type declares, undefined where it declares none. */
export function declaredCharset(contentType: string | undefined): string | undefined {
  if (contentType === undefined || !/charset/i.test(contentType)) return undefined;
  try {
    return new MIMEType(contentType).params.get('charset') ?? undefined;
  } catch {
    return /charset\s*=\s*"?([\w:.-]+)/i.exec(contentType)?.[1];
  }
}

/**
 * Decodes bytes: UTF-8 where no charset is declared, a byte order mark before all.
 * `what` is what the bytes are of, such as `the body`.
 * @throws Problem bad_request (400) naming the first byte that belongs to no character, unsupported_media for a
 *   charset that is not known
 */
export function decodeText(bytes: Uint8Array, charset: string | undefined, what: string): string {
  const label = markedCharset(bytes, charset) ?? charset ?? 'utf-8';
  const decoder = createDecoder(label, what);
  try {
    return decoder.decode(bytes);
  } catch {
    throw wrongByte(bytes, decoder.encoding, charset, what);
  }
}

/**
 * Checks a stream of bytes as `decodeText` does, and passes it on as UTF-8.
 * @throws as decodeText, where the first wrong byte comes
 */
export async function* asUtf8(
  source: AsyncIterable<Buffer>,
  charset: string | undefined,
  what: string,
): AsyncGenerator<Buffer> {
  let decoder: TextDecoder | undefined;
  const decode = (chunk?: Buffer) => {
    try {
      return decoder!.decode(chunk, { stream: chunk !== undefined });
    } catch {
      throw notText(decoder!.encoding, charset, what);
    }
  };
  for await (const chunk of source) {
    const isFirst = decoder === undefined;
    decoder ??= createDecoder(markedCharset(chunk, charset) ?? charset ?? 'utf-8', what);
    const text = decode(chunk);
    const isPlain = decoder.encoding === 'utf-8' && !(isFirst && markedCharset(chunk, charset));
    yield isPlain ? chunk : Buffer.from(text);
  }
  if (decoder) yield Buffer.from(decode());
}

function createDecoder(label: string, what: string): TextDecoder {
  try {
    return new TextDecoder(label, { fatal: true });
  } catch {
    const detail = `${what} declares the charset ${shortened(label)}, which is not known here: send UTF-8`;
    throw new Problem('unsupported_media', detail);
  }
}

/** By its byte order mark, unless another charset than one of Unicode is declared. */
function markedCharset(bytes: Uint8Array, charset = 'utf-8'): string | undefined {
  if (!/^u/i.test(charset)) return undefined;
  const [first, second, third] = bytes;
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : undefined;
}

function wrongByte(bytes: Uint8Array, encoding: string, charset: string | undefined, what: string): Problem {
  // The shortest beginning that cannot be decoded ends with the wrong byte.
  let [good, bad] = [0, bytes.length];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (isDecodable(bytes.subarray(0, middle), encoding)) good = middle;
    else bad = middle;
  }
  const isWhole = isDecodable(bytes, encoding);
  const place = isWhole
    ? 'it ends within a character'
    : `byte ${good} (0x${hex(bytes[good]!)}) fits no character`;
  return notText(encoding, charset, what, place);
}

function isDecodable(beginning: Uint8Array, encoding: string): boolean {
  try {
    new TextDecoder(encoding, { fatal: true }).decode(beginning, { stream: true });
    return true;
  } catch {
    return false;
  }
}

function hex(byte: number): string {
  return byte.toString(16).toUpperCase().padStart(2, '0');
}

function notText(encoding: string, charset: string | undefined, what: string, place?: string): Problem {
  const advice =
    charset === undefined
      ? 'send UTF-8, or declare the charset in the Content-Type, as in charset=windows-1251'
      : 'declare the charset that it is in';
  const detail = `${what} is not ${encoding.toUpperCase()}${place === undefined ? '' : `: ${place}`}; ${advice}`;
  return new Problem('bad_request', detail, { status: 400 });
}
