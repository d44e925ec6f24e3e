/** A body of application/x-www-form-urlencoded, raw or percent-encoded, in the charset that it declares. */
import { Problem } from '../errors.ts';
import { shortened } from '../shorten.ts';
import { decodeText } from './charset.ts';

/**
 * The fields of a form.
 * @throws Problem bad_request for a field that is there twice (422) and for bytes that are no text (400)
 */
export function parseForm(bytes: Buffer, charset: string | undefined): Record<string, string> {
  // UTF-16 has no bytes of its own for & and =.
  const isWide = /^utf-?16/i.test(charset ?? '');
  const source = isWide ? Buffer.from(decodeText(bytes, charset, 'the body')) : withoutMark(bytes);
  const encoding = isWide ? undefined : charset;
  const fields: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [from, to] of piecesOf(source)) {
    const equals = source.subarray(from, to).indexOf('=');
    const end = equals === -1 ? to : from + equals;
    const name = decodeText(unescaped(source.subarray(from, end)), encoding, 'the name of a field');
    const shown = `the field ${shortened(name)}`;
    if (name in fields) throw new Problem('bad_request', `${shown} is there twice: give it once`);
    fields[name] = decodeText(unescaped(source.subarray(Math.min(end + 1, to), to)), encoding, shown);
  }
  return { ...fields };
}

function withoutMark(bytes: Buffer): Buffer {
  return bytes.subarray(0, 3).equals(Buffer.of(0xef, 0xbb, 0xbf)) ? bytes.subarray(3) : bytes;
}

/** The bounds of what stands between the ampersands. */
function* piecesOf(source: Buffer): Generator<[from: number, to: number]> {
  for (let from = 0; from < source.length;) {
    const found = source.indexOf('&', from);
    const to = found === -1 ? source.length : found;
    if (to > from) yield [from, to];
    from = to + 1;
  }
}

const [percent, plus, space] = [0x25, 0x2b, 0x20];

/** With + as a space and %XX as its byte; a % that begins no such byte stays. */
function unescaped(piece: Buffer): Buffer {
  if (!piece.includes(percent) && !piece.includes(plus)) return piece;
  const bytes = Buffer.allocUnsafe(piece.length);
  let length = 0;
  for (let at = 0; at < piece.length; at += 1) {
    const byte = piece[at]!;
    const escaped = byte === percent ? hexPair(piece[at + 1], piece[at + 2]) : undefined;
    bytes[length++] = escaped ?? (byte === plus ? space : byte);
    if (escaped !== undefined) at += 2;
  }
  return bytes.subarray(0, length);
}

function hexPair(high: number | undefined, low: number | undefined): number | undefined {
  const [first, second] = [hexDigit(high), hexDigit(low)];
  return first === undefined || second === undefined ? undefined : first * 16 + second;
}

function hexDigit(code: number | undefined): number | undefined {
  if (code === undefined) return undefined;
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : undefined;
}
