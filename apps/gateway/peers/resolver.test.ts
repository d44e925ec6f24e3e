import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { manualClock } from '../../kit/testing/manual-clock.ts';
import { openDatabase } from '../storage/sqlite/database.ts';
import { createGateStore } from '../storage/sqlite/gate-store.ts';
import { throughGate } from '../pacing/gates.ts';
import { lookupMethod, type Account, type Peer } from '../model/account.ts';
import { TelegramError, Unreached } from '../model/telegram-error.ts';
import { temporaryFolder } from '../../testkit/folder.ts';
import { createNameTable } from '../storage/sqlite/name-table.ts';
import { createPeerTable } from '../storage/sqlite/peer-table.ts';
import { createResolver, type Resolution } from './resolver.ts';

const minute = 60_000;
const day = 24 * 60 * minute;

function user(chatId: string, username?: string): Peer {
  return { chatId, kind: 'user', accessHash: '1', title: 'A', username, phone: undefined, writable: true };
}

function setUp({ perMinute = 5, perDay = 50 } = {}) {
  const clock = manualClock();
  const db = openDatabase(join(temporaryFolder(), 'vestnik.db'));
  onTestFinished(() => db.close());
  const gates = createGateStore(db, 'main');
  const asked: string[] = [];
  const answers: (Peer | Error)[] = [];
  const account: Pick<Account, 'lookUp' | 'basicGroup'> = {
    lookUp: (name) =>
      throughGate({ gates, now: () => clock.now() }, { method: lookupMethod(name) }, () => {
        asked.push(name);
        const answer = answers.shift();
        if (!answer) throw new Error(`an unexpected lookup of ${name}`);
        return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
      }),
    basicGroup: () => Promise.reject(new Error('an unexpected look at a group')),
  };
  const peers = createPeerTable(db, 'main');
  const open = () =>
    createResolver({
      peers,
      gates,
      clock,
      account: account as Account,
      names: createNameTable(db, 'main', { perMinute, perDay }),
      nameMaxAgeMs: day,
      mayBecomeKnown: () => false,
    });
  return { clock, peers, gates, asked, answers, open, resolver: open() };
}

const kindOf = (resolution: Resolution) => Object.keys(resolution)[0];

describe('resolving', () => {
  it('finds ids and names of the table and asks nothing of Telegram', () => {
    const { peers, asked, resolver, clock } = setUp();
    peers.save([{ ...user('7', 'Anna_K'), phone: '9996620001' }], clock.now());
    for (const chat of ['7', '@anna_k', '+9996620001']) {
      expect(resolver.find(chat)).toMatchObject({ chatId: '7' });
    }
    expect(resolver.find('-4021')).toEqual({ chatId: '-4021', kind: 'chat', accessHash: '0' });
    expect(resolver.find('8')).toBeUndefined();
    expect(asked).toEqual([]);
  });

  it('looks a name up once, and remembers it over a restart', async () => {
    const { asked, answers, open } = setUp();
    answers.push(user('7', 'anna'));
    expect(await open().lookUp('@anna')).toMatchObject({ peer: { chatId: '7' } });
    expect(open().find('@anna')).toMatchObject({ chatId: '7' });
    expect(asked).toEqual(['@anna']);
  });

  it('remembers a name that does not exist, for a day', async () => {
    const { asked, answers, resolver, clock } = setUp();
    answers.push(new TelegramError(400, 'USERNAME_NOT_OCCUPIED'), user('7', 'nobody'));
    expect(await resolver.lookUp('@nobody')).toMatchObject({ unknown: { class: 'cannot_resolve' } });
    expect(resolver.find('@nobody')).toBe('missing');
    await clock.advance(day - minute);
    expect(resolver.find('@nobody')).toBe('missing');
    await clock.advance(minute);
    expect(resolver.find('@nobody')).toBeUndefined();
    expect(kindOf(await resolver.lookUp('@nobody'))).toBe('peer');
    expect(asked).toHaveLength(2);
  });

  it.each([
    [406, 'CHANNEL_PRIVATE'],
    [400, 'CHANNEL_INVALID'],
    [403, 'SOMETHING_NEW'],
  ])('remembers nothing of another final answer: %i %s', async (code, name) => {
    const { answers, resolver } = setUp();
    answers.push(new TelegramError(code, name), user('7', 'anna'));
    expect(kindOf(await resolver.lookUp('@anna'))).toBe('later');
    expect(resolver.find('@anna')).toBeUndefined();
    expect(kindOf(await resolver.lookUp('@anna'))).toBe('peer');
  });

  it.each(['USERNAME_NOT_OCCUPIED', 'USERNAME_INVALID', 'PHONE_NOT_OCCUPIED', 'PHONE_NUMBER_INVALID'])(
    'remembers that nobody is there where Telegram says %s',
    async (name) => {
      const { answers, resolver } = setUp();
      answers.push(new TelegramError(400, name));
      expect(kindOf(await resolver.lookUp('@anna'))).toBe('unknown');
      expect(resolver.find('@anna')).toBe('missing');
    },
  );

  it('keeps to its budget a minute and a day, also over a restart', async () => {
    const { asked, answers, open, clock } = setUp({ perMinute: 2, perDay: 3 });
    answers.push(user('1', 'aaaa'), user('2', 'bbbb'), user('3', 'cccc'), user('4', 'dddd'));
    const startedAt = clock.now();
    expect(kindOf(await open().lookUp('@aaaa'))).toBe('peer');
    expect(kindOf(await open().lookUp('@bbbb'))).toBe('peer');
    expect(await open().lookUp('@cccc')).toMatchObject({ later: { notBefore: startedAt + minute } });
    await clock.advance(minute);
    expect(kindOf(await open().lookUp('@cccc'))).toBe('peer');
    expect(await open().lookUp('@dddd')).toMatchObject({ later: { notBefore: startedAt + day } });
    await clock.advance(day);
    expect(kindOf(await open().lookUp('@dddd'))).toBe('peer');
    expect(asked).toHaveLength(4);
  });

  it('closes a gate on a flood wait, which no lookup of that method passes', async () => {
    const { asked, answers, resolver, clock, gates } = setUp();
    answers.push(new TelegramError(420, 'FLOOD_WAIT_900'), user('1', 'aaaa'));
    const until = clock.now() + 900_000;
    expect(await resolver.lookUp('@aaaa')).toMatchObject({
      later: { notBefore: until, failure: { class: 'flood_wait' } },
    });
    expect(await resolver.lookUp('@bbbb')).toMatchObject({ later: { notBefore: until } });
    expect(gates.closed(clock.now())).toMatchObject([{ scope: 'method:contacts.resolveUsername', until }]);
    expect(asked).toHaveLength(1);
    await clock.advance(900_000);
    expect(kindOf(await resolver.lookUp('@aaaa'))).toBe('peer');
  });

  it('asks again later when Telegram was out of reach, and forgets nothing for it', async () => {
    const { answers, resolver } = setUp();
    answers.push(new Unreached('gone'), user('1', 'aaaa'));
    expect(await resolver.lookUp('@aaaa')).toMatchObject({
      later: { failure: { class: 'telegram_unavailable' } },
    });
    expect(kindOf(await resolver.lookUp('@aaaa'))).toBe('peer');
  });

  it('shows of a phone number no more than two digits', async () => {
    const { answers, resolver } = setUp();
    answers.push(new TelegramError(400, 'PHONE_NOT_OCCUPIED'));
    expect(JSON.stringify(await resolver.lookUp('+9996620001'))).not.toContain('99966');
  });
});
