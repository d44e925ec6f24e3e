/** The four ways in which a file comes with a request, each ending in the spool. */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { Problem } from '../../kit/errors.ts';
import { decodeBase64 } from './base64.ts';
import { fetchUrl, type Answer, type FetchRules } from './fetch-url.ts';
import type { Intake } from './intake.ts';
import { limited } from './limited.ts';
import type { Arrived, UploadedFile } from './multipart.ts';
import { nameOfPath } from './names.ts';
import { openWithinRoot } from './open-within-root.ts';
import { shortened } from '../../kit/shorten.ts';

/** The fields that say where a file comes from. */
export interface SourceFields {
  /** A URL. */
  readonly media?: string | undefined;
  /** Within the media root. */
  readonly path?: string | undefined;
  readonly base64?: string | undefined;
  /** The name of a part of the body. */
  readonly file?: string | undefined;
}

/** A file on its way, and the field that names it. */
export type Source = { readonly field: string } & (
  | { readonly url: string }
  | { readonly path: string }
  | { readonly base64: string }
  | { readonly upload: UploadedFile }
);

export interface SourceRules extends FetchRules {
  /** The folder that paths may lead to; none is taken without it. */
  readonly mediaRoot: string | undefined;
}

/** A file in the spool. */
export interface Brought {
  readonly field: string;
  readonly spooled: string;
  readonly sizeBytes: number;
  /** What it was called where it came from. */
  readonly name: string | undefined;
  /** The Content-Type of the answer or of the part that it came in; undefined where there was none. */
  readonly toldType: string | undefined;
  /** Where it came from a URL. */
  readonly answer?: Answer;
}

/**
 * The one source that `fields` name. `prefix` is that of their names, such as `album.3.`; a file part named `implied`
 * needs no field.
 * @throws Problem bad_request for none, two, or a part that is not there
 */
export function sourceOf(
  fields: SourceFields,
  { files, decoded }: Arrived,
  prefix: string,
  implied?: string,
): Source {
  const upload = implied === undefined ? undefined : files.get(implied);
  const { media, path, base64, file } = fields;
  const given = Object.entries({ media, path, base64, file: file ?? upload }).filter(
    ([, value]) => value !== undefined,
  );
  if (given.length === 0) {
    const name = prefix === '' ? 'file' : prefix.slice(0, -1);
    throw new Problem(
      'bad_request',
      `${name} is missing: give media (a URL), path, base64, or the multipart part file`,
    );
  }
  const names = given.map(([name]) => `${prefix}${name}`);
  if (given.length > 1 || (file !== undefined && upload)) {
    throw new Problem('bad_request', `two sources of one file, ${names.join(' and ')}: give exactly one`);
  }
  const field = names[0]!;
  if (media !== undefined) return { field, url: media };
  if (path !== undefined) return { field, path };
  if (base64 !== undefined) {
    const file = decoded.get(base64);
    return file
      ? { field, upload: { ...file, filename: undefined, mimeType: undefined } }
      : { field, base64 };
  }
  if (upload) return { field: implied!, upload };
  const named = files.get(file!);
  if (named) return { field, upload: named };
  throw new Problem(
    'bad_request',
    `${field} names the file part ${shortened(file!)}, which is not in the body`,
  );
}

/** What tells one source from another, without fetching it. */
export function identityOf(source: Source): unknown {
  if ('url' in source) return ['url', source.url];
  if ('path' in source) return ['path', source.path];
  if ('upload' in source) return ['bytes', source.upload.sha256];
  return ['bytes', createHash('sha256').update(source.base64, 'base64').digest('hex')];
}

/** Brings a file into the spool. @throws Problem naming its field, when there is no such file or it is too large */
export async function bring(
  source: Source,
  rules: SourceRules,
  intake: Intake,
  gone: AbortSignal,
): Promise<Brought> {
  const { field } = source;
  const brought = await bringAny(source, rules, intake, gone);
  if (brought.sizeBytes === 0) throw new Problem('media_invalid', `${field} is empty`);
  return { field, ...brought };
}

async function bringAny(
  source: Source,
  rules: SourceRules,
  intake: Intake,
  gone: AbortSignal,
): Promise<Omit<Brought, 'field'>> {
  const { field } = source;
  if ('upload' in source) {
    const { name: spooled, sizeBytes, filename, mimeType } = source.upload;
    if (sizeBytes > rules.maxBytes) throw tooLarge(field, rules.maxBytes);
    return { spooled, sizeBytes, name: filename, toldType: mimeType };
  }
  if ('url' in source) {
    const keep = (body: Parameters<Intake['write']>[0]) => intake.write(body);
    const { kept, name, answer } = await fetchUrl(field, source.url, rules, keep, gone);
    return { spooled: kept.name, sizeBytes: kept.sizeBytes, name, toldType: answer.toldType, answer };
  }
  const stream =
    'path' in source
      ? await openWithinRoot(field, rules.mediaRoot, source.path)
      : Readable.from(decodeBase64(field, inPieces(source.base64)), { objectMode: false });
  const { name: spooled, sizeBytes } = await intake.write(
    limited(stream, rules.maxBytes, () => tooLarge(field, rules.maxBytes)),
  );
  const name = 'path' in source ? nameOfPath(source.path) : undefined;
  return { spooled, sizeBytes, name, toldType: undefined };
}

function tooLarge(field: string, maxBytes: number): Problem {
  return new Problem('too_large', `${field} is larger than ${maxBytes} bytes`);
}

/** So that nobody else waits while a long text is decoded. */
function* inPieces(text: string): Generator<string> {
  const length = 64 * 1024;
  for (let at = 0; at < text.length; at += length) yield text.slice(at, at + length);
  if (text === '') yield '';
}
