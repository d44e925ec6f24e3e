/** POST /send_text: a text to one chat. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { readObject } from '../kit/body.ts';
import { Problem } from '../kit/errors.ts';
import { plainText } from '../gateway/formatting/formatted-text.ts';
import type { AddSends } from '../gateway/http/app.ts';
import { commonFields, parseFields, targetOf, textOf } from '../gateway/http/fields.ts';
import { preferences } from '../gateway/http/preferences.ts';

const maxText = 4096;
const maxBodyBytes = 64 * 1024;

const schema = z.strictObject({
  ...commonFields,
  text: textOf(maxText, 1).optional(),
  message: textOf(maxText, 1).optional(),
});

/** Puts the sends of texts on a router. */
export const addTextSends: AddSends = (router, delivering) => {
  router.post(['/send_text', '/send'], async (ctx) => {
    const fields = parseFields(schema, await readObject(ctx.req, maxBodyBytes));
    const target = targetOf(fields);
    const text = onlyText(fields);
    const { waitSeconds, ...handling } = preferences(ctx, fields);
    const fingerprint = createHash('sha256')
      .update(JSON.stringify([target, text]))
      .digest('hex');
    const { message } = await delivering.accept({
      target,
      content: { texts: [plainText(text)], options: {} },
      fingerprint,
      ...handling,
    });
    await delivering.answer(ctx, message, waitSeconds);
  });
};

function onlyText({ text, message }: z.output<typeof schema>): string {
  if (text !== undefined && message !== undefined) {
    throw new Problem('bad_request', 'two texts, text and message: give exactly one');
  }
  const value = text ?? message;
  if (value === undefined)
    throw new Problem('bad_request', `text is missing: it takes 1 to ${maxText} characters`);
  return value;
}
