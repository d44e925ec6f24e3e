import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../storage/sqlite/database.ts';
import { inTransaction } from '../storage/sqlite/transaction.ts';
import { createTurnStore } from '../storage/sqlite/turn-store.ts';
import { temporaryFolder } from '../../testkit/folder.ts';

/** Telegram's side of it: a bucket that fills with so many tokens a second, up to a burst. */
function bucket(perSecond: number, burst: number) {
  let tokens = burst;
  let at = 0;
  return (now: number): boolean => {
    tokens = Math.min(burst, tokens + ((now - at) * perSecond) / 1000);
    at = now;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}

interface Learning {
  readonly limit: number;
  readonly burst: number;
  readonly bound: number;
  /** Seconds Telegram asks to wait. */
  readonly waitS?: number;
}

/** Sends as fast as its turns allow for `seconds`, after as many that do not count. */
function send({ limit, burst, bound, waitS = 3 }: Learning, warmUpS: number, seconds: number) {
  const db = openDatabase(join(temporaryFolder(), 'vestnik.db'));
  onTestFinished(() => db.close());
  const turns = createTurnStore(db, 'main', { chatPerS: 0, groupPerMin: 0, accountPerS: bound });
  const allows = bucket(limit, burst);
  const waits = { learning: 0, learned: 0 };
  let sent = 0;
  inTransaction(db, () => {
    for (let now = 0; now < (warmUpS + seconds) * 1000;) {
      const turn = turns.take('1', now);
      if (!turn.isTaken) {
        now = turn.at;
        continue;
      }
      const isLearning = now < warmUpS * 1000;
      if (allows(now)) {
        if (!isLearning) sent++;
        continue;
      }
      const until = now + waitS * 1000;
      waits[isLearning ? 'learning' : 'learned']++;
      turns.slowDown(now, until);
      now = until;
    }
  });
  return { waits, overLeast: (Math.min(limit, bound) * seconds) / sent };
}

const cases = [20, 7, 33].flatMap((limit) =>
  [1, 3, 10].flatMap((burst) => [1, 1.5, 3].map((over) => ({ limit, burst, bound: limit * over }))),
);

describe('learning the rate of an account', () => {
  it.each(cases)('learns $limit a second, burst $burst, when at most $bound are allowed', (learning) => {
    const { waits, overLeast } = send(learning, 900, 900);
    expect(waits.learned).toBe(0);
    expect(overLeast).toBeLessThanOrEqual(1.05);
  });
});
