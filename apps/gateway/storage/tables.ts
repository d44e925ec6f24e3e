/**
 * The ports through which an account keeps what it knows beside its messages: peers, names, dialog syncs, callbacks. Those
 * of gates and turns are in pacing/. Both gateways of an account read and write the same ones.
 */
import type { DialogCursor, Peer } from '../model/account.ts';
import type { StoredMessage } from '../model/message.ts';

/** A chat as the table has it. */
export interface KnownPeer extends Peer {
  /** When an answer last showed it, in epoch milliseconds. */
  readonly seenAt: number;
  /** Its usernames with `@`, and its phone number with `+`. */
  readonly names: readonly string[];
  /** Whether the account has, or had, a dialog with it; and of a bot, whom anybody may write to. */
  readonly isMet: boolean;
}

export interface PeerTable {
  /** The chat with this marked id. */
  byId(chatId: string): KnownPeer | undefined;
  /** The account itself, once it has signed in. */
  self(): Peer | undefined;
  /** Whether a chat is known to have this name, `@name` or `+digits`. */
  hasOwner(name: string): boolean;
  /** Whether an answer shows what the table does not have, or a chat that was not seen for a while. */
  isNews(peer: Peer, now: number): boolean;
  /** Adds chats with their names or brings them up to date; none is ever removed for being absent from a list. */
  save(peers: readonly Peer[], now: number): void;
  /** Notes that the account has dialogs with these chats, or wrote to them. */
  meet(chatIds: readonly string[]): void;
  /** Whether a chat is a person who is no contact, and whom the account never met. */
  isStranger(chatId: string): boolean;
  count(): number;
  /** Chats whose title or username has `text` in it, in any case: the first `limit` by title, and how many there are. */
  search(text: string, limit: number): { peers: Peer[]; total: number };
}

/** How many lookups an account may make. */
export interface LookupBudget {
  readonly perMinute: number;
  readonly perDay: number;
}

/** The chat that has a name, and when that was last seen, in epoch milliseconds; or that nobody has it. */
export type RememberedName = { readonly chatId: string; readonly seenAt: number } | 'missing' | undefined;

export interface NameTable {
  /** What is remembered of a name (`@name` or `+digits`), however old; that nobody has it is remembered for a day. */
  find(name: string, now: number): RememberedName;
  /** From when on a lookup may be made; in the past when at once. */
  nextLookupAt(now: number): number;
  /** Takes one lookup out of the budget, or answers from when on there is one again. */
  take(name: string, now: number): 'taken' | number;
  remember(name: string, chatId: string | undefined, now: number): void;
  forget(name: string): void;
}

export interface DialogSyncState {
  /** Where an unfinished walk goes on; undefined when none is under way. */
  readonly cursor: DialogCursor | undefined;
  /** Pages read in the walk under way, or in the last one. */
  readonly pages: number;
  readonly startedAt: number | undefined;
  /** When a walk was last finished whole. */
  readonly finishedAt: number | undefined;
  /** When somebody last asked for a walk out of turn. */
  readonly requestedAt: number | undefined;
  /** When chats were last imported, which puts the first walk off. */
  readonly importedAt: number | undefined;
}

export interface DialogSyncTable {
  read(): DialogSyncState;
  /** Takes or renews the right to walk until `until`; false when the other process has it. */
  hold(holder: string, now: number, until: number): boolean;
  release(holder: string): void;
  save(state: Omit<DialogSyncState, 'requestedAt' | 'importedAt'>): void;
  request(now: number): void;
  noteImport(now: number): void;
  /** The time is known now, or another one than before: what cannot have been yet is over, and held by nobody. */
  judge(now: number): void;
}

/** Whole walks are at least this far apart, whoever asks. */
export const syncFloorMs = 60_000;
/** How long a process has the right to walk, without renewing it. */
export const syncHoldMs = 60_000;

export interface PendingCallback {
  /** Of this final state of the message: the same for every try. */
  readonly id: string;
  readonly url: string;
  readonly message: StoredMessage;
  /** When the message was settled. */
  readonly settledAt: number;
  /** How many tries have failed. */
  readonly attempts: number;
}

/** A host that callbacks wait for, and when the first of them is due. */
export interface CallbackHost {
  readonly host: string;
  readonly dueAt: number;
}

/** What came of a try. */
export type Tried =
  | { readonly state: 'delivered' }
  | { readonly state: 'stopped' | 'failed'; readonly error: string }
  | { readonly state: 'pending'; readonly error: string; readonly dueAt: number };

export interface CallbackTable {
  /** The hosts whose callbacks are due soonest, at most `limit`, earliest first. */
  hosts(limit: number): CallbackHost[];
  /** What is due for a host, at most `limit`, earliest first. */
  due(host: string, now: number, limit: number): PendingCallback[];
  pending(): number;
  /** Makes due `now` what is due later than `latest` after that many tries. @throws Problem storage_full */
  dueByNow(attempts: number, now: number, latest: number): Promise<void>;
  /** Writes what came of a try, unless the message was retried meanwhile. @throws Problem storage_full */
  tried(callback: PendingCallback, tried: Tried): Promise<void>;
}
