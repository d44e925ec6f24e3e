/** A text, as one message or, when asked, as several. */
import { z } from 'zod';
import { Problem } from '../../kit/errors.ts';
import type { ParseMode } from '../formatting/modes.ts';
import { parseText } from '../formatting/parse.ts';
import { maxTextLength, splitText } from '../formatting/split.ts';
import { notesOnFormatting, type FormattedText } from '../model/formatted-text.ts';
import { flag } from './field-types.ts';
import { kind } from './kind.ts';

const maxParts = 50;
/** Of a text with its markup: more than twice what the messages can hold. */
const maxSourceLength = 512 * 1024;

const textTakes = `takes a text of 1 to ${maxTextLength} characters, longer with split`;
const textField = z.string({ error: textTakes }).min(1, textTakes).optional();

interface Kept {
  readonly texts: readonly FormattedText[];
}

export const text = kind({
  name: 'text',
  gateways: ['text'],
  fields: {
    text: textField,
    message: textField,
    split: flag.optional().describe('Sends a text of more than 4096 characters as several messages'),
  },
  beside: 'give one of them',
  read: (fields, { mode, limits }) => {
    const { name, source } = onlyText(fields);
    const { split = false } = fields;
    const texts = textsOf({ source, mode }, name, split, limits.textLength);
    return {
      identity: (target, options) => [target, { source, mode }, split, options],
      files: [],
      keep: (): Kept => ({ texts }),
      // What Telegram will leave out, and what can be done about it.
      notes: notesOnFormatting(texts, 'formatting_cut_text'),
    };
  },
  isOf: (content) => 'texts' in content,
  method: 'messages.sendMessage',
  calls: ({ texts }: Kept) => texts.map((text) => ({ text })),
});

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

interface Fields {
  readonly text?: string | undefined;
  readonly message?: string | undefined;
}

function onlyText({ text, message }: Fields): { name: string; source: string } {
  if (text !== undefined && message !== undefined) {
    throw new Problem('bad_request', 'two texts, text and message: give exactly one');
  }
  if (text !== undefined) return { name: 'text', source: text };
  if (message !== undefined) return { name: 'message', source: message };
  throw new Problem('bad_request', `text is missing: text ${textTakes}`);
}
