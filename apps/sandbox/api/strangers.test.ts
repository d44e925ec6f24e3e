/** Usernames that change hands, access hashes that are renewed, and the limit of first messages to strangers. */
import { Api } from 'telegram/tl/index.js';
import { beforeEach, describe, expect, it } from 'vitest';
import type { TestClient } from '../../testkit/library-client.ts';
import { peerNamed, sendText } from '../../testkit/requests.ts';
import { startSandbox, type TestSandbox } from '../../testkit/sandbox.ts';

const [anna, boris] = ['7001', '7002'];
let sandbox: TestSandbox;
let client: TestClient;
beforeEach(async () => {
  sandbox = await startSandbox();
  client = await sandbox.connect();
  await sandbox.post('/world', { usernames: { anna, boris }, unknown: [anna, boris] });
});

const resolve = (username: string) =>
  client.call<Api.contacts.ResolvedPeer>(new Api.contacts.ResolveUsername({ username }));
const peerOf = (username: string) => peerNamed(client, username);

describe('a username', () => {
  it('goes from one user to another, or to nobody, while all else stays', async () => {
    await sandbox.patch('/world', { usernames: { Anna: boris } });
    const { users } = await resolve('anna');
    expect(users[0]).toMatchObject({ username: null });
    expect(String(users[0]!.id)).toBe(boris);
    const names = (users[0] as Api.User).usernames?.map(({ username, active, editable }) => {
      return { username, active, editable };
    });
    expect(names).toEqual([
      { username: 'boris', active: true, editable: true },
      { username: 'Anna', active: true, editable: false },
    ]);
    await sandbox.patch('/world', { usernames: { anna: null } });
    await expect(resolve('anna')).rejects.toMatchObject({ errorMessage: 'USERNAME_NOT_OCCUPIED' });
    expect((await resolve('boris')).users[0]).toMatchObject({ username: 'boris' });
  });
});

describe('an access hash that was renewed', () => {
  it('is refused, and the new one is found by the name', async () => {
    const before = await peerOf('anna');
    await sandbox.patch('/world', { new_hashes: [anna] });
    await expect(client.call(sendText(before, 'a'))).rejects.toMatchObject({
      errorMessage: 'PEER_ID_INVALID',
    });
    await client.call(sendText(await peerOf('anna'), 'b'));
    expect((await sandbox.report()).delivered).toMatchObject([{ chat_id: anna, text: 'b' }]);
  });
});

describe('the limit of strangers', () => {
  it('refuses first messages with PEER_FLOOD, and lets all others pass', async () => {
    await sandbox.post('/limits', { strangers: { count: 1, per_seconds: 86_400 } });
    const [first, second] = [await peerOf('anna'), await peerOf('boris')];
    await client.call(sendText(first, 'hello'));
    await expect(client.call(sendText(second, 'hello'))).rejects.toMatchObject({
      errorMessage: 'PEER_FLOOD',
    });
    await client.call(sendText(first, 'known by now'));
    await client.call(sendText(await peerOf('vestnik_demo'), 'a group'));
    await client.call(sendText(new Api.InputPeerSelf(), 'myself'));
    await sandbox.post('/incoming', { chat_id: boris, text: 'hi' });
    await client.call(sendText(second, 'an answer'));
    expect((await sandbox.report()).delivered).toHaveLength(5);
  });
});
