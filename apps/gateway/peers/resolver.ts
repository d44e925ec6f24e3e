/**
 * From the chat a message names to the address Telegram takes: ids from our own table and never from Telegram, names
 * from the table too, else looked up within a budget and remembered.
 */
import type { Clock } from '../../kit/clock.ts';
import type { Failure } from '../model/message.ts';
import type { Cause } from '../model/reasons.ts';
import { describeGate, gateCause, gateClass, type GateStore } from '../pacing/gates.ts';
import { lookupMethod, type Account, type PeerAddress } from '../model/account.ts';
import {
  answered,
  describeNotOffered,
  isNotOffered,
  judge,
  saysNobody,
  TelegramError,
} from '../model/telegram-error.ts';
import { markId, unmarkId } from '../model/marked-id.ts';
import type { NameTable, PeerTable } from '../storage/tables.ts';

/** What came of a lookup: `unknown` is final; `later` can be asked from `notBefore` on. */
export type Resolution =
  | { readonly peer: PeerAddress }
  | { readonly unknown: Failure }
  | { readonly later: { readonly failure: Failure; readonly notBefore: number; readonly cause: Cause } };

/**
 * Whose a name is by what is remembered: `stale` has to be asked again; undefined was never known, or is known to be
 * somebody else's by now. `ageMs` where the name could not be asked again: how long ago the owner was last seen with it.
 */
export type Owner = { readonly peer: PeerAddress; readonly ageMs?: number } | 'missing' | 'stale' | undefined;

export interface Resolver {
  /** What the tables say of a chat (a marked id, `me`, `@name` or `+digits`), however old; nothing is asked of Telegram. */
  find(chat: string): PeerAddress | 'missing' | undefined;
  /** Whose a name is at this moment, as far as the tables tell. */
  ownerOf(name: string): Owner;
  /** Whether a chat that is not in the tables may still come with the first walk. */
  mayBecomeKnown(): boolean;
  /** Looks a name up that is not in the tables, where the budget allows. */
  lookUp(name: string): Promise<Resolution>;
  /**
   * Asks for a chat that Telegram refused, by a name of it, which is forgotten with that. Undefined where it has none, or
   * the same answer was had a moment ago.
   */
  askAgain(address: PeerAddress, name: string | undefined): Promise<Resolution | undefined>;
  /** Whether a basic group turns out to have become a supergroup, which from now on takes its messages. */
  follow(chat: string): Promise<boolean>;
}

export interface ResolverDeps {
  readonly account: Account;
  readonly peers: PeerTable;
  readonly names: NameTable;
  readonly gates: GateStore;
  readonly clock: Clock;
  /** The owner of a name is asked for again when last seen with it so long ago. */
  readonly nameMaxAgeMs: number;
  /** Whether a chat that is not in the table may still come with the first walk. */
  readonly mayBecomeKnown: () => boolean;
}

const retryMs = 5_000;
/** Where a name cannot be asked, its owner last known is taken until it is so old. */
const lastResortMs = 7 * 24 * 60 * 60_000;
/** A chat that is refused and found the same is not asked for again sooner. */
const sameAnswerMs = 10 * 60_000;
const mostSameAnswers = 1_000;

export function createResolver(deps: ResolverDeps): Resolver {
  const { account, peers, names, gates, clock } = deps;

  const find = (chat: string): PeerAddress | 'missing' | undefined => {
    if (chat === 'me') return peers.self() ?? { chatId: 'me', kind: 'self', accessHash: '0' };
    if (!isName(chat)) return findById(peers, chat);
    const remembered = names.find(chat, clock.now());
    if (remembered === 'missing' || remembered === undefined) return remembered;
    return findById(peers, remembered.chatId);
  };

  const ownerOf = (name: string): Owner => {
    const now = clock.now();
    const remembered = names.find(name, now);
    if (remembered === 'missing' || remembered === undefined) return remembered;
    const peer = findById(peers, remembered.chatId);
    if (!peer) return undefined;
    const ageMs = Math.abs(now - remembered.seenAt);
    if (ageMs < deps.nameMaxAgeMs) return { peer };
    return ageMs < lastResortMs && !mayAsk(name, now) ? { peer, ageMs } : 'stale';
  };

  const mayAsk = (name: string, now: number): boolean =>
    names.nextLookupAt(now) <= now && !gates.closedFor({ method: lookupMethod(name) }, now);

  const lookUp = async (name: string): Promise<Resolution> => {
    const now = clock.now();
    const gate = gates.closedFor({ method: lookupMethod(name) }, now);
    if (gate) {
      const detail = `looking up ${shownChat(name)}: ${describeGate(gate, now)}`;
      const failure = { class: gateClass(gate), detail };
      return { later: { failure, notBefore: gate.until, cause: gateCause(gate, now) } };
    }
    const taken = names.take(name, now);
    if (taken !== 'taken') {
      const failure: Failure = { class: 'flood_wait', detail: budgetIsUsedUp(name, now) };
      const cause: Cause = { code: 'lookup_budget', values: { chat: shownChat(name) } };
      return { later: { failure, notBefore: taken, cause } };
    }
    try {
      const found = await account.lookUp(name);
      peers.save([found], clock.now());
      names.remember(name, found.chatId, clock.now());
      return { peer: found };
    } catch (error) {
      return lookupFailed(name, error);
    }
  };

  const budgetIsUsedUp = (name: string, now: number): string => {
    const remembered = names.find(name, now);
    const age = typeof remembered === 'object' ? describeAge(now - remembered.seenAt) : undefined;
    const isOld = age === undefined ? '' : `; its owner was last seen ${age} ago, and may be another by now`;
    return (
      `the budget for looking up names is used up (LOOKUPS_PER_MIN, LOOKUPS_PER_DAY)${isOld}: ` +
      `${shownChat(name)} is looked up as soon as there is one again`
    );
  };

  const lookupFailed = (name: string, error: unknown): Resolution => {
    const now = clock.now();
    const reason = error instanceof TelegramError ? answered(error) : (error as Error).message;
    const later = (errorClass: Failure['class'], waitMs = retryMs): Resolution => {
      const failure = { class: errorClass, detail: `looking up ${shownChat(name)}: ${reason}` };
      const cause: Cause = { code: 'lookup_failed', values: { chat: shownChat(name), reason } };
      return { later: { failure, notBefore: now + waitMs, cause } };
    };
    if (!(error instanceof TelegramError)) return later('telegram_unavailable');
    if (isNotOffered(error)) return { unknown: notLookedUp(name, error) };
    if (!saysNobody(error)) {
      const { class: errorClass, gate } = judge(error);
      return later(errorClass, gate?.waitMs);
    }
    names.remember(name, undefined, now);
    return { unknown: unknownChat(name) };
  };

  const sameAnswers = new Map<string, number>();
  const askAgain: Resolver['askAgain'] = async ({ chatId, accessHash }, given) => {
    const name = given ?? peers.byId(chatId)?.names[0];
    const key = `${chatId} ${accessHash}`;
    if (name === undefined || clock.now() < (sameAnswers.get(key) ?? 0)) return undefined;
    names.forget(name);
    const resolution = await lookUp(name);
    const isSame =
      'peer' in resolution && resolution.peer.chatId === chatId && resolution.peer.accessHash === accessHash;
    if (!isSame) return resolution;
    if (sameAnswers.size >= mostSameAnswers) sameAnswers.clear();
    sameAnswers.set(key, clock.now() + sameAnswerMs);
    return undefined;
  };

  return {
    find,
    ownerOf,
    lookUp,
    askAgain,
    mayBecomeKnown: deps.mayBecomeKnown,
    follow: async (chat) => {
      if (peers.byId(chat)?.migratedTo !== undefined) return false;
      const found = await account.basicGroup(chat);
      peers.save(found, clock.now());
      return peers.byId(chat)?.migratedTo !== undefined;
    },
  };
}

/** A chat as logs and errors may show it: of a phone number the last two digits. */
export function shownChat(chat: string): string {
  return chat.startsWith('+') ? `+…${chat.slice(-2)}` : chat;
}

/** What to say of a chat that is not known. */
export function unknownChat(chat: string): Failure {
  const detail = isName(chat)
    ? `${shownChat(chat)} is not a name Telegram knows: check it, or send to a chat_id`
    : `chat ${chat} is not known to this account: open a dialog with it in Telegram and reload the cache ` +
      `(POST /reload_cache), or send to its username`;
  return { class: 'cannot_resolve', detail };
}

/** What to say of a name where the server has no look-up of its kind. */
function notLookedUp(name: string, error: TelegramError): Failure {
  const [kind, other] = name.startsWith('@') ? ['name', ''] : ['phone number', ' or to its username'];
  const detail =
    `${shownChat(name)} cannot be looked up by ${kind}: ${describeNotOffered(error)}. Send to a chat_id${other}, ` +
    `or open a dialog with it in Telegram and reload the cache (POST /reload_cache)`;
  return { class: 'cannot_resolve', detail };
}

/** Whether a chat is named (`@name`, `+digits`) rather than given by its id. */
export function isName(chat: string): boolean {
  return chat.startsWith('@') || chat.startsWith('+');
}

/** Whether a chat is given by the id of a basic group. */
export function isBasicGroup(chat: string): boolean {
  return chat.startsWith('-') && unmarkId(BigInt(chat)).kind === 'chat';
}

/** A basic group needs no access hash and so no entry; one that became a supergroup is followed there. */
function findById(peers: PeerTable, chatId: string): PeerAddress | undefined {
  const known = peers.byId(chatId);
  if (known?.migratedTo !== undefined) return peers.byId(known.migratedTo) ?? known;
  if (known) return known;
  if (!isBasicGroup(chatId)) return undefined;
  // People write the id of a channel without the -100 before it.
  return peers.byId(channelOf(chatId)) ?? { chatId, kind: 'chat', accessHash: '0' };
}

/** What the caller is told of a message to a channel whose id was given without its -100. */
export function withoutMarkNote(given: string, chat: string): string | undefined {
  if (!isBasicGroup(given) || chat !== channelOf(given)) return undefined;
  return `no group with the id ${given} is known, and a channel is: the message goes to ${chat}, as its id is with -100`;
}

/** The channel that has the bare id of a basic group. */
function channelOf(chatId: string): string {
  return markId('channel', unmarkId(BigInt(chatId)).bareId).toString();
}

/** How long ago, in the largest unit that is at least two: minutes, hours or days. */
export function describeAge(ms: number): string {
  const minutes = Math.round(Math.abs(ms) / 60_000);
  if (minutes < 120) return `${minutes} min`;
  return minutes < 48 * 60 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 1440)} days`;
}

/** What the caller is told of a message that went to the owner last known of a name. */
export function oldOwnerNote(name: string, ageMs: number): string {
  return (
    `${shownChat(name)} could not be looked up again, because the budget for that is used up: ` +
    `it goes to the chat that was last seen with the name ${describeAge(ageMs)} ago`
  );
}
