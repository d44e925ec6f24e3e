/** From the fields of a file to what the outbox keeps of it: brought in, recognised, with its thumbnail. */
import { Problem } from '../../kit/errors.ts';
import { reason, type Reason } from '../../kit/reason.ts';
import { shortened } from '../../kit/shorten.ts';
import type { MediaKind } from '../model/media-kinds.ts';
import type { StoredMedia } from '../model/message.ts';
import { checkAlbum } from './album.ts';
import { nameWithEnding } from './endings.ts';
import type { Intake } from './intake.ts';
import type { Arrived } from './multipart.ts';
import { plainName } from './names.ts';
import { readFirstBytes } from './first-bytes.ts';
import { recognise } from './recognise.ts';
import {
  bring,
  identityOf,
  sourceOf,
  type Brought,
  type Source,
  type SourceFields,
  type SourceRules,
} from './sources.ts';
import { checkThumbnail } from './thumbnail.ts';
import { checkAnswer } from './web-answer.ts';

/** The fields of a file, checked. */
export interface FileFields extends SourceFields {
  readonly kind: MediaKind | 'auto';
  readonly filename?: string | undefined;
  readonly mime_type?: string | undefined;
  readonly spoiler?: boolean | undefined;
  readonly thumbnail?: SourceFields | undefined;
}

/** A file that was asked for, with its sources found but not yet fetched. */
export interface AskedFile {
  /** `album.3.` for an item of an album, else empty. */
  readonly prefix: string;
  readonly fields: FileFields;
  readonly source: Source;
  readonly thumbnail: Source | undefined;
  /** Of everything that makes two requests the same one. */
  readonly identity: unknown;
}

/** Finds the sources that `fields` name. @throws Problem bad_request */
export function askedFor(fields: FileFields, arrived: Arrived, prefix = ''): AskedFile {
  const isSingle = prefix === '';
  const source = sourceOf(fields, arrived, prefix, isSingle ? 'file' : undefined);
  const implied = isSingle ? 'thumbnail' : undefined;
  const hasThumbnail =
    fields.thumbnail !== undefined || (implied !== undefined && arrived.files.has(implied));
  const thumbnail = hasThumbnail
    ? sourceOf(fields.thumbnail ?? {}, arrived, `${prefix}thumbnail.`, implied)
    : undefined;
  const { kind, filename, mime_type, spoiler } = fields;
  const sources = [identityOf(source), thumbnail && identityOf(thumbnail)];
  return { prefix, fields, source, thumbnail, identity: [...sources, kind, filename, mime_type, spoiler] };
}

/** @throws Problem bad_request for a file part that nothing names, which would be lost */
export function refuseSpareParts(asked: readonly AskedFile[], { files }: Arrived): void {
  const used = asked.flatMap(({ source, thumbnail }) =>
    [source, thumbnail].map((each) => each && 'upload' in each && each.upload),
  );
  for (const [name, upload] of files) {
    if (used.includes(upload)) continue;
    const detail = `a file came as the part ${shortened(name)}, which nothing names: send it as the part file`;
    throw new Problem('bad_request', detail);
  }
}

/**
 * Brings in all files of a message, one after another. `notes` say what was done otherwise than asked.
 * @throws Problem naming the field
 */
export async function prepareAll(
  asked: readonly AskedFile[],
  rules: SourceRules,
  intake: Intake,
  gone: AbortSignal,
): Promise<{ media: StoredMedia[]; notes: Reason[] }> {
  const prepared = [];
  for (const each of asked) prepared.push(await prepare(each, rules, intake, gone));
  if (prepared.length > 1) {
    checkAlbum(
      prepared.map(({ media, notes }, index) => ({
        field: asked[index]!.source.field,
        kind: media.kind,
        notes,
      })),
    );
  }
  return { media: prepared.map(({ media }) => media), notes: prepared.flatMap(({ notes }) => notes) };
}

async function prepare(
  { fields, source, thumbnail }: AskedFile,
  rules: SourceRules,
  intake: Intake,
  gone: AbortSignal,
): Promise<{ media: StoredMedia; notes: Reason[] }> {
  const file = await bring(source, rules, intake, gone);
  await checkBrought(file, fields, intake);
  const { field, spooled, sizeBytes, toldType } = file;
  const name = plainName(fields.filename) ?? file.name;
  const { kind, mime_type: mimeType } = fields;
  const candidate = { field, sizeBytes, name, kind, mimeType, toldType };
  const { note, ...recognised } = await recognise({ ...candidate, path: intake.path(spooled) });
  const notes = note === undefined ? [] : [note];
  const media = {
    spooled,
    sizeBytes,
    ...recognised,
    name: plainName(nameWithEnding(name, recognised.mimeType))!,
    ...(fields.spoiler && { spoiler: true }),
  };
  if (!thumbnail) return { media, notes };
  const brought = await bring(thumbnail, rules, intake, gone);
  await checkBrought(brought, { kind: 'photo' }, intake);
  const checked = await checkThumbnail(brought, intake.path(brought.spooled));
  if (recognised.kind !== 'photo') return { media: { ...media, thumbnail: checked }, notes };
  return { media, notes: [...notes, reason('thumbnail_left_out', { field: brought.field })] };
}

/** @throws Problem media_invalid for a web page, or an error, that came in place of the file */
async function checkBrought(
  { field, spooled, sizeBytes, answer }: Brought,
  { kind, filename, mime_type }: Pick<FileFields, 'kind' | 'filename' | 'mime_type'>,
  intake: Intake,
): Promise<void> {
  if (!answer) return;
  const names = [plainName(filename), ...answer.names];
  const isShown = kind !== 'auto' && kind !== 'document';
  const asked = { ...answer, field, sizeBytes, names, mimeType: mime_type, isShown };
  checkAnswer(asked, await readFirstBytes(intake.path(spooled)));
}
