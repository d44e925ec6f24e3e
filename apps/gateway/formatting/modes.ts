/** What markup a text may come in. */

/** By the words of a request, the first of those that differ only in case being the one for any other case. */
const modes = {
  none: 'none',
  /** The Bot API's MarkdownV2 and HTML. */
  markdown: 'markdown',
  MarkdownV2: 'markdown',
  html: 'html',
  /** The markdown of Telethon's clients. */
  telethon: 'telethon',
  /** The Bot API's older form, under the very word it has there. */
  Markdown: 'legacy',
} as const;
type Word = keyof typeof modes;
export type ParseMode = (typeof modes)[Word];

export const parseModeTakes =
  'none, markdown or MarkdownV2, html, telethon (in any case), or Markdown, as written, for the older form of the Bot API';

/** The mode that a word stands for, or undefined. */
export function parseModeOf(word: string): ParseMode | undefined {
  const words = Object.keys(modes) as Word[];
  const isSame = (each: string) => each.toLowerCase() === word.toLowerCase();
  const found = words.find((each) => each === word) ?? words.find(isSame);
  return found && modes[found];
}
