/** The messages that were sent, the newest of them kept, and the rule that a random_id sends once. */
import type { TlObject, TlValue } from '../tl/values.ts';
import type { StoredFile } from './uploads.ts';

/** What stands in a message in place of a file. */
export type SpecialKind = 'contact' | 'geo' | 'venue' | 'dice' | 'webpage' | 'poll';

/** What a message shows beside its text. */
export type MediaKind = DeliveredMedia['kind'] | SpecialKind;

/** What of a message's media is known. `file` is gone where the folder's bound made room. */
export interface DeliveredMedia {
  kind: 'photo' | 'document' | 'video' | 'audio' | 'voice' | 'video_note' | 'animation';
  name: string;
  mimeType: string;
  size: number;
  sha256: string;
  width: number;
  height: number;
  attributes: readonly TlObject[];
  file: StoredFile;
  /** Whether it is covered until somebody asks to see it. */
  spoiler?: boolean | undefined;
  /** The picture that the client sent to stand for a file. */
  thumbnail?: StoredFile | undefined;
  /** What names it in the API; see media-store.ts. */
  id: bigint;
  /** The data centre that its file is fetched from: that of the account that uploaded it. */
  dc: number;
}

/** What a message shows. */
export interface Content {
  text: string;
  entities: readonly TlObject[] | undefined;
  media: DeliveredMedia | undefined;
  /** Media that is no file, such as a contact or a place, as the API's MessageMedia. */
  special?: TlObject | undefined;
}

/** What was done with a message afterwards. */
export interface Marks {
  isPinned?: boolean;
  reactions?: readonly Reacted[];
}

/** A reaction of somebody; `by` is a marked id, and `date` in seconds since 1970. */
export interface Reacted {
  by: bigint;
  reaction: TlObject;
  date: number;
  big: boolean;
}

/** One delivered message, with the content that it had at first. `at` is in ms since 1970. */
export interface Delivery extends Content, Marks {
  /** Rises by one with each delivery of this process. */
  number: number;
  account: bigint;
  chatId: bigint;
  messageId: number;
  randomId: bigint;
  at: number;
  /** The text as the client sent it, where the server took white space off its ends. */
  sentText?: string | undefined;
  silent: boolean;
  /** Whether its first link is to have no preview. */
  noWebpage?: boolean | undefined;
  replyTo: number | undefined;
  /** What more the header of a reply holds: a quote, another chat, the thread. */
  replyFields?: Readonly<Record<string, TlValue>> | undefined;
  /** Where a forwarded message comes from: a messageFwdHeader. */
  forward?: TlObject | undefined;
  /** What a service message reports: a MessageAction. */
  action?: TlObject | undefined;
  /** The same for all messages of an album. */
  groupedId?: bigint | undefined;
  /** The first message of the topic that a message stands in. */
  topicId?: number | undefined;
  /** The topic's title, where it is known. */
  topicTitle?: string | undefined;
  /** Who wrote it, where that is not the account. */
  from?: bigint | undefined;
  /** The same message as the other account of a private chat has it. */
  twin?: Delivery | undefined;
  /** The update counter that its update carried. */
  pts: number;
  /** Whether it was scheduled before it was sent. */
  wasScheduled?: boolean | undefined;
  /** Its content after the last edit. */
  edited?: (Content & { at: number }) | undefined;
  isDeleted?: boolean | undefined;
  /** When a scheduled message is to go out, in ms since 1970; absent once it has gone out. */
  scheduledFor?: number | undefined;
}

/** What a message shows now: after the last edit, if there was one. */
export function contentOf(delivery: Delivery): Content {
  return delivery.edited ?? delivery;
}

const noContent = {
  text: '',
  sentText: undefined,
  entities: undefined,
  media: undefined,
  special: undefined,
  edited: undefined,
  twin: undefined,
};
/** How many messages, and how many random ids, are remembered. */
const mostKept = 100_000;
const maxRandomIds = 1_000_000;

/** All deliveries of one server. */
export class Deliveries {
  /** How many sends were answered with an earlier message, because their random_id had been used. */
  repeated = 0;
  /** How many messages were delivered in all, those no longer kept included. */
  total = 0;
  #kept: Delivery[] = [];
  readonly #maxKept: number;
  /** By account and chat, then by random id. */
  #randomIds = new Map<string, Map<bigint, Delivery>>();
  /** The random ids that were asked for last, because each send asks for them several times. */
  #latest: { account: bigint; chatId: bigint; ids: Map<bigint, Delivery> } | undefined;
  #randomIdCount = 0;
  readonly #onDropped: (delivery: Delivery) => void;

  constructor(onDropped: (delivery: Delivery) => void, maxKept = mostKept) {
    this.#onDropped = onDropped;
    this.#maxKept = maxKept;
  }

  /** Notes a delivery. */
  add(fields: Omit<Delivery, 'number'>): Delivery {
    const delivery = { number: ++this.total, ...fields };
    this.#kept.push(delivery);
    if (this.#kept.length >= this.#maxKept + 1000) this.#dropOldest(this.#kept.length - this.#maxKept);
    const ids = this.#idsOf(delivery.account, delivery.chatId);
    if (this.#randomIdCount >= maxRandomIds) this.#forgetRandomIds();
    this.#randomIdCount++;
    ids.set(delivery.randomId, delivery);
    return delivery;
  }

  /** The earlier message with this random id, if there is one. Its text and media may have been dropped. */
  earlier(account: bigint, chatId: bigint, randomId: bigint): Delivery | undefined {
    return this.#idsOf(account, chatId).get(randomId);
  }

  /** The kept messages, oldest first. */
  all(): readonly Delivery[] {
    return this.#kept;
  }

  /** Up to `limit` kept messages of a chat with a number below `before`, oldest first. */
  ofChat(account: bigint, chatId: bigint, limit: number, before = Infinity): Delivery[] {
    const found: Delivery[] = [];
    for (let index = this.#kept.length - 1; index >= 0 && found.length < limit; index--) {
      const delivery = this.#kept[index]!;
      const fits = delivery.chatId === chatId && delivery.account === account && delivery.number < before;
      if (fits) found.push(delivery);
    }
    return found.reverse();
  }

  /** The newest kept messages that fit, newest first; the search ends where `until` holds, or at `limit`. */
  newest(
    fits: (delivery: Delivery) => boolean,
    { limit, until = () => false }: { limit: number; until?: (delivery: Delivery) => boolean },
  ): Delivery[] {
    const found: Delivery[] = [];
    for (let index = this.#kept.length - 1; index >= 0 && found.length < limit; index--) {
      const delivery = this.#kept[index]!;
      if (until(delivery)) break;
      if (fits(delivery)) found.push(delivery);
    }
    return found;
  }

  /** Forgets every delivery, random ids included. */
  clear(): void {
    for (const delivery of this.#kept) this.#onDropped(delivery);
    this.#kept = [];
    this.#randomIds = new Map();
    this.#latest = undefined;
    this.#randomIdCount = 0;
    this.repeated = 0;
    this.total = 0;
  }

  #idsOf(account: bigint, chatId: bigint): Map<bigint, Delivery> {
    const latest = this.#latest;
    if (latest?.account === account && latest.chatId === chatId) return latest.ids;
    const key = `${account}:${chatId}`;
    let ids = this.#randomIds.get(key);
    if (!ids) this.#randomIds.set(key, (ids = new Map<bigint, Delivery>()));
    this.#latest = { account, chatId, ids };
    return ids;
  }

  /** Lets the oldest messages go; their random ids stay known, with little more than the number of the message. */
  #dropOldest(count: number): void {
    for (const delivery of this.#kept.splice(0, count)) {
      const slim = { ...delivery, ...noContent };
      this.#randomIds.get(`${delivery.account}:${delivery.chatId}`)?.set(delivery.randomId, slim);
      this.#onDropped(delivery);
    }
  }

  /** Forgets the random ids of dropped messages: the only bound on a rule that knows no expiry. */
  #forgetRandomIds(): void {
    const oldestKept = this.#kept[0]?.number ?? 0;
    this.#randomIdCount = 0;
    for (const ids of this.#randomIds.values()) {
      for (const [randomId, { number }] of ids) if (number < oldestKept) ids.delete(randomId);
      this.#randomIdCount += ids.size;
    }
  }
}
