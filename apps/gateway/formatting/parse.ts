/** From the text of a request, in the markup it says it is in, to a formatted text. */
import { Problem } from '../../kit/errors.ts';
import { plainText, type FormattedText } from '../model/formatted-text.ts';
import { readHtml } from './html.ts';
import { readLegacyMarkdown } from './legacy-markdown.ts';
import { readMarkdownV2 } from './markdown-v2.ts';
import { MarkupError } from './markup.ts';
import type { ParseMode } from './modes.ts';
import { readTelethonMarkdown } from './telethon-markdown.ts';
import { normalizeEntities } from './normalize-entities.ts';

const readers: Readonly<Record<ParseMode, { name: string; read: (source: string) => FormattedText }>> = {
  none: { name: 'plain text', read: (source) => normalizeEntities(plainText(source)) },
  markdown: { name: 'MarkdownV2', read: (source) => normalizeEntities(readMarkdownV2(source)) },
  html: { name: 'HTML', read: (source) => normalizeEntities(readHtml(source)) },
  legacy: { name: 'Markdown', read: (source) => normalizeEntities(readLegacyMarkdown(source)) },
  telethon: { name: 'markdown', read: (source) => normalizeEntities(readTelethonMarkdown(source)) },
};

/**
 * Reads a text, without the carriage returns and the white space around it, which Telegram leaves out and does not
 * count.
 * @throws Problem bad_request that names `field` and the character, counted from 1 in UTF-16 units, where markup is wrong
 */
export function parseText(source: string, mode: ParseMode, field: string): FormattedText {
  const { name, read } = readers[mode];
  try {
    return read(source);
  } catch (error) {
    if (!(error instanceof MarkupError)) throw error;
    const where = `${field}: ${name} cannot be parsed at character ${error.at + 1}`;
    throw new Problem('bad_request', `${where}: ${error.message}`, { cause: error });
  }
}
