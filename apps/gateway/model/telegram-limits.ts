/** What the server allows the account: how much it may send at once, and whether it is frozen. */
export interface TelegramLimits {
  /** Characters of a text, in UTF-16 units after parsing. */
  readonly textLength: number;
  /** Characters of a caption. */
  readonly captionLength: number;
  readonly fileBytes: number;
}

/** Telegram lets a frozen account read and not write. Times are in milliseconds since the epoch. */
export interface Freeze {
  readonly since: number;
  /** When Telegram deletes the account unless an appeal is granted. */
  readonly until: number | undefined;
  /** Where to appeal. */
  readonly appealUrl: string | undefined;
}

/** Files are uploaded in parts of this size, and limited by their number. */
export const uploadPartBytes = 512 * 1024;

/** Those of an account without Premium, for as long as the server has not said otherwise. */
export const defaultLimits: TelegramLimits = {
  textLength: 4096,
  captionLength: 1024,
  fileBytes: 4000 * uploadPartBytes,
};
