/** POST /send_media: a file with a caption to one chat. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Context } from 'koa';
import { z } from 'zod';
import { contentType } from '../kit/body.ts';
import { Problem } from '../kit/errors.ts';
import { plainText } from '../gateway/formatting/formatted-text.ts';
import type { AddSends } from '../gateway/http/app.ts';
import { commonFields, parseFields, targetOf, textOf } from '../gateway/http/fields.ts';
import { preferences } from '../gateway/http/preferences.ts';
import { recognise } from '../gateway/media/kind.ts';
import { readMultipart, type Upload } from '../gateway/media/multipart.ts';
import type { Spool } from '../gateway/outbox/spool.ts';

const maxCaption = 1024;

const schema = z.strictObject({
  ...commonFields,
  caption: textOf(maxCaption, 0).default(''),
  kind: z.enum(['auto', 'photo', 'document'], { error: 'takes auto, photo or document' }).default('auto'),
  filename: z
    .string({ error: 'takes a file name' })
    .min(1, 'takes a file name')
    .max(255, 'takes at most 255 characters')
    .optional(),
});

/** Puts the sends of media on a router; files go through `spool`. */
export function createMediaSends(maxFileBytes: number): (spool: Spool) => AddSends {
  return (spool) => (router, delivering) => {
    router.post(['/send_media', '/send'], async (ctx) => {
      if (contentType(ctx.req) !== 'multipart/form-data') {
        throw new Problem('unsupported_media', 'send multipart/form-data with the part file');
      }
      const upload = await readMultipart(ctx.req, spool, maxFileBytes);
      const { message, waitSeconds } = await accept(ctx, upload).catch(async (error: unknown) => {
        if (upload.file) await spool.remove(upload.file.name);
        throw error;
      });
      await delivering.answer(ctx, message, waitSeconds);
    });

    /** From here on the file is the outbox's, or nobody's when the request is a repeated one. */
    async function accept(ctx: Context, upload: Upload) {
      const { file, fields } = checked(upload);
      const target = targetOf(fields);
      const { waitSeconds, ...handling } = preferences(ctx, fields);
      const { sizeBytes, name: spooled } = file;
      const name = fields.filename ?? file.filename;
      const recognised = await recognise(spool.path(spooled), { name, sizeBytes, kind: fields.kind });
      const { message, isNew } = await delivering.accept({
        target,
        content: {
          media: [{ spooled, sizeBytes, name, ...recognised }],
          caption: plainText(fields.caption),
          options: {},
        },
        fingerprint: await fingerprint([target, fields.caption, name, recognised.kind], spool.path(spooled)),
        ...handling,
      });
      if (!isNew) await spool.remove(spooled);
      return { message, waitSeconds };
    }
  };
}

function checked({ file, fields }: Upload) {
  const parsed = parseFields(schema, fields);
  if (!file) throw new Problem('bad_request', 'file is missing: send it as the multipart part file');
  if (file.sizeBytes === 0) throw new Problem('media_invalid', 'file is empty');
  return { file, fields: parsed };
}

/** Of what was asked for and the bytes of the file. */
async function fingerprint(asked: unknown, file: string): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(asked));
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
