/** What the headers of a part of a multipart body say of it. */
import { declaredCharset, decodeText } from '../../kit/bodies/charset.ts';
import { Problem } from '../../kit/errors.ts';
import { readDisposition } from './content-disposition.ts';
import { mediaTypeOf } from './document-type.ts';
import { plainName } from './names.ts';

export interface Part {
  /** Of its field. */
  readonly name: string;
  readonly isFile: boolean;
  readonly filename: string | undefined;
  /** In lower case; undefined where the part does not say. */
  readonly mimeType: string | undefined;
  /** Of its bytes, where it is a field. */
  readonly charset: string | undefined;
}

/** The parts that are files, whether or not they have a file name; but a thumbnail may be a URL. */
const fileNames = new Set(['file']);

/**
 * Reads the headers, whose text is Latin-1, one character a byte. Undefined for a part that is not of a form.
 * @throws Problem bad_request (400) for a name that is no text of its charset
 */
export function readPart(
  headers: Readonly<Record<string, readonly string[]>>,
  defaultCharset: string | undefined,
): Part | undefined {
  const disposition = headers['content-disposition']?.[0] ?? '';
  if (!/^\s*form-data\b/i.test(disposition)) return undefined;
  const decode = (bytes: Buffer, charset = defaultCharset) =>
    decodeText(bytes, charset, 'the name of a part');
  const { name, filename } = readDisposition(disposition, decode);
  if (name === undefined) {
    throw new Problem(
      'bad_request',
      'a part of the body has no name: its Content-Disposition takes name="…"',
      {
        status: 400,
      },
    );
  }
  const type = headers['content-type']?.[0];
  const mimeType = mediaTypeOf(type);
  const isText = mimeType === undefined || mimeType === 'text/plain' || mimeType === 'application/json';
  return {
    name,
    isFile: filename !== undefined || fileNames.has(name) || !isText,
    // Browsers escape what a quoted name cannot hold, and nothing else.
    filename: plainName(filename?.replace(/%22/g, '"').replace(/%0[da]/gi, ' ')),
    mimeType,
    charset: declaredCharset(type) ?? defaultCharset,
  };
}
