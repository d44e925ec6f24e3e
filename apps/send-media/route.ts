/** POST /send_media: a file with a caption, or an album, to one chat. */
import type { Context } from 'koa';
import { bodyTypes, contentType, isJson, readObject } from '../kit/bodies/body.ts';
import { BodyMemory } from '../kit/bodies/body-memory.ts';
import { Problem } from '../kit/errors.ts';
import type { AddSends } from '../gateway/http/app.ts';
import type { Accepted, Delivering } from '../gateway/http/deliver.ts';
import { refuseQuery } from '../gateway/http/fields.ts';
import { createIntake, type Intake } from '../gateway/media/intake.ts';
import { readJson } from '../gateway/media/json-body.ts';
import { readMultipart, type Arrived, type MultipartLimits } from '../gateway/media/multipart.ts';
import { prepareAll, type AskedFile } from '../gateway/media/prepare.ts';
import { isPublicAddress } from '../kit/public-address.ts';
import type { SourceRules } from '../gateway/media/sources.ts';
import type { Spool } from '../gateway/media/spool.ts';
import { spooledFilesOf } from '../gateway/model/message.ts';
import type { GatewayConfig } from '../gateway/settings.ts';

/** A form has to be in memory at once, with what base64 is in it. */
const maxFormBytes = 16 * 1024 * 1024;

export type MediaConfig = Pick<
  GatewayConfig,
  'MAX_UPLOAD_MB' | 'BODY_MEMORY_MB' | 'MEDIA_ROOT' | 'ALLOW_PRIVATE_URLS'
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
    const { schema } = delivering;
    const paths = ['/send_media', '/send'];
    const types = ['multipart/form-data', ...bodyTypes];
    describe({ paths, schema, summary: 'Send a file, or an album, to one chat', types });
    router.post(paths, async (ctx) => {
      refuseQuery(ctx, schema);
      const accepted = await accept(ctx, delivering, rules, memory, createIntake(spool));
      await delivering.answer(ctx, accepted);
    });
  };
}

/** Once this is over, the files are the outbox's, or gone when the request was wrong or a repeated one. */
async function accept(
  ctx: Context,
  delivering: Delivering,
  configured: SourceRules,
  memory: BodyMemory,
  intake: Intake,
): Promise<Accepted> {
  const gone = goneSignal(ctx);
  const rules = {
    ...configured,
    maxBytes: Math.min(configured.maxBytes, delivering.limits().fileBytes),
  };
  const lease = memory.lease();
  let kept: string[] = [];
  try {
    const beforeFile = (early: Record<string, unknown>) => delivering.refuseEarly(ctx, early);
    const { fields, ...arrived } = await readBody(ctx, intake, {
      maxFileBytes: rules.maxBytes,
      beforeFile,
      lease,
    });
    const bring = (asked: readonly AskedFile[]) => prepareAll(asked, rules, intake, gone);
    const accepted = await delivering.accept(ctx, fields, { arrived, bring });
    if (accepted.isNew) kept = spooledFilesOf(accepted.message.content);
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

/** Aborts when the caller has hung up before there was an answer. */
function goneSignal(ctx: Context): AbortSignal {
  const gone = new AbortController();
  ctx.res.once('close', () => gone.abort());
  return gone.signal;
}
