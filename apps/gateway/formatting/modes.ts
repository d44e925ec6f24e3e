/** What markup a text may come in. */

/** `markdown` and `html` are the Bot API's MarkdownV2 and HTML, `telethon` the markdown of Telethon's clients. */
export const parseModes = ['none', 'markdown', 'html', 'telethon'] as const;
export type ParseMode = (typeof parseModes)[number];
