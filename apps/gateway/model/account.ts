/** The port through which the rest of the gateway sees Telegram: a signed-in account that sends. */
import type { FormattedText } from './formatted-text.ts';
import type { SendOptions } from './message.ts';
import type { PeerKind } from './marked-id.ts';
import type { TelegramLimits } from './telegram-limits.ts';
import type { Standing } from './standing.ts';

/** A chat as Telegram wants it named: ids are decimal strings; a basic group has no access hash. */
export interface Peer {
  readonly chatId: string;
  readonly kind: PeerKind | 'self';
  readonly accessHash: string;
  readonly title: string;
  readonly username: string | undefined;
  /** All active usernames but the first; absent where they are not known, as from our own table. */
  readonly usernames?: readonly string[];
  readonly phone: string | undefined;
  /** Whether a user is a contact; absent where that is not known. */
  readonly isContact?: boolean;
  /** Whether it is a bot, which anybody may write to: an account that is limited writes to @SpamBot. */
  readonly isBot?: boolean;
  /** Whether the account may post there, as far as the dialog list tells. */
  readonly writable: boolean;
  /** The supergroup that a basic group has become. */
  readonly migratedTo?: string | undefined;
}

export type PeerAddress = Pick<Peer, 'chatId' | 'kind' | 'accessHash'>;

/** A file to upload, by the absolute path of its spooled bytes. */
export interface FileContent {
  readonly file: string;
  readonly sizeBytes: number;
}

/** An object of Telegram's schema: the name of its constructor, as the client library spells it, and its fields. */
export interface TlObject {
  readonly className: string;
  readonly [field: string]: unknown;
}

/** A file of a message, and what it is to become. */
export interface OutgoingFile extends FileContent {
  /** The name it is uploaded by. */
  readonly name: string;
  /** The picture that stands for it. */
  readonly thumbnail?: FileContent | undefined;
  /** The InputMedia that asks for it, of the InputFiles that it and its thumbnail were uploaded to. */
  input(file: object, thumbnail: object | undefined): TlObject;
}

/** The RPC methods that send a message. */
export const sendMethods = ['messages.sendMessage', 'messages.sendMedia', 'messages.sendMultiMedia'] as const;

export type SendMethod = (typeof sendMethods)[number];

/** What is sent with one call. `randomIds` (decimal, signed 64-bit, never 0) make sending it again harmless. */
export interface Outgoing {
  readonly method: SendMethod;
  /** One for each message that Telegram makes of it. */
  readonly randomIds: readonly string[];
  /** The text, or the caption; of an album, that of its first item. */
  readonly text: FormattedText;
  /** The captions of the other items of an album, where any of them has one. */
  readonly laterTexts?: readonly FormattedText[] | undefined;
  readonly files: readonly OutgoingFile[];
  /** The InputMedia of a kind that has no files. */
  readonly input?: TlObject | undefined;
  readonly options: SendOptions;
}

/**
 * What Telegram made of it, in the order of the random ids; `date` in epoch seconds. An id is null where Telegram sent the
 * message and did not say under which.
 */
export interface Sent {
  readonly messageIds: readonly (number | null)[];
  readonly date: number;
}

/** What the files of one message have become at Telegram; known to the account alone. */
export type UploadedFiles = object;

/** Where a walk over the dialogs stands. All zero is the start of a folder; without a peer, it is a date alone. */
export interface DialogCursor {
  readonly folder: 0 | 1;
  readonly offsetDate: number;
  readonly offsetId: number;
  readonly offsetPeer: PeerAddress | undefined;
  /** The pinned dialogs, with which a folder starts, have been read, and none behind them. */
  readonly isBehindPins?: true;
}

export interface DialogPage {
  readonly peers: readonly Peer[];
  /** The marked ids of the page's dialogs. */
  readonly dialogs: readonly string[];
  /** Where to go on in the folder, or undefined where there is nothing to go on from. */
  readonly next: DialogCursor | undefined;
}

/** The start of folder 0, the main list, or 1, the archive. */
export function startOfFolder(folder: 0 | 1): DialogCursor {
  return { folder, offsetDate: 0, offsetId: 0, offsetPeer: undefined };
}

/** Whether a folder starts there. */
export function isStart({ offsetDate, isBehindPins }: DialogCursor): boolean {
  return offsetDate === 0 && !isBehindPins;
}

export interface AccountState {
  /**
   * `ready` sends; `connecting` is being retried; `unconfirmed` may be signed out and is being asked for; `frozen` may
   * read and not send; `signed_out` needs a person.
   */
  readonly phase: 'connecting' | 'ready' | 'unconfirmed' | 'frozen' | 'signed_out' | 'closed';
  readonly self: { readonly id: string; readonly name: string } | undefined;
  /** Why it is not ready, and what to do, for people. */
  readonly reason: string | undefined;
  readonly standing: Standing;
  /** Since when it is in that phase, in milliseconds since the epoch. */
  readonly since: number;
  readonly lastPongAt: number | undefined;
  /** The server's errors since its last good answer; `name` and `method` are those of the latest. */
  readonly serverErrors?:
    | { readonly name: string; readonly method: string; readonly since: number; readonly inARow: number }
    | undefined;
  /** What the account may send at most; Telegram's defaults until it has answered. */
  readonly limits: TelegramLimits;
}

/**
 * A signed-in account. Every call ends within its timeout with a value or one of TelegramError (refused), Unreached
 * (never sent), OutcomeUnknown (perhaps done) and GateClosed (not sent: Telegram asked to wait).
 */
export interface Account {
  readonly state: AccountState;
  /** Calls back after every change of `state.phase`; returns the way to stop that. */
  onChange(listener: () => void): () => void;
  /** Asks Telegram for a sign of life; milliseconds it took. */
  ping(): Promise<number>;
  /** When a call of the method last succeeded since this service started. */
  succeededAt(method: string): number | undefined;
  /** Uploads the files of a message; undefined for a text. Sends nothing, whatever it fails with. */
  upload(peer: PeerAddress, message: Outgoing): Promise<UploadedFiles | undefined>;
  /** Sends a message with what `upload` has made of its files. */
  send(peer: PeerAddress, message: Outgoing, files?: UploadedFiles): Promise<Sent>;
  dialogs(cursor: DialogCursor): Promise<DialogPage>;
  /** The chat of `@username`, or of a phone number as `+digits`. Guarded by long waits: to be asked rarely. */
  lookUp(name: string): Promise<Peer>;
  /** A basic group as Telegram sees it now, with the supergroup it may have become. */
  basicGroup(chatId: string): Promise<readonly Peer[]>;
  /** Takes messages back that wait in a chat for their time. False where one of them does not, and then none is taken back. */
  takeBack(peer: PeerAddress, ids: readonly number[]): Promise<boolean>;
  close(): Promise<void>;
}

/** Whether a method sends a message. */
export function isSendMethod(method: string): boolean {
  return sendMethods.some((each) => each === method);
}

/** Whether a closed gate of `scope` holds back who sends with `methods`: it does not where another gateway sends with it. */
export function holdsBack(methods: readonly string[], scope: string): boolean {
  const method = scope.replace(/^method:/, '');
  return !isSendMethod(method) || methods.includes(method);
}

/** The RPC methods that files are uploaded with. */
export const uploadMethods = ['upload.saveFilePart', 'upload.saveBigFilePart', 'messages.uploadMedia'];

/** The RPC method that looks a name up. */
export function lookupMethod(name: string): string {
  return name.startsWith('@') ? 'contacts.resolveUsername' : 'contacts.resolvePhone';
}

export const dialogsMethod = 'messages.getDialogs';
