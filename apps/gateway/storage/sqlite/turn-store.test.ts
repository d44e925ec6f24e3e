import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Paces } from '../../pacing/pacer.ts';
import { temporaryFolder } from '../../../testkit/folder.ts';
import { openDatabase } from './database.ts';
import { createTurnStore } from './turn-store.ts';

const user = '7';
const group = '-1000000000005';
const isTaken = { isTaken: true };

/** The turns as two processes of one account see them. */
function twoProcesses(paces: Partial<Paces>) {
  const file = join(temporaryFolder(), 'vestnik.db');
  return [1, 2].map(() => {
    const db = openDatabase(file);
    onTestFinished(() => db.close());
    return createTurnStore(db, 'main', { chatPerS: 0, groupPerMin: 0, accountPerS: 0, ...paces });
  }) as [ReturnType<typeof createTurnStore>, ReturnType<typeof createTurnStore>];
}

describe('the turns of an account', () => {
  it('come once a second for a chat, whichever process takes them', () => {
    const [text, media] = twoProcesses({ chatPerS: 1 });
    expect(text.take(user, 10_000)).toEqual(isTaken);
    expect(media.take(user, 10_999)).toEqual({ isTaken: false, at: 11_000, of: 'chat' });
    expect(media.nextOf(user)).toBe(11_000);
    expect(media.take('8', 10_999)).toEqual(isTaken);
    expect(media.take(user, 11_000)).toEqual(isTaken);
    expect(text.nextOf(user)).toBe(12_000);
  });

  it('that cannot have been taken yet are void once the time is known', () => {
    const [text, media] = twoProcesses({ chatPerS: 1, groupPerMin: 1, accountPerS: 1 });
    expect(text.take(group, 60_000)).toEqual(isTaken);
    text.slowDown(60_000, 90_000);
    media.judge(10_000);
    expect(media.take(group, 10_000)).toEqual(isTaken);
    expect(media.nextOf(group)).toBe(70_000);
    expect(media.rate(70_000)).toBeGreaterThan(0.9);
  });

  it('come so many times a minute for a group, in any minute, and not for a user', () => {
    const [text, media] = twoProcesses({ groupPerMin: 3 });
    for (const [turns, at] of [
      [text, 0],
      [media, 30_000],
      [text, 50_000],
    ] as const) {
      expect(turns.take(group, at)).toEqual(isTaken);
    }
    expect(media.take(group, 59_999)).toEqual({ isTaken: false, at: 60_000, of: 'chat' });
    expect(media.take(group, 60_000)).toEqual(isTaken);
    expect(text.take(group, 60_000)).toEqual({ isTaken: false, at: 90_000, of: 'chat' });
    for (let count = 0; count < 10; count++) expect(text.take(user, 60_000)).toEqual(isTaken);
  });

  it('come at the rate of the account over both processes', () => {
    const [text, media] = twoProcesses({ accountPerS: 20 });
    let now = 10_000;
    const taken: number[] = [];
    for (let count = 0; count < 100; count++) {
      const turns = count % 2 ? text : media;
      const turn = turns.take(String(count), now);
      if (turn.isTaken) taken.push(now);
      else now = turn.at;
    }
    const gaps = taken.slice(1).map((at, index) => at - taken[index]!);
    expect(new Set(gaps)).toEqual(new Set([50]));
  });

  it('make up for a timer that was late, and not for a pause', () => {
    const [turns] = twoProcesses({ accountPerS: 20 });
    turns.take(user, 10_000);
    expect(turns.take(user, 10_000)).toMatchObject({ at: 10_050 });
    expect(turns.take(user, 10_170)).toEqual(isTaken);
    expect(turns.take(user, 10_170)).toEqual(isTaken);
    expect(turns.take(user, 10_170)).toEqual(isTaken);
    expect(turns.take(user, 10_170)).toMatchObject({ at: 10_200 });
    turns.take(user, 20_000);
    expect(turns.take(user, 20_000)).toMatchObject({ at: 20_050 });
  });

  it('use up nothing of the account where the chat has none', () => {
    const [turns] = twoProcesses({ chatPerS: 1, accountPerS: 1 });
    turns.take(user, 10_000);
    expect(turns.take(user, 10_500)).toMatchObject({ of: 'chat', at: 11_000 });
    expect(turns.take('8', 11_000)).toEqual(isTaken);
  });

  it('are counted on from the disk after a restart, also long after older ones were forgotten', () => {
    const [before, after] = twoProcesses({ chatPerS: 0.01 });
    before.take(user, 10_000);
    before.take('8', 80_000);
    expect(after.take(user, 100_000)).toMatchObject({ isTaken: false, at: 110_000 });
  });

  it('are slower for both processes after a wait that one of them met', () => {
    const [text, media] = twoProcesses({ accountPerS: 20 });
    expect(media.rate(0)).toBe(20);
    text.slowDown(0, 5_000);
    expect(media.rate(5_000)).toBeLessThan(20);
    expect(media.rate(5_000)).toBe(text.rate(5_000));
  });

  it('are always there where every pace is off', () => {
    const [turns] = twoProcesses({});
    for (let count = 0; count < 100; count++) expect(turns.take(group, 0)).toEqual(isTaken);
    turns.slowDown(0, 5_000);
    expect(turns.rate(0)).toBe(Infinity);
  });
});
