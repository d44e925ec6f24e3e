import { describe, expect, it } from 'vitest';
import { MessageIds, SeenIds } from './message-ids.ts';

const at = (seconds: number) => BigInt(seconds) << 32n;

describe('the ids of a client', () => {
  it('rise, are divisible by four, and tell the time, also many in one moment', () => {
    const ids = new MessageIds(
      () => 1_000,
      () => 0,
    );
    const made = Array.from({ length: 100 }, () => ids.next());
    expect(made.every((id) => id % 4n === 0n && id >> 32n === 1_000n)).toBe(true);
    expect(made.toSorted((a, b) => (a < b ? -1 : 1))).toEqual(made);
    expect(new Set(made).size).toBe(100);
  });

  it('do not follow a clock of this machine that steps', () => {
    let clockS = 1_000;
    let uptimeS = 0;
    const ids = new MessageIds(
      () => clockS,
      () => uptimeS,
    );
    clockS -= 10_000;
    uptimeS += 5;
    expect(ids.next() >> 32n).toBe(1_005n);
  });

  it('follow the clock of the server once it has spoken, back as well', () => {
    const ids = new MessageIds(
      () => 5_000,
      () => 0,
    );
    ids.next();
    ids.adoptTimeOf(at(2_000));
    expect(ids.next() >> 32n).toBe(2_000n);
    expect(ids.isTimely(at(2_029))).toBe(true);
    expect(ids.isTimely(at(2_031))).toBe(false);
    expect(ids.isTimely(at(1_701))).toBe(true);
    expect(ids.isTimely(at(1_699))).toBe(false);
  });

  it('are numbered by how many before them ask for an acknowledgement', () => {
    const ids = new MessageIds();
    expect([true, false, true, true, false].map((isContent) => ids.sequence(isContent))).toEqual([
      1, 2, 3, 5, 6,
    ]);
  });
});

describe('the ids of a server', () => {
  it('are taken once, and remembered within a bound', () => {
    const seen = new SeenIds();
    expect(seen.add(1n)).toBe(true);
    expect(seen.add(1n)).toBe(false);
    for (let id = 2n; id < 2_000n; id++) seen.add(id);
    expect(seen.has(1_999n)).toBe(true);
    expect(seen.has(1n)).toBe(false);
  });
});
