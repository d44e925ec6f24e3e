/** The turns of an account in SQLite: one row for each call of the last minute, one for the account's rate. */
import { learnedFrom, rateAt, type LearnedRate } from '../../pacing/learned-rate.ts';
import { groupWindowMs, isGroup, type Paces, type Turn, type Pacer } from '../../pacing/pacer.ts';
import type { Cause } from '../../model/reasons.ts';
import type { Database } from './database.ts';

interface RateRow {
  next_at: number;
  ceiling: number | null;
  since: number | null;
}

/** A busy machine is late by so much at most; what it makes up for goes out at once. */
const mostLateMs = 250;

export interface SqliteTurns extends Pacer {
  /** The time is known now, or another one than before: turns that cannot have been taken yet are void. */
  judge(now: number): void;
}

/** No two clocks agree: a turn of the other gateway may be so far ahead. */
const toleranceMs = 6_000;

/** The turns of one account, over both of its gateways. */
export function createTurnStore(db: Database, account: string, paces: Paces): SqliteTurns {
  const { chatPerS, groupPerMin, accountPerS } = paces;
  const chatIntervalMs = chatPerS > 0 ? 1000 / chatPerS : 0;
  const keptMs = Math.max(groupWindowMs, chatIntervalMs);
  const nth = db.prepare(
    'SELECT at FROM turns WHERE account = :account AND chat = :chat ORDER BY at DESC LIMIT 1 OFFSET :skip',
  );
  const add = db.prepare('INSERT INTO turns (account, chat, at) VALUES (:account, :chat, :now)');
  const purge = db.prepare('DELETE FROM turns WHERE account = :account AND at < :before');
  const readRate = db.prepare('SELECT next_at, ceiling, since FROM rates WHERE account = :account');
  const setNext = db.prepare(
    `INSERT INTO rates (account, next_at) VALUES (:account, :nextAt)
     ON CONFLICT (account) DO UPDATE SET next_at = excluded.next_at`,
  );
  const setLearned = db.prepare(
    `INSERT INTO rates (account, next_at, ceiling, since) VALUES (:account, 0, :ceiling, :since)
     ON CONFLICT (account) DO UPDATE SET ceiling = excluded.ceiling, since = excluded.since`,
  );
  const voided = db.prepare('DELETE FROM turns WHERE account = :account AND at > :latest');
  const takenByNow = db.prepare('UPDATE turns SET at = :now WHERE account = :account AND at > :now');
  const overByNow = db.prepare(
    `UPDATE rates SET since = max(:now, (SELECT coalesce(max(until), 0) FROM gates WHERE account = :account))
     WHERE account = :account AND since > :now`,
  );
  let purgedAt = 0;
  /** The turn of the account that somebody was told to wait for. */
  let promised: number | undefined;

  const latest = (chat: string, skip: number): number =>
    (nth.get({ account, chat, skip }) as { at: number } | undefined)?.at ?? -Infinity;
  const byChat = (chat: string): number =>
    chatPerS > 0 ? Math.ceil(Math.max(0, latest(chat, 0) + chatIntervalMs)) : 0;
  const byGroup = (chat: string): number =>
    groupPerMin > 0 && isGroup(chat) ? Math.max(0, latest(chat, groupPerMin - 1) + groupWindowMs) : 0;
  const nextOf = (chat: string): number => Math.max(byChat(chat), byGroup(chat));
  const paceOf: Pacer['paceOf'] = (chat, now) => {
    const [ofChat, ofGroup] = [byChat(chat), byGroup(chat)];
    const until = Math.max(ofChat, ofGroup);
    if (until <= now) return undefined;
    const cause: Cause =
      ofGroup > ofChat
        ? { code: 'pace_group', values: { rate: groupPerMin } }
        : { code: 'pace_chat', values: { rate: chatPerS } };
    return { cause, until };
  };
  const rateRow = () => readRate.get({ account }) as RateRow | undefined;
  const rate = (row: RateRow | undefined, now: number): number =>
    accountPerS > 0 ? rateAt(learnedOf(row), accountPerS, now) : Infinity;

  const takeAccount = (now: number): number => {
    if (accountPerS === 0) return now;
    const row = rateRow();
    const intervalMs = 1000 / rate(row, now);
    const dueAt = row?.next_at ?? 0;
    if (dueAt > now) {
      promised = dueAt;
      return Math.ceil(dueAt);
    }
    // Whoever waited for this turn and comes late makes up for it, so that the pace keeps its rate; a pause is no lateness.
    const isLate = promised === dueAt && now - dueAt <= mostLateMs;
    const from = isLate ? dueAt : now;
    const nextAt = from + intervalMs;
    if (nextAt <= now) promised = nextAt;
    setNext.run({ account, nextAt });
    return now;
  };

  return {
    nextOf,
    paceOf,
    rate: (now) => rate(rateRow(), now),
    take: (chat, now): Turn => {
      const ofChat = nextOf(chat);
      if (ofChat > now) return { isTaken: false, at: ofChat, of: 'chat' };
      const ofAccount = takeAccount(now);
      if (ofAccount > now) return { isTaken: false, at: ofAccount, of: 'account' };
      if (chatPerS > 0 || groupPerMin > 0) add.run({ account, chat, now });
      if (now - purgedAt > 1000) {
        purge.run({ account, before: now - keptMs });
        purgedAt = now;
      }
      return { isTaken: true };
    },
    judge: (now) => {
      voided.run({ account, latest: now + toleranceMs });
      takenByNow.run({ account, now });
      overByNow.run({ account, now });
      const row = rateRow();
      if (row && row.next_at > now + 1000 / rate(row, now)) setNext.run({ account, nextAt: now });
      promised = undefined;
      purgedAt = now;
    },
    slowDown: (now, until) => {
      if (accountPerS === 0) return;
      const { ceiling, since } = learnedFrom(rate(rateRow(), now), until);
      try {
        setLearned.run({ account, ceiling, since });
      } catch {
        // The wait itself is kept by its gate: a database that cannot be written costs a lesson, no message.
      }
    },
  };
}

function learnedOf(row: RateRow | undefined): LearnedRate | undefined {
  return row?.ceiling == null || row.since === null ? undefined : { ceiling: row.ceiling, since: row.since };
}
