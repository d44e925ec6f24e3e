/** The closed gates of an account, on disk: a restart forgets none, and both gateways see the same. */
import type { Database } from './database.ts';
import { createOtherWrites } from './other-writes.ts';
import type { CallScope, Gate, GateStore } from '../pacing/gates.ts';
import { isPerson } from '../peers/marked-id.ts';
import { isSendMethod } from '../telegram/account.ts';

/** The gates of one account; without a way to tell them, all people are strangers. */
export function createGateStore(
  db: Database,
  account: string,
  isStranger: (chatId: string) => boolean = isPerson,
): GateStore {
  const close = db.prepare(
    `INSERT INTO gates (account, scope, until, reason, since) VALUES (:account, :scope, :until, :reason, :since)
     ON CONFLICT (account, scope) DO UPDATE SET until = max(until, excluded.until), reason = excluded.reason`,
  );
  const all = db.prepare('SELECT scope, until, reason, since FROM gates WHERE account = :account');
  const purge = db.prepare('DELETE FROM gates WHERE account = :account AND until <= :now');
  const haveOthersWritten = createOtherWrites(db);
  /** While the disk is full or held by another process, a gate is closed all the same, and written when it can be. */
  const unwritten = new Map<string, Gate>();
  let written = new Map<string, Gate>();
  const readAgain = () => {
    const gates = all.all({ account }) as unknown as (Gate & { since: number | null })[];
    written = new Map(gates.map((gate) => [gate.scope, { ...gate, since: gate.since ?? undefined }]));
  };
  const onDisk = (): Map<string, Gate> => {
    if (haveOthersWritten()) readAgain();
    return written;
  };
  const write = (now: number) => {
    try {
      purge.run({ account, now });
      for (const { scope, until, reason, since } of unwritten.values()) {
        close.run({ account, scope, until, reason, since: since ?? null });
        unwritten.delete(scope);
      }
    } catch {
      // What keeps the database from being written is told by the outbox, which is written all the time.
    }
    readAgain();
  };
  /** Of these, the one that stays closed longest. */
  const longest = (scopes: Iterable<string>, now: number): Gate | undefined => {
    let found: Gate | undefined;
    for (const scope of scopes) {
      for (const gate of [written.get(scope), unwritten.get(scope)]) {
        if (gate && gate.until > Math.max(now, found?.until ?? 0)) found = gate;
      }
    }
    return found;
  };

  const scopesOf = ({ method, chatId }: CallScope): string[] => {
    const scopes = [`method:${method}`, `chat:${chatId}`];
    const isClosed = written.has('strangers') || unwritten.has('strangers');
    const isForStranger = isClosed && chatId !== undefined && isSendMethod(method) && isStranger(chatId);
    return isForStranger ? ['strangers', ...scopes] : scopes;
  };

  return {
    close: (gate, now) => {
      const earlier = unwritten.get(gate.scope);
      const until = Math.max(gate.until, earlier?.until ?? 0);
      unwritten.set(gate.scope, { ...gate, until, since: earlier?.since ?? gate.since });
      write(now);
    },
    closed: (now) => {
      if (unwritten.size > 0) write(now);
      const scopes = new Set([...onDisk().keys(), ...unwritten.keys()]);
      return [...scopes].map((scope) => longest([scope], now)).filter((gate) => gate !== undefined);
    },
    closedFor: (call, now) => {
      const isAnyClosed = onDisk().size + unwritten.size > 0;
      return isAnyClosed ? longest(scopesOf(call), now) : undefined;
    },
  };
}
