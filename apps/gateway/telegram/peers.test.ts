import { Api } from 'telegram/tl/index.js';
import { describe, expect, it } from 'vitest';
import { long, readPeers } from './peers.ts';

const user = (fields: Partial<ConstructorParameters<typeof Api.User>[0]>) =>
  new Api.User({ id: long('7'), accessHash: long('700'), firstName: 'Anna', ...fields });
const channel = (fields: Partial<ConstructorParameters<typeof Api.Channel>[0]>) =>
  new Api.Channel({
    id: long('9'),
    accessHash: long('900'),
    title: 'News',
    date: 0,
    photo: new Api.ChatPhotoEmpty(),
    ...fields,
  });

describe('the peers of an answer', () => {
  it('are those that can be addressed', () => {
    expect(readPeers([user({})], [channel({})])).toMatchObject([
      { chatId: '7', kind: 'user', accessHash: '700' },
      { chatId: '-1000000000009', kind: 'channel', accessHash: '900' },
    ]);
  });

  it('leave out min users and channels, whose hash must not replace a good one', () => {
    const min = { min: true, accessHash: long('1') };
    expect(readPeers([user(min)], [channel(min)])).toEqual([]);
  });

  it('leave out what comes without a hash, but not the account itself', () => {
    const none = { accessHash: undefined };
    expect(readPeers([user(none), user({ ...none, self: true })], [channel(none)])).toMatchObject([
      { chatId: '7', kind: 'self' },
    ]);
  });

  it('have their active usernames, one alone or all in the list, and no others', () => {
    const name = (username: string, active: boolean) => new Api.Username({ username, active });
    const usernames = [name('anna', true), name('asleep', false), name('anna_k', true)];
    expect(readPeers([user({ usernames })], [channel({ username: 'news' })])).toMatchObject([
      { username: 'anna', usernames: ['anna_k'] },
      { username: 'news', usernames: [] },
    ]);
    expect(readPeers([user({ usernames: [name('asleep', false)] })], [])).toMatchObject([
      { username: undefined, usernames: [] },
    ]);
  });
});
