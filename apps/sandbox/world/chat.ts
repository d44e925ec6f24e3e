/** One chat, user or channel as an account sees it. */
import type { ChatKind } from './chat-ids.ts';
import type { Delivery, Marks, MediaKind } from './deliveries.ts';
import type { TlObject } from '../tl/values.ts';
import type { UpdateLog } from './update-log.ts';
import { numberOf } from './names.ts';

/** One chat, user or channel. Times are seconds since 1970. */
export interface Chat {
  id: bigint;
  kind: ChatKind;
  title: string;
  username: string | undefined;
  /** Its usernames beside that one, all of them active. */
  moreUsernames: readonly string[];
  inDialogs: boolean;
  banned: boolean;
  /** The place among the pinned dialogs, the highest first; 0 where it is not pinned. */
  pinPlace: number;
  archived: boolean;
  members: number;
  /** The newest message, where it is not the greeting or the start of a topic. */
  top: Delivery | undefined;
  topMessageId: number;
  topDate: number;
  topText: string;
  /** The kind of media that the last message carries. */
  topMedia: MediaKind | undefined;
  /** Whether the account itself wrote the last message. */
  topIsOwn: boolean;
  /** The id that a channel gave last; it stays where that message is deleted. */
  lastMessageId: number;
  /** The update counter of a channel. */
  pts: number;
  /** When a channel's counter last moved, in ms since 1970. */
  movedAt: number;
  /** A channel's updates that are not new messages. */
  updates: UpdateLog | undefined;
  /** The message that stands in the chat before anything is sent to it, and who wrote it; a channel's post has no author. */
  greeting: Marks & { id: number; date: number; text: string; from: bigint | undefined };
  /** How a user stands in the account's phone book. */
  contact: Contact | undefined;
  /** The seconds that slow mode asks for between two messages; 0 without it. */
  slowModeSeconds: number;
  /** When the account last wrote here, in ms since 1970. */
  lastSentAt: number;
  /** Who wrote here beside the account and the people of the world. */
  authors?: Set<bigint>;
  /** The topics of a forum. */
  topics: readonly Topic[] | undefined;
  /** The supergroup that a basic chat became. */
  migratedTo: bigint | undefined;
  /** What was begun and not sent, by topic; 0 is the chat itself. */
  drafts?: Map<number, TlObject>;
  isMarkedUnread?: boolean;
  notifySettings?: TlObject;
  /** When the account blocked this user, in seconds since 1970. */
  blockedAt?: number | undefined;
}

/** The name that the account gave a user in its phone book. */
export interface Contact {
  firstName: string;
  lastName: string;
  /** Whether the account is in the user's phone book as well. */
  isMutual: boolean;
}

/** One topic of a forum; the first message of a topic is its id. */
export interface Topic {
  id: number;
  title: string;
  isClosed: boolean;
  /** Whether it is taken out of the list, as General alone can be. */
  isHidden?: boolean | undefined;
  iconColour?: number | undefined;
  /** When it was begun, and by which random id; absent in those that are there from the start. */
  date?: number | undefined;
  randomId?: bigint | undefined;
}

/** All usernames of a chat, the first one first. */
export function usernamesOf({ username, moreUsernames }: Chat): string[] {
  return username === undefined ? [] : [username, ...moreUsernames];
}

/** Whether somebody is a stranger to the account: no contact, in no dialog, and never written to. */
export function isStranger({ kind, contact, inDialogs, id, lastSentAt }: Chat, selfId: bigint): boolean {
  return kind === 'user' && id !== selfId && contact === undefined && !inDialogs && lastSentAt === 0;
}

/** Whether a chat counts its messages and updates for itself. */
export function isChannel({ kind }: Chat): boolean {
  return kind === 'channel' || kind === 'supergroup';
}

/** Makes a message the newest of its chat; `top` is undefined for the greeting and the start of a topic. */
export function standAt(
  chat: Chat,
  { id, date, text }: { id: number; date: number; text: string },
  top: Delivery | undefined,
): void {
  chat.top = top;
  chat.topMessageId = id;
  chat.topDate = date;
  chat.topText = text;
  chat.topMedia = undefined;
  chat.topIsOwn = false;
}

/** The phone number of a user of the world, as digits; of Telegram's test range. */
export function phoneOf({ id }: Chat): string {
  return `99967${String(numberOf(10_000_000, 'phone', id)).padStart(7, '0')}`;
}

/** The order of dialogs: pinned, then by date, then by message, then by id, so that it is never ambiguous. */
export function compareDialogs(a: Chat, b: Chat): number {
  if (a.pinPlace !== b.pinPlace) return b.pinPlace - a.pinPlace;
  if (a.topDate !== b.topDate) return b.topDate - a.topDate;
  if (a.topMessageId !== b.topMessageId) return b.topMessageId - a.topMessageId;
  return a.id < b.id ? 1 : -1;
}
