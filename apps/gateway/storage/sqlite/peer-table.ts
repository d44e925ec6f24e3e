/** The chats of an account, on disk: found by id or name without loading them, shared by both gateways. */
import type { Database } from './database.ts';
import { inTransaction } from './transaction.ts';
import { createOtherWrites } from './change-detector.ts';
import type { Peer } from '../../model/account.ts';
import { isPerson } from '../../model/marked-id.ts';
import { createSeenNames, namesOf } from './seen-names.ts';
import type { KnownPeer, PeerTable } from '../tables.ts';

interface PeerRow {
  chat_id: string;
  kind: Peer['kind'];
  access_hash: string;
  title: string;
  username: string | null;
  phone: string | null;
  writable: number;
  migrated_to: string | null;
  contact: number;
  met: number;
  seen_at: number;
}

/** Chats that are kept in memory, those asked for lately. */
const mostKept = 1_000;
/** What is seen again sooner is not written again. */
const seenForMs = 60 * 60_000;

/** The peers of one account. */
export function createPeerTable(db: Database, account: string): PeerTable {
  const byId = db.prepare('SELECT * FROM peers WHERE account = ? AND chat_id = ?');
  const self = db.prepare(`SELECT * FROM peers WHERE account = ? AND kind = 'self'`);
  const count = db.prepare('SELECT count(*) AS count FROM peers WHERE account = ?');
  // SQLite folds the case of ASCII alone.
  db.function('fold', { deterministic: true }, (text) => String(text ?? '').toLowerCase());
  const matching =
    'FROM peers WHERE account = :account AND (instr(fold(title), :part) > 0 OR instr(username, :part) > 0)';
  const matches = db.prepare(`SELECT * ${matching} ORDER BY title, chat_id LIMIT :limit`);
  const countMatches = db.prepare(`SELECT count(*) AS count ${matching}`);
  const save = db.prepare(
    `INSERT INTO peers (account, chat_id, kind, access_hash, title, username, phone, writable, seen_at,
                        migrated_to, contact, met)
     VALUES (:account, :chatId, :kind, :accessHash, :title, :username, :phone, :writable, :now, :migratedTo,
             coalesce(:contact, 0), :met)
     ON CONFLICT (account, chat_id) DO UPDATE SET
       kind = excluded.kind, access_hash = excluded.access_hash, title = excluded.title,
       username = iif(:isWhole, excluded.username, coalesce(excluded.username, username)),
       phone = coalesce(excluded.phone, phone),
       writable = excluded.writable, seen_at = excluded.seen_at,
       migrated_to = coalesce(excluded.migrated_to, migrated_to), contact = coalesce(:contact, contact),
       met = max(met, excluded.met)`,
  );
  const meet = db.prepare('UPDATE peers SET met = 1 WHERE account = ? AND chat_id = ? AND met = 0');
  const seenNames = createSeenNames(db, account);
  const haveOthersWritten = createOtherWrites(db);
  const kept = new Map<string, KnownPeer | undefined>();
  const known = (row: unknown): KnownPeer | undefined => {
    const peer = read(row);
    if (!peer) return undefined;
    const { seen_at: seenAt, met, contact } = row as PeerRow;
    return { ...peer, seenAt, names: seenNames.of(peer.chatId), isMet: met === 1, isContact: contact === 1 };
  };
  const find = (key: string, readNow: () => KnownPeer | undefined): KnownPeer | undefined => {
    if (haveOthersWritten() || kept.size > mostKept) kept.clear();
    if (!kept.has(key)) kept.set(key, readNow());
    return kept.get(key);
  };
  const findById = (chatId: string) => find(chatId, () => known(byId.get(account, chatId)));
  return {
    byId: findById,
    hasOwner: (name) => seenNames.hasOwner(name),
    isNews: (peer, now) => {
      const before = findById(peer.chatId);
      if (!before || before.accessHash !== peer.accessHash) return true;
      if (Math.abs(now - before.seenAt) >= seenForMs) return true;
      if (peer.isContact !== undefined && peer.isContact !== before.isContact) return true;
      return peer.usernames !== undefined && hasOtherNames(peer, before);
    },
    meet: (chatIds) => {
      kept.clear();
      inTransaction(db, () => {
        for (const chatId of chatIds) meet.run(account, chatId);
      });
    },
    isStranger: (chatId) => {
      if (!isPerson(chatId)) return false;
      const peer = findById(chatId);
      return peer === undefined || (peer.kind === 'user' && !peer.isContact && !peer.isMet);
    },
    self: () => find('self', () => known(self.get(account))),
    count: () => (count.get(account) as { count: number }).count,
    search: (text, limit) => {
      const part = text.toLowerCase();
      const { count: total } = countMatches.get({ account, part }) as { count: number };
      return { peers: matches.all({ account, part, limit }).map((row) => read(row)!), total };
    },
    save: (peers, now) => {
      kept.clear();
      inTransaction(db, () => {
        for (const peer of peers) {
          const { chatId, kind, accessHash, title, username, phone, writable, migratedTo } = peer;
          save.run({
            account,
            chatId,
            kind,
            accessHash,
            title,
            now,
            username: username?.toLowerCase() ?? null,
            phone: phone ?? null,
            writable: writable ? 1 : 0,
            migratedTo: migratedTo ?? null,
            contact: flag(peer.isContact),
            met: peer.isBot ? 1 : 0,
            isWhole: peer.usernames === undefined ? 0 : 1,
          });
          seenNames.see(peer, now);
        }
      });
    },
  };
}

function flag(is: boolean | undefined): number | null {
  return is === undefined ? null : Number(is);
}

/** A phone number that is not shown is no other one. */
function hasOtherNames(peer: Peer, { names }: KnownPeer): boolean {
  const shown = namesOf(peer);
  const comparable = names.filter((name) => name.startsWith('@') || peer.phone !== undefined);
  return shown.length !== comparable.length || shown.some((name) => !names.includes(name));
}

function read(row: unknown): Peer | undefined {
  if (row === undefined) return undefined;
  const { chat_id, kind, access_hash, title, username, phone, writable, migrated_to } = row as PeerRow;
  return {
    chatId: chat_id,
    kind,
    accessHash: access_hash,
    title,
    username: username ?? undefined,
    phone: phone ?? undefined,
    writable: writable === 1,
    migratedTo: migrated_to ?? undefined,
  };
}
