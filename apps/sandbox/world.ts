/** The chats that an account can see: generated, the same in every run, and replaced as a whole over HTTP. */
import { markChannel, unmark, type ChatKind } from './chat-ids.ts';
import { greetingOf, numberOf, titleOf } from './world-names.ts';

/** What a world is made from. Ids are marked ids. */
export interface WorldDefinition {
  /** How many dialogs there are in all, Saved Messages among them. */
  dialogs: number;
  /** How many of the dialogs are users. */
  users: number;
  /** Chats that the account may not write to. */
  banned: readonly bigint[];
  /** Chats that exist, but are in no dialog of the account. */
  unknown: readonly bigint[];
  /** Further usernames, without `@`. */
  usernames: Readonly<Record<string, bigint>>;
}

/** One chat, user or channel. Times are seconds since 1970. */
export interface Chat {
  id: bigint;
  kind: ChatKind;
  title: string;
  username: string | undefined;
  inDialogs: boolean;
  banned: boolean;
  pinned: boolean;
  archived: boolean;
  members: number;
  topMessageId: number;
  topDate: number;
  topText: string;
  /** The kind of media that the last message carries. */
  topMedia: string | undefined;
  /** Whether the account itself wrote the last message. */
  topIsOwn: boolean;
  /** The update counter of a channel. */
  pts: number;
}

/** The supergroup that the documentation names, a basic chat, and Telegram's own notifications. */
export const DEMO_CHAT_ID = -1003833950795n;
const FIXED: readonly { id: bigint; kind: ChatKind; title: string; username?: string }[] = [
  { id: DEMO_CHAT_ID, kind: 'supergroup', title: 'Vestnik demo', username: 'vestnik_demo' },
  { id: -4021n, kind: 'chat', title: 'Night duty' },
  { id: 777000n, kind: 'user', title: 'Telegram', username: 'telegram' },
];

export const DEFAULT_WORLD: WorldDefinition = {
  dialogs: 30,
  users: 11,
  banned: [],
  unknown: [],
  usernames: {},
};

const NEWEST_DATE = Date.UTC(2026, 0, 15, 9, 41) / 1000;
const ARCHIVED_EVERY = 40;
const OTHER_KINDS: readonly ChatKind[] = ['supergroup', 'channel', 'chat'];

/** A world, made from its definition. */
export class World {
  readonly definition: WorldDefinition;
  readonly selfId: bigint;
  readonly chats = new Map<bigint, Chat>();
  private readonly byUsername = new Map<string, bigint>();

  constructor(definition: WorldDefinition, selfId: bigint) {
    this.definition = definition;
    this.selfId = selfId;
    this.addDialogs();
    for (const id of definition.banned) this.named(id, true).banned = true;
    for (const [name, id] of Object.entries(definition.usernames)) {
      const chat = this.named(id, false);
      chat.username ??= name;
      this.byUsername.set(name.toLowerCase(), id);
    }
    for (const id of definition.unknown) this.named(id, false).inDialogs = false;
    if (!this.chats.has(selfId)) this.add(selfId, 'user', 'Saved Messages', undefined).inDialogs = false;
  }

  /** The chat with this username, whatever its case. */
  findUsername(name: string): Chat | undefined {
    const id = this.byUsername.get(name.toLowerCase());
    return id === undefined ? undefined : this.chats.get(id);
  }

  /** The dialogs, pinned ones first, then the newest first. `folder` 0 is the main list, 1 the archive. */
  dialogs(folder: number | undefined): Chat[] {
    const inFolder = (chat: Chat) => folder === undefined || chat.archived === (folder === 1);
    return [...this.chats.values()].filter((chat) => chat.inDialogs && inFolder(chat)).sort(compareDialogs);
  }

  private addDialogs(): void {
    const { dialogs } = this.definition;
    const users = Math.min(this.definition.users, dialogs);
    const skipped = new Set(this.definition.unknown);
    const counts = { user: 0, other: 0 };
    const hasRoom = (kind: ChatKind) =>
      kind === 'user' ? counts.user < users : counts.other < dialogs - users;
    const addCounted = (id: bigint, kind: ChatKind, title: string, username?: string) => {
      if (skipped.has(id) || this.chats.has(id) || !hasRoom(kind)) return;
      counts[kind === 'user' ? 'user' : 'other']++;
      this.add(id, kind, title, username);
    };
    for (const { id, kind, title, username } of FIXED) addCounted(id, kind, title, username);
    addCounted(this.selfId, 'user', 'Saved Messages');
    for (let index = 0; counts.user < users || counts.other < dialogs - users; index++) {
      const other = OTHER_KINDS[index % OTHER_KINDS.length] ?? 'chat';
      const nth = Math.floor(index / OTHER_KINDS.length);
      addCounted(generatedId(other, nth), other, titleOf(other, nth));
      addCounted(generatedId('user', index), 'user', titleOf('user', index));
    }
  }

  /** The chat with this id, made if there is none. */
  private named(id: bigint, inDialogs: boolean): Chat {
    const existing = this.chats.get(id);
    if (existing) return existing;
    const { type } = unmark(id);
    const kind = type === 'channel' ? 'supergroup' : type;
    const chat = this.add(id, kind, titleOf(kind, Number(numberOf(1000, 'title', id))), undefined);
    chat.inDialogs = inDialogs;
    return chat;
  }

  private add(id: bigint, kind: ChatKind, title: string, username: string | undefined): Chat {
    const index = this.chats.size;
    const chat: Chat = {
      id,
      kind,
      title,
      username,
      inDialogs: true,
      banned: false,
      pinned: id === DEMO_CHAT_ID,
      archived: index % ARCHIVED_EVERY === ARCHIVED_EVERY - 1,
      members: 3 + Number(numberOf(kind === 'chat' ? 20 : 900, 'members', id)),
      topMessageId: 1 + Number(numberOf(400, 'top', id)),
      topDate: NEWEST_DATE - index * 3607,
      topText: greetingOf(index),
      topMedia: undefined,
      topIsOwn: false,
      pts: 1,
    };
    this.chats.set(id, chat);
    if (username) this.byUsername.set(username.toLowerCase(), id);
    return chat;
  }
}

/** The order of dialogs: pinned, then by date, then by message, then by id, so that it is never ambiguous. */
export function compareDialogs(a: Chat, b: Chat): number {
  if (a.pinned !== b.pinned) return a.pinned ? -1 : 1;
  if (a.topDate !== b.topDate) return b.topDate - a.topDate;
  if (a.topMessageId !== b.topMessageId) return b.topMessageId - a.topMessageId;
  return a.id < b.id ? 1 : -1;
}

/** Every fourth generated id is past ten digits, where marking by arithmetic and by text differ. */
function generatedId(kind: ChatKind, index: number): bigint {
  if (kind === 'chat') return -(100_000_000n + numberOf(900_000_000, 'chat', index));
  const large = index % 4 === 3 ? 10_000_000_000n : 0n;
  const id = large + 1_100_000_000n + numberOf(6_000_000_000, kind, index);
  return kind === 'user' ? id : markChannel(id);
}
