import { returnBigInt } from 'telegram/Helpers.js';
import { Api } from 'telegram/tl/index.js';
import { beforeEach, expect, it } from 'vitest';
import type { TestClient } from '../../testkit/library-client.ts';
import { startSandbox } from '../../testkit/sandbox.ts';

let client: TestClient;
beforeEach(async () => {
  client = await (await startSandbox()).connect();
});

it('an imported contact is kept under the name that was given, until it is deleted', async () => {
  const name = { firstName: 'Lara', lastName: 'Lantern' };
  const { imported, users } = await importPhones(
    { phone: '+999 662 0002', ...name },
    { phone: '9996699999', ...name },
  );
  expect(imported).toHaveLength(1);
  expect(users).toMatchObject([{ contact: true, mutualContact: false, ...name }]);
  const { id: userId, accessHash } = users[0] as Api.User;
  expect(await contactNamed(userId)).toMatchObject(name);

  const id = [new Api.InputUser({ userId, accessHash: accessHash! })];
  const answer = await client.call<Api.Updates>(new Api.contacts.DeleteContacts({ id }));
  expect(answer.users).toMatchObject([{ contact: false, firstName: 'Lantern', lastName: null, phone: null }]);
  expect(await contactNamed(userId)).toBeUndefined();
});

it('a contact can be added, renamed, and deleted by phone', async () => {
  const request = new Api.contacts.ResolvePhone({ phone: '9996640001' });
  const { users } = await client.call<Api.contacts.ResolvedPeer>(request);
  expect(users).toMatchObject([{ contact: false }]);
  const { id: userId, accessHash } = users[0] as Api.User;
  const id = new Api.InputUser({ userId, accessHash: accessHash! });
  const fields = { id, lastName: '', phone: '' };
  await client.call(new Api.contacts.AddContact({ ...fields, firstName: 'Harbour' }));
  await client.call(new Api.contacts.AddContact({ ...fields, firstName: 'Harbour desk' }));
  expect(await contactNamed(userId)).toMatchObject({ firstName: 'Harbour desk' });
  await client.call(new Api.contacts.DeleteByPhones({ phones: ['9996640001'] }));
  expect(await contactNamed(userId)).toBeUndefined();
});

function importPhones(
  ...given: { phone: string; firstName: string; lastName: string }[]
): Promise<Api.contacts.ImportedContacts> {
  const contacts = given.map((one, index) => {
    return new Api.InputPhoneContact({ clientId: returnBigInt(index), ...one });
  });
  return client.call(new Api.contacts.ImportContacts({ contacts }));
}

async function contactNamed(userId: Api.long): Promise<Api.User | undefined> {
  const request = new Api.contacts.GetContacts({ hash: returnBigInt(0) });
  const { contacts, users } = await client.call<Api.contacts.Contacts>(request);
  expect(contacts).toHaveLength(users.length);
  return (users as Api.User[]).find(({ id }) => id.equals(userId));
}
