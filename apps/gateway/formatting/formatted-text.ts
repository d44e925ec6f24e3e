/** A text with its formatting, apart from any markup: what is stored, and what Telegram is given. */
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
}

export interface FormattedText {
  readonly text: string;
  readonly entities: readonly TextEntity[];
}

/** A text without any formatting. */
export function plainText(text: string): FormattedText {
  return { text, entities: [] };
}
