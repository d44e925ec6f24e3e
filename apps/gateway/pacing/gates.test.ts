import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { manualClock } from '../../kit/testing/manual-clock.ts';
import { openDatabase } from '../storage/sqlite/database.ts';
import { createGateStore } from '../storage/sqlite/gate-store.ts';
import { TelegramError } from '../model/telegram-error.ts';
import { temporaryFolder } from '../../testkit/folder.ts';
import { GateClosed, throughGate, type CallScope, type Gate } from './gates.ts';

const send = { method: 'messages.sendMessage', chatId: '7' };
const wait = (name: string) => new TelegramError(name === 'PEER_FLOOD' ? 400 : 420, name);

function setUp() {
  const clock = manualClock();
  const file = join(temporaryFolder(), 'vestnik.db');
  const openDb = () => {
    const db = openDatabase(file);
    onTestFinished(() => db.close());
    return db;
  };
  const db = openDb();
  const openStore = () => createGateStore(openDb(), 'main');
  const gates = createGateStore(db, 'main');
  const closed: Gate[] = [];
  let calls = 0;
  const keeping = { gates, now: () => clock.now(), onClosed: (gate: Gate) => void closed.push(gate) };
  const call = (scope: CallScope, answer?: Promise<unknown>) =>
    throughGate(keeping, scope, () => {
      calls++;
      return answer ?? Promise.resolve('done');
    });
  const refused = (scope: CallScope, name: string) =>
    expect(call(scope, Promise.reject(wait(name)))).rejects.toThrow(name);
  return { clock, db, gates, openStore, closed, call, refused, calls: () => calls };
}

describe('the flood gates', () => {
  it('are closed though the database cannot be written, and kept once it can', async () => {
    const { clock, db, gates, openStore, refused, call } = setUp();
    db.exec('PRAGMA query_only = ON');
    await refused(send, 'FLOOD_WAIT_26');
    await expect(call(send)).rejects.toThrow(GateClosed);
    expect(gates.closed(clock.now())).toMatchObject([{ reason: 'FLOOD_WAIT_26' }]);
    expect(openStore().closed(clock.now())).toEqual([]);
    db.exec('PRAGMA query_only = OFF');
    expect(gates.closed(clock.now())).toHaveLength(1);
    expect(openStore().closed(clock.now())).toMatchObject([{ reason: 'FLOOD_WAIT_26' }]);
  });

  it('stay closed no longer than Telegram asked, by a clock that was set back before the next start', async () => {
    const { clock, openStore, refused } = setUp();
    clock.set(24 * 3_600_000);
    await refused(send, 'FLOOD_WAIT_5');
    clock.set(-24 * 3_600_000);
    const [untold, told] = [openStore(), openStore()];
    const now = clock.now();
    expect(untold.closed(now)).toMatchObject([{ until: now + 5_000 }]);
    told.judge(now + 2_000);
    expect(openStore().closed(now)).toMatchObject([{ until: now + 5_000 }]);
    expect(told.closed(now + 7_000)).toEqual([]);
  });

  it('of an older version stay closed no longer than their name says', () => {
    const { clock, db, openStore } = setUp();
    const now = clock.now();
    const add = db.prepare('INSERT INTO gates (account, scope, until, reason, since) VALUES (?, ?, ?, ?, ?)');
    add.run('main', 'method:a', now + 86_405_000, 'FLOOD_WAIT_5', null);
    add.run('main', 'method:b', now + 86_406_000, 'FLOOD_WAIT_6', now + 86_400_000);
    expect(openStore().closed(now)).toMatchObject([{ until: now + 5_000 }, { until: now + 6_000 }]);
  });

  it('let nothing of a method pass while its wait runs, and all of it after that', async () => {
    const { clock, call, refused, calls } = setUp();
    await refused(send, 'FLOOD_WAIT_26');
    await clock.advance(25_999);
    await expect(call({ ...send, chatId: '8' })).rejects.toThrow(GateClosed);
    expect(calls()).toBe(1);
    expect(await call({ method: 'messages.sendMedia', chatId: '7' })).toBe('done');
    await clock.advance(1);
    expect(await call(send)).toBe('done');
  });

  it('close for one chat alone on slow mode, whatever is sent to it', async () => {
    const { call, refused } = setUp();
    await refused(send, 'SLOWMODE_WAIT_10');
    await expect(call({ method: 'messages.sendMedia', chatId: '7' })).rejects.toThrow(GateClosed);
    expect(await call({ ...send, chatId: '8' })).toBe('done');
  });

  it('close for all strangers on PEER_FLOOD, and for the chat that met it, and for nobody else', async () => {
    const { call, refused } = setUp();
    await refused(send, 'PEER_FLOOD');
    await expect(call({ method: 'messages.sendMedia', chatId: '8' })).rejects.toThrow(GateClosed);
    await refused({ ...send, chatId: '-40' }, 'PEER_FLOOD');
    await expect(call({ method: 'messages.sendMedia', chatId: '-40' })).rejects.toThrow(GateClosed);
    expect(await call({ ...send, chatId: '-41' })).toBe('done');
    expect(await call({ method: 'contacts.resolveUsername' })).toBe('done');
  });

  it('take the longest of the waits that calls under way are answered with', async () => {
    const { clock, call } = setUp();
    const answers = ['FLOOD_WAIT_30', 'FLOOD_WAIT_5'].map((name) => call(send, Promise.reject(wait(name))));
    await Promise.allSettled(answers);
    await clock.advance(29_000);
    await expect(call(send)).rejects.toMatchObject({ gate: { until: clock.now() + 1_000 } });
  });

  it('tell of one closing, however many calls were under way', async () => {
    const { closed, call } = setUp();
    const answers = [1, 2, 3].map(() => call(send, Promise.reject(wait('FLOOD_WAIT_30'))));
    await Promise.allSettled(answers);
    expect(closed).toHaveLength(1);
    expect(closed[0]).toMatchObject({ scope: 'method:messages.sendMessage', reason: 'FLOOD_WAIT_30' });
  });

  it('wait longer each time where Telegram names no time, until a call succeeds', async () => {
    const { clock, closed, call } = setUp();
    const unnamed = () => call(send, Promise.reject(new TelegramError(420, 'SOMETHING_NEW'))).catch(() => {});
    const waits: number[] = [];
    for (let again = 0; again < 3; again++) {
      await unnamed();
      waits.push(closed.at(-1)!.until - clock.now());
      await clock.advance(waits.at(-1)!);
    }
    expect(waits).toEqual([1_000, 2_000, 4_000]);
    expect(await call(send)).toBe('done');
    await unnamed();
    expect(closed.at(-1)!.until - clock.now()).toBe(1_000);
  });

  it('tell again of a wait that comes after the last one is over', async () => {
    const { clock, closed, refused } = setUp();
    await refused(send, 'FLOOD_WAIT_5');
    await clock.advance(5_000);
    await refused(send, 'FLOOD_WAIT_5');
    expect(closed).toHaveLength(2);
  });

  it('stay open for a refusal that announces no wait', async () => {
    const { closed, call, refused } = setUp();
    await refused(send, 'CHAT_WRITE_FORBIDDEN');
    expect(closed).toEqual([]);
    expect(await call(send)).toBe('done');
  });

  it('are the same for another process, and after a restart', async () => {
    const { clock, openStore, refused } = setUp();
    await refused(send, 'FLOOD_WAIT_26');
    expect(openStore().closedFor(send, clock.now())).toMatchObject({ until: clock.now() + 26_000 });
  });
});
