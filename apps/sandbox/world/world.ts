/** The chats of an account: generated, the same in every run, and replaced as a whole over HTTP. */
import type { TlObject } from '../tl/values.ts';
import { compareDialogs, phoneOf, standAt, usernamesOf, type Chat } from './chat.ts';
import { markChannel, unmark, type ChatKind } from './chat-ids.ts';
import { demoChatId, fixedChats, serviceId } from './fixed-chats.ts';
import { greetingOf, numberOf, titleOf } from './names.ts';

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
  /** Seconds between two messages of the account, by chat. */
  slow_mode?: Readonly<Record<string, number>> | undefined;
  /** The most dialogs that a page of messages.getDialogs holds, whatever limit it was asked for. */
  dialogs_per_page?: number | undefined;
  /** The `count` that a page gives, right or wrong; the true one where absent. */
  dialogs_count?: number | undefined;
}

export const defaultWorld: WorldDefinition = {
  dialogs: 30,
  users: 11,
  banned: [],
  unknown: [],
  usernames: {},
};

/** The highest id of a greeting outside of channels. */
export const lastGreetingId = 100_000;
const newestDate = Date.UTC(2026, 0, 15, 9, 41) / 1000;
const archivedEvery = 40;
const otherKinds: readonly ChatKind[] = ['supergroup', 'channel', 'chat'];

/** A world, made from its definition. */
export class World {
  readonly definition: WorldDefinition;
  readonly selfId: bigint;
  readonly #floor: number;
  readonly chats = new Map<bigint, Chat>();
  /** Who is in all of its groups beside the account, whether or not it keeps them as contacts. */
  readonly people: readonly Chat[];
  /** The account's own folders, as dialogFilter, in their order. */
  folders: readonly TlObject[] = [];
  readonly #byUsername = new Map<string, bigint>();

  /** Message ids and update counters of channels begin above `floor`. */
  constructor(definition: WorldDefinition, selfId: bigint, floor = 0) {
    this.definition = definition;
    this.selfId = selfId;
    this.#floor = floor;
    this.#addDialogs();
    for (const id of definition.banned) this.#named(id, true).banned = true;
    for (const [name, id] of Object.entries(definition.usernames)) {
      this.#named(id, false);
      this.giveUsername(name, id);
    }
    for (const [id, seconds] of Object.entries(definition.slow_mode ?? {})) {
      this.#named(BigInt(id), true).slowModeSeconds = seconds;
    }
    for (const id of definition.unknown)
      Object.assign(this.#named(id, false), { inDialogs: false, contact: undefined });
    if (!this.chats.has(selfId)) this.#add(selfId, 'user', 'Saved Messages', undefined).inDialogs = false;
    this.people = [...this.chats.values()].filter(({ contact }) => contact !== undefined);
    this.#signGreetings();
  }

  /** The account itself, which is also its Saved Messages. */
  get self(): Chat {
    return this.chats.get(this.selfId)!;
  }

  /** The chat with this username, whatever its case. */
  findUsername(name: string): Chat | undefined {
    const id = this.#byUsername.get(name.toLowerCase());
    return id === undefined ? undefined : this.chats.get(id);
  }

  /** Gives a username to a chat, beside those that it has, or to nobody; whoever had it has it no more. */
  giveUsername(name: string, to: bigint | undefined): void {
    const isOther = (each: string) => each.toLowerCase() !== name.toLowerCase();
    const before = this.findUsername(name);
    if (before) {
      const [first, ...more] = usernamesOf(before).filter(isOther);
      Object.assign(before, { username: first, moreUsernames: more });
    }
    this.#byUsername.delete(name.toLowerCase());
    const owner = to === undefined ? undefined : this.chats.get(to);
    if (!owner) return;
    const [first, ...more] = [...usernamesOf(owner), name];
    Object.assign(owner, { username: first, moreUsernames: more });
    this.#byUsername.set(name.toLowerCase(), owner.id);
  }

  /** A user that the account comes to know, such as another account. */
  meet(id: bigint, firstName = titleOf('user', Number(id % 1000n))): Chat {
    const known = this.chats.get(id);
    if (known) return known;
    const chat = this.#add(id, 'user', firstName, undefined);
    chat.inDialogs = false;
    chat.contact = undefined;
    return chat;
  }

  /** Forgets all messages but the greetings. */
  forgetMessages(): void {
    for (const chat of this.chats.values()) {
      standAt(chat, chat.greeting, undefined);
      chat.updates?.clear();
    }
  }

  /** The user with this phone number, as digits. */
  findPhone(phone: string): Chat | undefined {
    return [...this.chats.values()].find((chat) => chat.kind === 'user' && phoneOf(chat) === phone);
  }

  /** The dialogs, pinned ones first, then the newest first. `folder` 0 is the main list, 1 the archive. */
  dialogs(folder: number | undefined): Chat[] {
    const inFolder = (chat: Chat) => folder === undefined || chat.archived === (folder === 1);
    return [...this.chats.values()].filter((chat) => chat.inDialogs && inFolder(chat)).sort(compareDialogs);
  }

  /** Greetings of groups come from one of the account's acquaintances, or from itself where it has none. */
  #signGreetings(): void {
    const { people } = this;
    for (const { id, kind, greeting } of this.chats.values()) {
      if (kind !== 'chat' && kind !== 'supergroup') continue;
      const author = people[Number(numberOf(Math.max(people.length, 1), 'author', id))];
      greeting.from = author?.id ?? this.selfId;
    }
  }

  #addDialogs(): void {
    const { dialogs } = this.definition;
    const users = Math.min(this.definition.users, dialogs);
    const skipped = new Set(this.definition.unknown);
    const counts = { user: 0, other: 0 };
    const hasRoom = (kind: ChatKind) =>
      kind === 'user' ? counts.user < users : counts.other < dialogs - users;
    const addCounted = (id: bigint, kind: ChatKind, title: string, username?: string) => {
      if (skipped.has(id) || this.chats.has(id) || !hasRoom(kind)) return undefined;
      counts[kind === 'user' ? 'user' : 'other']++;
      return this.#add(id, kind, title, username);
    };
    for (const { id, kind, title, username, topics, migratedTo } of fixedChats) {
      const chat = addCounted(id, kind, title, username);
      if (chat) Object.assign(chat, { topics, migratedTo });
    }
    addCounted(this.selfId, 'user', 'Saved Messages');
    for (let index = 0; counts.user < users || counts.other < dialogs - users; index++) {
      const other = otherKinds[index % otherKinds.length] ?? 'chat';
      const nth = Math.floor(index / otherKinds.length);
      addCounted(generatedId(other, nth), other, titleOf(other, nth));
      addCounted(generatedId('user', index), 'user', titleOf('user', index));
    }
  }

  /** The chat with this id, made if there is none. */
  #named(id: bigint, inDialogs: boolean): Chat {
    const existing = this.chats.get(id);
    if (existing) return existing;
    const { type } = unmark(id);
    const kind = type === 'channel' ? 'supergroup' : type;
    const chat = this.#add(id, kind, titleOf(kind, Number(numberOf(1000, 'title', id))), undefined);
    chat.inDialogs = inDialogs;
    if (!inDialogs) chat.contact = undefined;
    return chat;
  }

  #add(id: bigint, kind: ChatKind, title: string, username: string | undefined): Chat {
    const index = this.chats.size;
    const isAcquaintance = kind === 'user' && id !== this.selfId && id !== serviceId;
    const countsAlone = kind === 'channel' || kind === 'supergroup';
    /** All but channels are numbered together, the newest highest, and below what is sent. */
    const topMessageId = countsAlone ? 10 + Number(numberOf(400, 'top', id)) : lastGreetingId - index;
    const topDate = newestDate - index * 3607;
    const topText = greetingOf(index);
    const chat: Chat = {
      id,
      kind,
      title,
      username,
      moreUsernames: [],
      inDialogs: true,
      banned: false,
      pinPlace: id === demoChatId ? 1 : 0,
      archived: index % archivedEvery === archivedEvery - 1,
      members: 3 + Number(numberOf(kind === 'chat' ? 20 : 900, 'members', id)),
      top: undefined,
      topMessageId,
      topDate,
      topText,
      topMedia: undefined,
      topIsOwn: false,
      lastMessageId: Math.max(topMessageId, this.#floor),
      pts: Math.max(1, this.#floor),
      movedAt: 0,
      updates: undefined,
      greeting: { id: topMessageId, date: topDate, text: topText, from: kind === 'user' ? id : undefined },
      contact: isAcquaintance ? { firstName: title, lastName: '', isMutual: false } : undefined,
      slowModeSeconds: 0,
      lastSentAt: 0,
      topics: undefined,
      migratedTo: undefined,
    };
    this.chats.set(id, chat);
    if (username) this.#byUsername.set(username.toLowerCase(), id);
    return chat;
  }
}

/** Every fourth generated id is past ten digits, where marking by arithmetic and by text differ. */
function generatedId(kind: ChatKind, index: number): bigint {
  if (kind === 'chat') return -(100_000_000n + numberOf(900_000_000, 'chat', index));
  const large = index % 4 === 3 ? 10_000_000_000n : 0n;
  const id = large + 1_100_000_000n + numberOf(6_000_000_000, kind, index);
  return kind === 'user' ? id : markChannel(id);
}
