import { describe, expect, it } from 'vitest';
import { demoChatId } from './fixed-chats.ts';
import { defaultWorld, World } from './world.ts';

const self = 6_200_000_001n;
const empty = { banned: [], unknown: [], usernames: {} };

describe('a world', () => {
  it.each([
    [300, 50],
    [1, 0],
    [1, 1],
    [0, 0],
    [2400, 2400],
  ])('of %i dialogs has so many, and %i users among them', (dialogs, users) => {
    const world = new World({ ...empty, dialogs, users }, self);
    const inDialogs = world.dialogs(undefined);
    expect(inDialogs).toHaveLength(dialogs);
    expect(inDialogs.filter(({ kind }) => kind === 'user')).toHaveLength(users);
    expect(world.chats.has(self)).toBe(true);
  });

  it('is the same every time', () => {
    const chats = () => [...new World(defaultWorld, self).chats.values()];
    expect(chats()).toEqual(chats());
  });

  it('holds the demo supergroup, and ids past ten digits', () => {
    const { chats } = new World(defaultWorld, self);
    expect(chats.get(demoChatId)).toMatchObject({
      kind: 'supergroup',
      title: 'Vestnik demo',
      inDialogs: true,
    });
    expect([...chats.keys()].some((id) => id < -1_010_000_000_000n)).toBe(true);
  });

  it('adds what is named in its definition, and leaves unknown chats out of the dialogs', () => {
    const definition = {
      dialogs: 5,
      users: 1,
      banned: [-77n],
      unknown: [demoChatId, 5n],
      usernames: { shop: -88n },
    };
    const world = new World(definition, self);
    expect(world.chats.get(-77n)).toMatchObject({ kind: 'chat', banned: true, inDialogs: true });
    expect(world.chats.get(demoChatId)?.inDialogs).toBe(false);
    expect(world.chats.get(5n)).toMatchObject({ kind: 'user', inDialogs: false });
    expect(world.findUsername('SHOP')?.id).toBe(-88n);
  });

  it('shows pinned dialogs first, then the newest', () => {
    const dates = new World(defaultWorld, self)
      .dialogs(0)
      .map(({ pinPlace, topDate }) => (pinPlace > 0 ? Infinity : topDate));
    expect(dates).toEqual([...dates].sort((a, b) => b - a));
    expect(dates[0]).toBe(Infinity);
  });
});
