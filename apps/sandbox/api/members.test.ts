import { returnBigInt } from 'telegram/Helpers.js';
import { Api } from 'telegram/tl/index.js';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TestClient } from '../../testkit/library-client.ts';
import { demoPeer } from '../../testkit/requests.ts';
import { startSandbox, type TestSandbox } from '../../testkit/sandbox.ts';
import { shared } from '../../testkit/when-done.ts';

describe('the members of a supergroup', () => {
  let sandbox: TestSandbox;
  let client: TestClient;
  let channel: Api.TypeInputPeer;
  beforeAll(
    shared(async (whenDone) => {
      sandbox = await startSandbox({}, whenDone);
      client = await sandbox.connect();
      channel = await demoPeer(client);
    }),
  );
  const ask = (filter: Api.TypeChannelParticipantsFilter, offset = 0, limit = 200, hash = 0n) =>
    client.call<Api.channels.ChannelParticipants>(
      new Api.channels.GetParticipants({ channel, filter, offset, limit, hash: returnBigInt(hash) }),
    );
  const kindsOf = ({ participants }: Api.channels.ChannelParticipants) =>
    participants.map(({ className }) => className);

  it('are listed page by page, each with its user, until a page is empty', async () => {
    const all = await ask(new Api.ChannelParticipantsRecent());
    expect(kindsOf(all).slice(0, 3)).toEqual([
      'ChannelParticipantAdmin',
      'ChannelParticipantCreator',
      'ChannelParticipant',
    ]);
    expect(all.count).toBe(all.participants.length);
    expect(all.users.length).toBe(all.count);
    const pages = [];
    for (let offset = 0; ; offset += 4) {
      const { participants } = await ask(new Api.ChannelParticipantsRecent(), offset, 4);
      if (participants.length === 0) break;
      pages.push(...participants);
    }
    expect(pages.length).toBe(all.count);
  });

  it('are filtered by name, and by what they are', async () => {
    expect(kindsOf(await ask(new Api.ChannelParticipantsAdmins()))).toHaveLength(2);
    expect(kindsOf(await ask(new Api.ChannelParticipantsBots()))).toEqual([]);
    const { users } = await ask(new Api.ChannelParticipantsRecent());
    const { firstName } = users.find((user) => user instanceof Api.User && user.contact) as Api.User;
    const found = await ask(new Api.ChannelParticipantsSearch({ q: firstName!.slice(0, 6) }));
    expect(found.users).toContainEqual(expect.objectContaining({ firstName }));
  });

  it('are those who wrote there, too, and those who are no contacts any more', async () => {
    const idsOf = async () => {
      const { users } = await ask(new Api.ChannelParticipantsRecent());
      return users.map(({ id }) => String(id));
    };
    const before = await idsOf();
    const stranger = '7000000123';
    await sandbox.post('/incoming', { chat_id: '-1003833950795', from: stranger, text: 'hello' });
    expect(new Set(await idsOf())).toEqual(new Set([...before, stranger]));
    const { users } = await ask(new Api.ChannelParticipantsContacts({ q: '' }));
    const { id: userId, accessHash } = users[0] as Api.User;
    await client.call(
      new Api.contacts.DeleteContacts({ id: [new Api.InputUser({ userId, accessHash: accessHash! })] }),
    );
    expect(await idsOf()).toContain(String(userId));
  });

  it('are asked for one by one, and one who is not in is refused', async () => {
    const one = (participant: Api.TypeInputPeer) =>
      client.call<Api.channels.ChannelParticipant>(new Api.channels.GetParticipant({ channel, participant }));
    const { participant } = await one(new Api.InputPeerSelf());
    expect(participant).toMatchObject({ className: 'ChannelParticipantAdmin', self: true });
    await expect(one(channel)).rejects.toMatchObject({ errorMessage: 'USER_NOT_PARTICIPANT' });
  });

  it('show a banned account as such', async () => {
    await sandbox.patch('/world', { banned: ['-1003833950795'] });
    expect(kindsOf(await ask(new Api.ChannelParticipantsBanned({ q: '' })))).toEqual([
      'ChannelParticipantBanned',
    ]);
  });
});
