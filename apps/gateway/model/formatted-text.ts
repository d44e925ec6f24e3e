/** A text with its formatting, apart from any markup: what is stored, and what Telegram is given. */
import { reason, type Reason } from '../../kit/reason.ts';

export type EntityType =
  | 'bold'
  | 'italic'
  | 'underline'
  | 'strikethrough'
  | 'spoiler'
  | 'code'
  | 'pre'
  | 'text_link'
  | 'text_mention'
  | 'custom_emoji'
  | 'date_time'
  | 'blockquote'
  | 'expandable_blockquote';

/** A stretch of a text; offset and length in UTF-16 units, as Telegram and JavaScript count. */
export interface TextEntity {
  readonly type: EntityType;
  readonly offset: number;
  readonly length: number;
  /** Of a text_link. */
  readonly url?: string;
  /** Of a pre. */
  readonly language?: string;
  /** Of a text_mention; decimal. */
  readonly userId?: string;
  /** Of a custom_emoji; decimal. */
  readonly customEmojiId?: string;
  /** Of a date_time: the time, in epoch seconds. */
  readonly unixTime?: number;
  /** Of a date_time: how it is shown, as r or any of w, d or D, t or T; as the text itself when it is empty. */
  readonly dateTimeFormat?: string;
}

/** The entities of a message that Telegram keeps; what comes after them is plain. */
export const maxEntities = 100;

export interface FormattedText {
  readonly text: string;
  readonly entities: readonly TextEntity[];
}

/** A text without any formatting. */
export function plainText(text: string): FormattedText {
  return { text, entities: [] };
}

/** What to tell the caller where Telegram will leave formatting out without a word; nothing where it keeps it all. */
export function notesOnFormatting(
  texts: readonly FormattedText[],
  code: 'formatting_cut' | 'formatting_cut_text' = 'formatting_cut',
): Reason[] {
  const most = Math.max(...texts.map(({ entities }) => entities.length));
  if (most <= maxEntities) return [];
  return [reason(code, { most: maxEntities, count: most })];
}
