/**
 * From the chat a message names to the address Telegram takes: ids from our own table and never from Telegram, names
 * from the table too, else looked up within a budget and remembered.
 */
import type { Clock } from '../../kit/clock.ts';
import type { Failure } from '../outbox/store.ts';
import { describeGate, gateClass, type GateStore } from '../pacing/gates.ts';
import { lookupMethod, type Account, type PeerAddress } from '../telegram/account.ts';
import { judge, saysNobody, TelegramError } from '../model/telegram-error.ts';
import { unmarkId } from './marked-id.ts';
import type { NameTable } from './name-table.ts';
import type { PeerTable } from './peer-table.ts';

/** What came of a lookup: `unknown` is final; `later` can be asked from `notBefore` on. */
export type Resolution =
  | { readonly peer: PeerAddress }
  | { readonly unknown: Failure }
  | { readonly later: Failure; readonly notBefore: number };

export interface Resolver {
  /** What the tables say of a chat (a marked id, `me`, `@name` or `+digits`); nothing is asked of Telegram. */
  find(chat: string): PeerAddress | 'missing' | undefined;
  /** Whether a chat that is not in the tables may still come with the first walk. */
  mayBecomeKnown(): boolean;
  /** Looks a name up that is not in the tables, where the budget allows. */
  lookUp(name: string): Promise<Resolution>;
  /** Whether a basic group turns out to have become a supergroup, which from now on takes its messages. */
  follow(chat: string): Promise<boolean>;
}

export interface ResolverDeps {
  readonly account: Account;
  readonly peers: PeerTable;
  readonly names: NameTable;
  readonly gates: GateStore;
  readonly clock: Clock;
  /** Whether a chat that is not in the table may still come with the first walk. */
  readonly mayBecomeKnown: () => boolean;
}

const retryMs = 5_000;

export function createResolver(deps: ResolverDeps): Resolver {
  const { account, peers, names, gates, clock } = deps;

  const find = (chat: string): PeerAddress | 'missing' | undefined => {
    if (chat === 'me') return peers.self() ?? { chatId: 'me', kind: 'self', accessHash: '0' };
    if (!isName(chat)) return findById(peers, chat);
    const known = chat.startsWith('@') ? peers.byUsername(chat.slice(1)) : peers.byPhone(chat.slice(1));
    if (known) return known;
    const remembered = names.find(chat, clock.now());
    if (remembered === 'missing' || remembered === undefined) return remembered;
    return findById(peers, remembered.chatId);
  };

  const lookUp = async (name: string): Promise<Resolution> => {
    const now = clock.now();
    const gate = gates.closedFor({ method: lookupMethod(name) }, now);
    if (gate) {
      const detail = `looking up ${shownChat(name)}: ${describeGate(gate, now)}`;
      return { later: { class: gateClass(gate), detail }, notBefore: gate.until };
    }
    const taken = names.take(name, now);
    if (taken !== 'taken') {
      const detail = `the budget for looking up names is used up; ${shownChat(name)} is looked up as soon as there is one again`;
      return { later: { class: 'flood_wait', detail }, notBefore: taken };
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

  const lookupFailed = (name: string, error: unknown): Resolution => {
    const now = clock.now();
    const detail = `looking up ${shownChat(name)}: ${(error as Error).message}`;
    if (!(error instanceof TelegramError)) {
      return { later: { class: 'telegram_unavailable', detail }, notBefore: now + retryMs };
    }
    if (!saysNobody(error)) {
      const { class: errorClass, gate } = judge(error);
      return { later: { class: errorClass, detail }, notBefore: now + (gate?.waitMs ?? retryMs) };
    }
    names.remember(name, undefined, now);
    return { unknown: unknownChat(name) };
  };

  return {
    find,
    lookUp,
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
  return isBasicGroup(chatId) ? { chatId, kind: 'chat', accessHash: '0' } : undefined;
}
