/** The closed gates of an account, on disk: a restart forgets none, and both gateways see the same. */
import type { Database } from './database.ts';
import { createOtherWrites } from './change-detector.ts';
import { longestWaitMs, type CallScope, type Gate, type GateStore } from '../../pacing/gates.ts';
import { isPerson } from '../../model/marked-id.ts';
import { isSendMethod } from '../../model/account.ts';

interface GateRow {
  scope: string;
  until: number;
  reason: string;
  since: number | null;
  wait_ms: number | null;
}

export interface SqliteGateStore extends GateStore {
  /** The time is known now, or another one than before: none stays closed for longer than Telegram asked. */
  judge(now: number): void;
}

/** The gates of one account; without a way to tell them, all people are strangers. */
export function createGateStore(
  db: Database,
  account: string,
  isStranger: (chatId: string) => boolean = isPerson,
): SqliteGateStore {
  const close = db.prepare(
    `INSERT INTO gates (account, scope, until, reason, since, wait_ms)
     VALUES (:account, :scope, :until, :reason, :since, :waitMs)
     ON CONFLICT (account, scope) DO UPDATE SET until = max(until, excluded.until), reason = excluded.reason,
       wait_ms = CASE WHEN excluded.until > until THEN excluded.wait_ms ELSE wait_ms END`,
  );
  const all = db.prepare('SELECT scope, until, reason, since, wait_ms FROM gates WHERE account = :account');
  const shorten = db.prepare(
    'UPDATE gates SET until = :until, since = min(since, :now) WHERE account = :account AND scope = :scope',
  );
  const purge = db.prepare('DELETE FROM gates WHERE account = :account AND until <= :now');
  const haveOthersWritten = createOtherWrites(db);
  /** While the disk is full or held by another process, a gate is closed all the same, and written when it can be. */
  const unwritten = new Map<string, Gate>();
  let written = new Map<string, Gate>();
  /** When those of the disk open, by scope and by what the disk says: judged as they were read first. */
  let opening = new Map<string, number>();
  const readAgain = (now: number) => {
    const before = opening;
    opening = new Map();
    written = new Map();
    for (const row of all.all({ account }) as unknown as GateRow[]) {
      const { scope, until, reason, since, wait_ms: waitMs } = row;
      const gate = { scope, until, reason, since: since ?? undefined, waitMs: waitMs ?? undefined };
      const key = `${scope} ${until}`;
      const opensAt = before.get(key) ?? Math.min(until, now + longestWaitMs(gate));
      opening.set(key, opensAt);
      written.set(scope, { ...gate, until: opensAt });
    }
  };
  const onDisk = (now: number): Map<string, Gate> => {
    if (haveOthersWritten()) readAgain(now);
    return written;
  };
  const write = (now: number) => {
    try {
      purge.run({ account, now });
      for (const { scope, until, reason, since, waitMs } of unwritten.values()) {
        close.run({ account, scope, until, reason, since: since ?? null, waitMs: waitMs ?? null });
        unwritten.delete(scope);
      }
    } catch {
      // What keeps the database from being written is told by the outbox, which is written all the time.
    }
    readAgain(now);
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
      const { until, waitMs } = earlier && earlier.until > gate.until ? earlier : gate;
      unwritten.set(gate.scope, { ...gate, until, waitMs, since: earlier?.since ?? gate.since });
      write(now);
    },
    closed: (now) => {
      if (unwritten.size > 0) write(now);
      const scopes = new Set([...onDisk(now).keys(), ...unwritten.keys()]);
      return [...scopes].map((scope) => longest([scope], now)).filter((gate) => gate !== undefined);
    },
    closedFor: (call, now) => {
      const isAnyClosed = onDisk(now).size + unwritten.size > 0;
      return isAnyClosed ? longest(scopesOf(call), now) : undefined;
    },
    judge: (now) => {
      opening.clear();
      readAgain(now);
      for (const { scope, until } of written.values()) {
        if (!opening.has(`${scope} ${until}`)) shorten.run({ account, scope, until, now });
      }
      readAgain(now);
    },
  };
}
