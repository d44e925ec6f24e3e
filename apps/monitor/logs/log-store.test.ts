import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../testkit/folder.ts';
import type { LineFacts } from './log-line.ts';
import { everyLine } from './log-rows.ts';
import { LogStore, type NewLine } from './log-store.ts';

let dir: string;
let file: string;
let store: LogStore;
beforeEach(() => {
  dir = temporaryFolder();
  file = join(dir, 'monitor/logs.sqlite');
  store = LogStore.open(file);
});
afterEach(() => store.close());

const line = (n: number, facts: Partial<LineFacts> = {}, service = 'send-text'): NewLine => {
  const message = `line ${n}`;
  return {
    entry: { service, at: n * 1_000, level: 'INFO', text: `raw of ${n}`, exception: null, cursor: `c${n}` },
    facts: { level: 'ERROR', class: 'other', message, id: null, chat: null, request_id: null, ...facts },
  };
};
const reopen = (limits?: { lines: number; bytes: number }) => {
  store.close();
  store = LogStore.open(file, limits);
};
const numbers = (lines: readonly { message: string }[]) =>
  lines.map(({ message }) => Number(message.slice(5)));
const newest = (limit: number, before: number | null = null) => store.newest(everyLine, limit, before);

describe('stored lines', () => {
  it('are there after a restart, with how far their source was read, for their owner alone', async () => {
    store.append('docker:send-text', 'c2', [line(1), line(2, { class: 'banned', id: 'm-1', chat: '-7' })]);
    reopen();
    expect(newest(10)[1]).toEqual({
      seq: 2,
      at: '1970-01-01T00:00:02.000Z',
      service: 'send-text',
      level: 'ERROR',
      class: 'banned',
      group: 'other',
      message: 'line 2',
      id: 'm-1',
      chat: '-7',
      request_id: null,
    });
    expect(store.get(2)!.raw).toBe('raw of 2');
    expect(store.get(3)).toBeUndefined();
    expect(store.cursorOf('docker:send-text')).toBe('c2');
    expect(store.cursorOf('journal')).toBeUndefined();
    expect(store.countsOf('send-text')).toEqual({ other: 1, banned: 1 });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('that come again are not stored again', () => {
    store.append('a', 'c2', [line(1), line(2)]);
    store.append('a', 'c3', [line(2), line(3)]);
    store.append('b', undefined, [line(3)]);
    expect(numbers(newest(10))).toEqual([1, 2, 3, 3]);
    expect(store.countsOf('send-text')).toEqual({ other: 4 });
  });

  it('are paged back by time, though services were read one after the other', () => {
    store.append(
      'a',
      undefined,
      [1, 3, 5].map((n) => line(n)),
    );
    store.append(
      'b',
      undefined,
      [2, 4, 6].map((n) => line(n, {}, 'send-media')),
    );
    const last = newest(2);
    expect(numbers(last)).toEqual([5, 6]);
    const before = newest(3, last[0]!.seq);
    expect(numbers(before)).toEqual([2, 3, 4]);
    expect(numbers(newest(3, before[0]!.seq))).toEqual([1]);
    expect(numbers(store.after(2, everyLine, 10))).toEqual([5, 2, 4, 6]);
  });

  it('are found by service, level, class, group, text and time', () => {
    store.append('a', undefined, [
      line(1, { class: 'flood_wait', level: 'INFO' }),
      line(2, { class: 'banned', level: 'WARNING', message: '100% of <b>' }, 'send-media'),
      line(3, { class: 'cannot_resolve' }),
    ]);
    const found = (filter: object) =>
      store.newest({ ...everyLine, ...filter }, 10, null).map(({ seq }) => seq);
    expect(found({ services: ['send-media'] })).toEqual([2]);
    expect(found({ levels: ['ERROR', 'INFO'] })).toEqual([1, 3]);
    expect(found({ classes: ['flood_wait', 'banned'] })).toEqual([1, 2]);
    expect(found({ classes: ['other'] })).toEqual([2]);
    expect(found({ text: '100% OF' })).toEqual([2]);
    expect(found({ text: '_' })).toEqual([]);
    expect(found({ text: 'RAW of 3' })).toEqual([3]);
    expect(found({ since: 2_000 })).toEqual([2, 3]);
  });

  it('are the last ones up to a number, and a reader can tell what it missed', () => {
    reopen({ lines: 100, bytes: 1e9 });
    for (let n = 1; n <= 250; n += 1) store.append('a', undefined, [line(n)]);
    const kept = numbers(newest(1_000));
    expect(kept.length).toBeLessThanOrEqual(105);
    expect(kept.at(-1)).toBe(250);
    expect(store.goneThrough).toBe(250 - kept.length);
    expect(store.countsOf('send-text')).toEqual({ other: kept.length });
    reopen();
    expect(store.goneThrough).toBe(250 - kept.length);
    expect(store.lastSeq).toBe(250);
  });

  it('never take more room than is given to them', () => {
    const bytes = 1_000_000;
    reopen({ lines: 1_000, bytes });
    const long = 'x'.repeat(2_000);
    for (let n = 1; n <= 3_000; n += 1) store.append('a', undefined, [line(n, { message: long })]);
    expect(newest(1_000).length).toBeLessThan(500);
    expect(newest(1_000).length).toBeGreaterThan(200);
  });

  it('are begun anew where the file is damaged', async () => {
    store.close();
    await writeFile(
      file,
      'not a database, but long enough to be taken for the head of one, which it is not'.repeat(9),
    );
    store = LogStore.open(file);
    expect(newest(1)).toEqual([]);
  });
});
