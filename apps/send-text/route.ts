/** POST /send_text: a text to one chat, as one message or, when asked, as several. */
import { hash } from 'node:crypto';
import { z } from 'zod';
import { bodyTypes, readObject } from '../kit/bodies/body.ts';
import { BodyMemory } from '../kit/bodies/body-memory.ts';
import { Problem } from '../kit/errors.ts';
import { notesOnFormatting, type FormattedText } from '../gateway/model/formatted-text.ts';
import type { ParseMode } from '../gateway/formatting/modes.ts';
import { parseText } from '../gateway/formatting/parse.ts';
import { maxTextLength, splitText } from '../gateway/formatting/split.ts';
import type { AddSends } from '../gateway/http/app.ts';
import { commonFields, parseFields, refuseQuery, targetOf } from '../gateway/http/fields.ts';
import { flag, optionFields, optionsOf } from '../gateway/http/options.ts';
import { preferences } from '../gateway/http/preferences.ts';
import type { GatewayConfig } from '../gateway/settings.ts';

const maxParts = 50;
/** Of a text with its markup: more than twice what the messages can hold. */
const maxSourceLength = 512 * 1024;
/** Lets the longest split text come in any script, also escaped as JSON and forms have it. */
const maxBytes = 2 * 1024 * 1024;

const textTakes = `takes a text of 1 to ${maxTextLength} characters, longer with split`;
const text = z.string({ error: textTakes }).min(1, textTakes).optional();
const split = flag.optional().describe('Sends a text of more than 4096 characters as several messages');
const schema = z.strictObject({ ...commonFields, ...optionFields, text, message: text, split });
type Fields = z.output<typeof schema>;

export type TextConfig = Pick<GatewayConfig, 'DEFAULT_PARSE_MODE' | 'BODY_MEMORY_MB'>;

/** Puts the sends of texts on a router. */
export function createTextSends(config: TextConfig): () => AddSends {
  const memory = new BodyMemory(config.BODY_MEMORY_MB);
  return () => (router, delivering, describe) => {
    const paths = ['/send_text', '/send'];
    describe({ paths, schema, summary: 'Send a text to one chat', types: bodyTypes });
    router.post(paths, async (ctx) => {
      refuseQuery(ctx, schema);
      const lease = memory.lease();
      const body = await readObject(ctx.req, { maxBytes, lease }).finally(() => lease.end());
      const fields = parseFields(schema, body);
      const target = targetOf(fields);
      const options = optionsOf(fields);
      const { name, source } = onlyText(fields);
      const markup = { source, mode: fields.parse_mode ?? config.DEFAULT_PARSE_MODE };
      const isSplit = fields.split ?? false;
      const texts = textsOf(markup, name, isSplit, delivering.limits().textLength);
      const handling = preferences(ctx, fields);
      const fingerprint = hash('sha256', JSON.stringify([target, markup, isSplit, options]));
      const accepted = await delivering.accept({
        target,
        content: { texts, options, ...notesOn(texts) },
        fingerprint,
        ...handling,
      });
      await delivering.answer(ctx, accepted);
    });
  };
}

/** A text as it came. */
interface Markup {
  readonly source: string;
  readonly mode: ParseMode;
}

/** The messages of at most `max` characters that the text of the field `name` becomes. @throws Problem bad_request, text_too_long */
function textsOf({ source, mode }: Markup, name: string, isSplit: boolean, max: number): FormattedText[] {
  if (source.length > maxSourceLength) {
    const detail = `${name} is ${source.length} characters long with its markup, and one request takes`;
    throw new Problem(
      'text_too_long',
      `${detail} ${maxSourceLength}: send it as a document, or in several requests`,
    );
  }
  const formatted = parseText(source, mode, name);
  const { length } = formatted.text;
  if (formatted.text.trim() === '') {
    throw new Problem('bad_request', `${name} is empty once it is formatted: it takes more than white space`);
  }
  if (length > max && !isSplit) {
    const detail = `${name} is ${length} characters long as Telegram counts, and a message takes ${max}`;
    throw new Problem('text_too_long', `${detail}: with split: true it is sent as several messages`);
  }
  const texts = isSplit ? splitText(formatted, max) : [formatted];
  if (texts.length > maxParts) {
    const detail = `${name} would be split into ${texts.length} messages, and one request takes ${maxParts}`;
    throw new Problem('text_too_long', `${detail}: send it as a document, or in several requests`);
  }
  return texts;
}

/** What Telegram will leave out, and what can be done about it. */
function notesOn(texts: readonly FormattedText[]): { notes?: readonly string[] } {
  const notes = notesOnFormatting(texts);
  if (notes.length === 0) return {};
  return { notes: notes.map((note) => `${note}: with split: true it is sent as several that keep them all`) };
}

function onlyText({ text, message }: Fields): { name: string; source: string } {
  if (text !== undefined && message !== undefined) {
    throw new Problem('bad_request', 'two texts, text and message: give exactly one');
  }
  if (text !== undefined) return { name: 'text', source: text };
  if (message !== undefined) return { name: 'message', source: message };
  throw new Problem('bad_request', `text is missing: text ${textTakes}`);
}
