/** POST /send_media: a file with a caption, or an album, to one chat. */
import { createHash } from 'node:crypto';
import type { Context } from 'koa';
import { z } from 'zod';
import { bodyTypes, contentType, isJson, readObject } from '../kit/bodies/body.ts';
import { BodyMemory } from '../kit/bodies/body-memory.ts';
import { Problem } from '../kit/errors.ts';
import { shortened } from '../kit/shorten.ts';
import { notesOnFormatting, type FormattedText } from '../gateway/model/formatted-text.ts';
import type { ParseMode } from '../gateway/formatting/modes.ts';
import { parseText } from '../gateway/formatting/parse.ts';
import type { AddSends } from '../gateway/http/app.ts';
import type { Accepted, Delivering } from '../gateway/http/deliver.ts';
import { commonFields, parseFields, refuseQuery, targetFields, targetOf } from '../gateway/http/fields.ts';
import { optionFields, optionsOf } from '../gateway/http/options.ts';
import { preferences } from '../gateway/http/preferences.ts';
import { albumField, captionField, itemFields } from '../gateway/http/media-fields.ts';
import { createIntake, type Intake } from '../gateway/media/intake.ts';
import { readJson } from '../gateway/media/json-body.ts';
import { readMultipart, type Arrived, type MultipartLimits } from '../gateway/media/multipart.ts';
import { askedFor, prepareAll, type Asked } from '../gateway/media/prepare.ts';
import { isPublicAddress } from '../kit/public-address.ts';
import type { SourceRules } from '../gateway/media/sources.ts';
import type { Spool } from '../gateway/media/spool.ts';
import { spooledFilesOf, type MessageContent } from '../gateway/model/message.ts';
import type { GatewayConfig } from '../gateway/settings.ts';

/** A form has to be in memory at once, with what base64 is in it. */
const maxFormBytes = 16 * 1024 * 1024;

/** The body of a request, and the file parts of a multipart one. */
const schema = z.strictObject({
  ...commonFields,
  ...optionFields,
  ...itemFields,
  album: albumField,
  ...captionField,
});
type Fields = z.output<typeof schema>;
const earlySchema = z.object({ ...commonFields, ...optionFields });

export type MediaConfig = Pick<
  GatewayConfig,
  'MAX_UPLOAD_MB' | 'BODY_MEMORY_MB' | 'MEDIA_ROOT' | 'ALLOW_PRIVATE_URLS' | 'DEFAULT_PARSE_MODE'
>;

/** Puts the sends of media on a router; files go through `spool`. */
export function createMediaSends(config: MediaConfig): (spool: Spool) => AddSends {
  const rules: SourceRules = {
    maxBytes: config.MAX_UPLOAD_MB * 1_000_000,
    mediaRoot: config.MEDIA_ROOT,
    isAllowed: config.ALLOW_PRIVATE_URLS ? () => true : isPublicAddress,
  };
  const memory = new BodyMemory(config.BODY_MEMORY_MB);
  return (spool) => (router, delivering, describe) => {
    const paths = ['/send_media', '/send'];
    const types = ['multipart/form-data', ...bodyTypes];
    describe({ paths, schema, summary: 'Send a file, or an album, to one chat', types });
    router.post(paths, async (ctx) => {
      const intake = createIntake(spool);
      const deps = { delivering, rules, memory, defaultMode: config.DEFAULT_PARSE_MODE };
      await delivering.answer(ctx, await accept(ctx, deps, intake));
    });
  };
}

interface AcceptDeps {
  readonly delivering: Delivering;
  readonly rules: SourceRules;
  readonly memory: BodyMemory;
  readonly defaultMode: ParseMode;
}

/** Once this is over, the files are the outbox's, or gone when the request was wrong or a repeated one. */
async function accept(
  ctx: Context,
  { delivering, rules: configured, memory, defaultMode }: AcceptDeps,
  intake: Intake,
): Promise<Accepted> {
  const gone = goneSignal(ctx);
  const { fileBytes, captionLength } = delivering.limits();
  const rules = { ...configured, maxBytes: Math.min(configured.maxBytes, fileBytes) };
  const lease = memory.lease();
  let kept: string[] = [];
  try {
    refuseQuery(ctx, schema);
    const beforeFile = (early: Record<string, unknown>) => refuseEarly(ctx, delivering, early);
    const { fields: body, ...arrived } = await readBody(ctx, intake, {
      maxFileBytes: rules.maxBytes,
      beforeFile,
      lease,
    });
    const fields = parseFields(schema, body);
    const target = targetOf(fields);
    const options = optionsOf(fields);
    const asked = allAskedFor(fields, arrived);
    const captions = captionsOf(fields, defaultMode, captionLength);
    const handling = preferences(ctx, fields);
    const identities = asked.map(({ identity }) => identity);
    const [caption, ...later] = captions as [FormattedText, ...FormattedText[]];
    const laterCaptions = later.some(({ text }) => text !== '') ? later : undefined;
    // Without later captions as ever, so that a request of before an upgrade is known again.
    const fingerprint = hashOf([target, caption, options, identities, ...(laterCaptions ?? [])]);
    const earlier = await delivering.earlier({ ...handling, fingerprint });
    if (earlier) return earlier;
    delivering.check(target, options, handling.requestId);
    const { media, notes: onMedia } = await prepareAll(asked, rules, intake, gone);
    const notes = [...onMedia, ...notesOnFormatting(captions)];
    const content: MessageContent = {
      media,
      caption,
      ...(laterCaptions && { laterCaptions }),
      options,
      ...(notes.length > 0 && { notes }),
    };
    const accepted = await delivering.accept({ target, content, fingerprint, ...handling });
    if (accepted.isNew) kept = spooledFilesOf(content);
    return accepted;
  } finally {
    lease.end();
    await intake.end(kept);
  }
}

type BodyLimits = Required<Pick<MultipartLimits, 'maxFileBytes' | 'beforeFile' | 'lease'>>;

interface Body extends Arrived {
  readonly fields: unknown;
}

async function readBody(ctx: Context, intake: Intake, limits: BodyLimits): Promise<Body> {
  const type = contentType(ctx.req);
  const none = { files: new Map(), decoded: new Map() };
  if (type === 'multipart/form-data') return { ...none, ...(await readMultipart(ctx.req, intake, limits)) };
  if (isJson(type)) return { ...none, ...(await readJson(ctx.req, intake, limits)) };
  try {
    return { ...none, fields: await readObject(ctx.req, { maxBytes: maxFormBytes, lease: limits.lease }) };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.class === 'too_large')
      throw new Problem('too_large', `${error.message}: send large files as multipart/form-data or by URL`);
    if (error.class === 'unsupported_media')
      throw new Problem('unsupported_media', `${error.message}, or multipart/form-data`);
    throw error;
  }
}

/**
 * Refuses by the fields that came before a file what would be refused when it is there; a repeated request is not
 * known before its end.
 * @throws Problem bad_request, cannot_resolve
 */
function refuseEarly(ctx: Context, delivering: Delivering, early: Record<string, unknown>): void {
  const fields = parseFields(earlySchema, early);
  if (targetFields.every((name) => fields[name] === undefined)) return;
  const { idempotencyKey, requestId } = preferences(ctx, fields);
  if (idempotencyKey === undefined) delivering.check(targetOf(fields), optionsOf(fields), requestId);
}

/** Every file that is asked for, in order. @throws Problem bad_request */
function allAskedFor(fields: Fields, arrived: Arrived): Asked[] {
  const { files } = arrived;
  const { album } = fields;
  if (!album) return withoutSpareParts([askedFor(fields, arrived)], files);
  const { media, path, base64, file, filename, mime_type, spoiler, thumbnail } = fields;
  const beside = { media, path, base64, file, filename, mime_type, spoiler, thumbnail };
  for (const [name, value] of Object.entries(beside)) {
    if (value !== undefined)
      throw new Problem('bad_request', `${name} stands beside album: give it to the items of the album`);
  }
  if (fields.kind !== 'auto')
    throw new Problem('bad_request', 'kind stands beside album: give it to the items of the album');
  return withoutSpareParts(
    album.map((item, index) => askedFor(item, arrived, `album.${index}.`)),
    files,
  );
}

/** @throws Problem bad_request for a file part that nothing names, which would be lost */
function withoutSpareParts(asked: Asked[], files: Arrived['files']): Asked[] {
  const used = asked.flatMap(({ source, thumbnail }) =>
    [source, thumbnail].map((each) => each && 'upload' in each && each.upload),
  );
  for (const [name, upload] of files) {
    if (!used.includes(upload)) {
      throw new Problem(
        'bad_request',
        `a file came as the part ${shortened(name)}, which nothing names: send it as the part file`,
      );
    }
  }
  return asked;
}

/** The caption of each file in order; `caption` is that of the first. @throws Problem bad_request, text_too_long */
function captionsOf({ caption, album, parse_mode }: Fields, defaultMode: ParseMode, max: number) {
  const ofItems = (album ?? []).map((item, index) => ({
    name: `album.${index}.caption`,
    source: item.caption,
  }));
  if (caption !== undefined && ofItems[0]?.source !== undefined)
    throw new Problem('bad_request', 'two captions, caption and album.0.caption: give one');
  const first = caption === undefined ? ofItems[0] : undefined;
  return [first ?? { name: 'caption', source: caption }, ...ofItems.slice(1)].map(({ name, source }) => {
    const parsed = parseText(source ?? '', parse_mode ?? defaultMode, name);
    const { length } = parsed.text;
    if (length > max)
      throw new Problem('text_too_long', `${name} takes a text of 0 to ${max} characters, not ${length}`);
    return parsed;
  });
}

/** Aborts when the caller has hung up before there was an answer. */
function goneSignal(ctx: Context): AbortSignal {
  const gone = new AbortController();
  ctx.res.once('close', () => gone.abort());
  return gone.signal;
}

function hashOf(asked: unknown): string {
  return createHash('sha256').update(JSON.stringify(asked)).digest('hex');
}
