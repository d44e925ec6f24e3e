/** The times of open messages, judged once the time is known: none waits longer, or for a shorter time, than it was to. */
import type { Database } from './database.ts';
import type { MessageTable } from './message-table.ts';
import { untilKnown } from '../../model/message.ts';

/**
 * `now` is known now, or another time than before: the clock of this process went on by `byMs`. To be called inside a
 * write of the outbox.
 */
export type JudgeTimes = (now: number, byMs: number) => void;

/** Between two tries; whatever waits longer waits for a gate or a budget too, which is asked again. */
const longestPauseMs = 30_000;

export function createJudgeTimes(db: Database, { of }: Pick<MessageTable, 'of'>): JudgeTimes {
  const open = `account = :account AND gateway = :gateway AND status IN ('queued', 'sending')`;
  const messages = 'UPDATE messages INDEXED BY messages_open SET';
  const lastSeq = db.prepare(
    'SELECT coalesce(max(seq), 0) AS seq FROM messages WHERE account = :account AND gateway = :gateway',
  );
  const acceptedHere = db.prepare(
    `${messages} accepted_at = accepted_at + :byMs, expires_at = expires_at + :byMs WHERE ${open} AND seq > :before`,
  );
  const acceptedByNow = db.prepare(
    `${messages} expires_at = expires_at - accepted_at + :now, accepted_at = :now WHERE ${open} AND accepted_at > :now`,
  );
  const triedSoon = db.prepare(
    `${messages} not_before = 0 WHERE ${open} AND not_before > :latest AND not_before <> :untilKnown`,
  );
  const lanesDue = db.prepare(
    `UPDATE lanes SET due_at = :now
     WHERE account = :account AND gateway = :gateway AND due_at > :now AND due_at <> :untilKnown`,
  );
  const before = (lastSeq.get(of) as { seq: number }).seq;
  return (now, byMs) => {
    if (byMs !== 0) acceptedHere.run({ ...of, byMs, before });
    acceptedByNow.run({ ...of, now });
    triedSoon.run({ ...of, latest: now + longestPauseMs, untilKnown });
    lanesDue.run({ ...of, now, untilKnown });
  };
}
