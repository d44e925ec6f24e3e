/**
 * The parameters of a Content-Disposition as clients and servers really write it: names quoted or not, with spaces, raw
 * UTF-8, `filename*` (RFC 5987) and its continuations (RFC 2231), encoded words (RFC 2047), a quotation mark that is
 * missing. Header text comes as Latin-1, one character a byte.
 */

/** Decodes the bytes of a value in the charset that they name; throws where they are no text of it. */
export type Decode = (bytes: Buffer, charset: string | undefined) => string;

/** The name of the field and of the file; undefined where there is none. @throws what `decode` throws */
export function readDisposition(
  header: string,
  decode: Decode,
): { readonly name: string | undefined; readonly filename: string | undefined } {
  const parameters = parametersOf(header);
  const text = (value: string | undefined) => {
    if (value === undefined) return undefined;
    return encodedWords(value, decode) ?? decode(Buffer.from(value, 'latin1'), undefined);
  };
  return {
    name: text(parameters.get('name')),
    filename: extended(parameters, 'filename', decode) ?? text(parameters.get('filename')),
  };
}

/** Every parameter by its name in lower case; the first of two with one name counts. */
function parametersOf(header: string): Map<string, string> {
  const parameters = new Map<string, string>();
  const parameter = /;\s*([\w!#$&+.^`|~*-]+)\s*=\s*/g;
  for (let match = parameter.exec(header); match; match = parameter.exec(header)) {
    const { value, end } = valueAt(header, parameter.lastIndex);
    parameter.lastIndex = end;
    const name = match[1]!.toLowerCase();
    if (!parameters.has(name)) parameters.set(name, value);
  }
  return parameters;
}

function valueAt(header: string, start: number): { value: string; end: number } {
  if (header[start] !== '"') {
    const end = header.indexOf(';', start);
    const stop = end === -1 ? header.length : end;
    return { value: header.slice(start, stop).trim(), end: stop };
  }
  // A backslash escapes a quotation mark only: some write whole Windows paths between them.
  const quoted = /"((?:[^"\\]|\\"|\\)*?)"(?=\s*(?:;|$))/y;
  quoted.lastIndex = start;
  const match = quoted.exec(header);
  if (match) return { value: match[1]!.replace(/\\"/g, '"'), end: quoted.lastIndex };
  return {
    value: header
      .slice(start + 1)
      .replace(/"\s*$/, '')
      .trim(),
    end: header.length,
  };
}

/** `name*=charset'language'%XX`, or in numbered pieces; undefined where there is none that can be read. */
function extended(parameters: ReadonlyMap<string, string>, name: string, decode: Decode): string | undefined {
  const whole = parameters.get(`${name}*`) ?? pieces(parameters, name);
  if (whole === undefined) return undefined;
  const [, charset, escaped] = /^"?([\w.:-]*)'[^']*'(.*?)"?$/.exec(whole) ?? [undefined, undefined, whole];
  if (/%(?![0-9a-f]{2})/i.test(escaped)) return undefined;
  const bytes = escaped.replace(/%([0-9a-f]{2})/gi, (_, pair: string) =>
    String.fromCharCode(parseInt(pair, 16)),
  );
  try {
    return decode(Buffer.from(bytes, 'latin1'), charset || undefined);
  } catch {
    return undefined; // The plain one beside it may be good.
  }
}

/** `name*0="…"; name*1*=…`: joined, each plain piece escaped as the others are. */
function pieces(parameters: ReadonlyMap<string, string>, name: string): string | undefined {
  const found: string[] = [];
  for (let n = 0; n < 100; n += 1) {
    const plain = parameters.get(`${name}*${n}`);
    const escaped = parameters.get(`${name}*${n}*`);
    if (plain === undefined && escaped === undefined) break;
    found.push(escaped ?? plain!.replace(/%/g, '%25'));
  }
  if (found.length === 0) return undefined;
  return parameters.has(`${name}*0*`) ? found.join('') : `''${found.join('')}`;
}

const word = /=\?([\w.:-]+)(?:\*[\w-]+)?\?([bq])\?([^?]*)\?=/gi;

/** Text of encoded words, white space between two of them left out; undefined where there is none. */
function encodedWords(value: string, decode: Decode): string | undefined {
  word.lastIndex = 0;
  if (!word.test(value)) return undefined;
  const joined = value.replace(/\?=\s+=\?/g, '?==?');
  return joined.replace(word, (_, charset: string, kind: string, text: string) =>
    decode(kind.toLowerCase() === 'b' ? Buffer.from(text, 'base64') : quotedPrintable(text), charset),
  );
}

function quotedPrintable(text: string): Buffer {
  const bytes = text
    .replace(/_/g, ' ')
    .replace(/=([0-9a-f]{2})/gi, (_, pair: string) => String.fromCharCode(parseInt(pair, 16)));
  return Buffer.from(bytes, 'latin1');
}
