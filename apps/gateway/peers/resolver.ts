/**
 * From the chat a message names to the address Telegram takes: ids from our own table and never from Telegram, names
 * from the table too, else looked up within a budget and remembered.
 */
import type { Clock } from '../../kit/clock.ts';
import { reason, reasonOf, type Reason } from '../../kit/reason.ts';
import { failureOf, type Failure } from '../model/message.ts';
import type { Cause } from '../model/reasons.ts';
import { gateCause, gateClass, gateReason, type GateStore } from '../pacing/gates.ts';
import { lookupMethod, type Account, type PeerAddress } from '../model/account.ts';
import {
  answerReason,
  isNotOffered,
  judge,
  notOfferedReason,
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
      const held = reason('lookup_held', { chat: shownChat(name), reason: gateReason(gate, now) });
      const failure = failureOf(gateClass(gate), held);
      return { later: { failure, notBefore: gate.until, cause: gateCause(gate, now) } };
    }
    const taken = names.take(name, now);
    if (taken !== 'taken') {
      const failure = failureOf('flood_wait', budgetIsUsedUp(name, now));
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

  const budgetIsUsedUp = (name: string, now: number): Reason => {
    const remembered = names.find(name, now);
    const chat = shownChat(name);
    return typeof remembered === 'object'
      ? reason('lookups_used_up_stale', { chat, age_s: ageSeconds(now - remembered.seenAt) })
      : reason('lookups_used_up', { chat });
  };

  const lookupFailed = (name: string, error: unknown): Resolution => {
    const now = clock.now();
    const why = error instanceof TelegramError ? answerReason(error) : reasonOf(error);
    const later = (errorClass: Failure['class'], waitMs = retryMs): Resolution => {
      const values = { chat: shownChat(name), reason: why };
      const failure = failureOf(errorClass, reason('lookup_held', values));
      return { later: { failure, notBefore: now + waitMs, cause: reason('lookup_failed', values) } };
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
  const code = isName(chat) ? 'unknown_name' : 'unknown_chat';
  return failureOf('cannot_resolve', reason(code, { chat: shownChat(chat) }));
}

/** What to say of a name where the server has no look-up of its kind. */
function notLookedUp(name: string, error: TelegramError): Failure {
  const code = name.startsWith('@') ? 'name_not_looked_up' : 'phone_not_looked_up';
  const values = { chat: shownChat(name), reason: notOfferedReason(error) };
  return failureOf('cannot_resolve', reason(code, values));
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
export function withoutMarkNote(given: string, chat: string): Reason | undefined {
  if (!isBasicGroup(given) || chat !== channelOf(given)) return undefined;
  return reason('id_without_mark', { given, chat });
}

/** The channel that has the bare id of a basic group. */
function channelOf(chatId: string): string {
  return markId('channel', unmarkId(BigInt(chatId)).bareId).toString();
}

/** How long ago, to the minute. */
function ageSeconds(ms: number): number {
  return Math.round(Math.abs(ms) / 60_000) * 60;
}

/** What the caller is told of a message that went to the owner last known of a name. */
export function oldOwnerNote(name: string, ageMs: number): Reason {
  return reason('sent_to_old_owner', { chat: shownChat(name), age_s: ageSeconds(ageMs) });
}
