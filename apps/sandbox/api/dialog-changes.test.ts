import { returnBigInt } from 'telegram/Helpers.js';
import { Api } from 'telegram/tl/index.js';
import { beforeEach, describe, expect, it } from 'vitest';
import type { TestClient } from '../../testkit/library-client.ts';
import { demoPeer, peerFor, sendText } from '../../testkit/requests.ts';
import { startSandbox } from '../../testkit/sandbox.ts';
import { updatesTo, type Heard } from '../../testkit/updates.ts';
import { maxPinned } from './dialog-changes.ts';

let client: TestClient;
let heard: Heard;
let peer: Api.TypeInputPeer;
beforeEach(async () => {
  const sandbox = await startSandbox();
  client = await sandbox.connect();
  heard = await updatesTo(await sandbox.connect());
  peer = await demoPeer(client);
});

describe('pinned dialogs', () => {
  it('stand first in their order, which the other sessions hear', async () => {
    const [, second, third] = await peersIn(0);
    await pin(third!);
    expect(await heard.next<Api.UpdateDialogPinned>('UpdateDialogPinned')).toMatchObject({ pinned: true });
    await pin(second!);
    expect((await peersIn(0)).slice(0, 3)).toEqual([second, third, peer]);
    const order = [peer, third!, second!].map(dialogOf);
    await client.call(new Api.messages.ReorderPinnedDialogs({ folderId: 0, order, force: true }));
    expect((await peersIn(0)).slice(0, 3)).toEqual([peer, third, second]);
    const update = await heard.next<Api.UpdatePinnedDialogs>('UpdatePinnedDialogs');
    expect(update.order).toHaveLength(3);
  });

  it('are limited in number', async () => {
    const others = (await peersIn(0)).slice(1, maxPinned + 1);
    for (const other of others.slice(0, -1)) await pin(other);
    await expect(pin(others.at(-1)!)).rejects.toMatchObject({ errorMessage: 'PINNED_DIALOGS_TOO_MUCH' });
  });
});

it('a chat moves to the archive and back', async () => {
  const move = (folderId: number) =>
    client.call(
      new Api.folders.EditPeerFolders({ folderPeers: [new Api.InputFolderPeer({ peer, folderId })] }),
    );
  await move(1);
  expect(await peersIn(1)).toEqual([peer]);
  expect(await peersIn(0)).not.toContainEqual(peer);
  const { folderPeers } = await heard.next<Api.UpdateFolderPeers>('UpdateFolderPeers');
  expect(folderPeers[0]).toMatchObject({ folderId: 1 });
  await move(0);
  expect(await peersIn(0)).toContainEqual(peer);
  await expect(move(7)).rejects.toMatchObject({ errorMessage: 'FOLDER_ID_INVALID' });
});

it('a chat is marked unread', async () => {
  await client.call(new Api.messages.MarkDialogUnread({ peer: dialogOf(peer), unread: true }));
  expect(await client.call<unknown[]>(new Api.messages.GetDialogUnreadMarks({}))).toHaveLength(1);
  await heard.next('UpdateDialogUnreadMark');
});

it('a draft is kept until its message is sent', async () => {
  const drafts = async () => (await client.call<Api.Updates>(new Api.messages.GetAllDrafts())).updates;
  await client.call(new Api.messages.SaveDraft({ peer, message: 'not yet' }));
  expect(await drafts()).toMatchObject([{ draft: { message: 'not yet' } }]);
  const { draft } = await heard.next<Api.UpdateDraftMessage>('UpdateDraftMessage');
  expect(draft).toMatchObject({ message: 'not yet' });
  const send = sendText(peer, 'now');
  send.clearDraft = true;
  await client.call(send);
  expect(await drafts()).toEqual([]);
  const cleared = await heard.next<Api.UpdateDraftMessage>('UpdateDraftMessage');
  expect(cleared.draft).toBeInstanceOf(Api.DraftMessageEmpty);
});

it('a folder is kept, put in order and removed', async () => {
  const folders = async () =>
    (await client.call<Api.messages.DialogFilters>(new Api.messages.GetDialogFilters())).filters;
  const title = (text: string) => new Api.TextWithEntities({ text, entities: [] });
  const save = (id: number, text: string, includePeers = [peer]) => {
    const peers = { pinnedPeers: [], includePeers, excludePeers: [] };
    const filter = new Api.DialogFilter({ id, title: title(text), ...peers });
    return client.call(new Api.messages.UpdateDialogFilter({ id, filter }));
  };
  expect(await folders()).toMatchObject([{ className: 'DialogFilterDefault' }]);
  await save(2, 'Work');
  await save(3, 'Shops');
  await client.call(new Api.messages.UpdateDialogFiltersOrder({ order: [0, 3, 2] }));
  expect(await folders()).toMatchObject([{ className: 'DialogFilterDefault' }, { id: 3 }, { id: 2 }]);
  await heard.next('UpdateDialogFilterOrder');
  await client.call(new Api.messages.UpdateDialogFilter({ id: 3 }));
  expect(await folders()).toHaveLength(2);
  await expect(save(1, 'x')).rejects.toMatchObject({ errorMessage: 'FILTER_ID_INVALID' });
  await expect(save(4, '')).rejects.toMatchObject({ errorMessage: 'FILTER_TITLE_EMPTY' });
  await expect(save(4, 'x', [])).rejects.toMatchObject({ errorMessage: 'FILTER_INCLUDE_EMPTY' });
});

it('settings are given back as they were set', async () => {
  const chat = new Api.InputNotifyPeer({ peer }) as unknown as Api.TypeInputPeer;
  const settings = new Api.InputPeerNotifySettings({ muteUntil: 2_000_000_000 });
  await client.call(new Api.account.UpdateNotifySettings({ peer: chat, settings }));
  await expect(client.call(new Api.account.GetNotifySettings({ peer: chat }))).resolves.toMatchObject({
    muteUntil: 2_000_000_000,
  });
  await heard.next('UpdateNotifySettings');
  const key = new Api.InputPrivacyKeyPhoneNumber();
  const rules = [new Api.InputPrivacyValueDisallowAll()];
  await client.call(new Api.account.SetPrivacy({ key, rules }));
  await expect(client.call(new Api.account.GetPrivacy({ key }))).resolves.toMatchObject({
    rules: [{ className: 'PrivacyValueDisallowAll' }],
  });
  const other = new Api.InputPrivacyKeyChatInvite();
  await expect(client.call(new Api.account.GetPrivacy({ key: other }))).resolves.toMatchObject({
    rules: [{ className: 'PrivacyValueAllowAll' }],
  });
});

function pin(pinned: Api.TypeInputPeer): Promise<unknown> {
  return client.call(new Api.messages.ToggleDialogPin({ peer: dialogOf(pinned), pinned: true }));
}

/** The library's types ask for a plain peer here. */
function dialogOf(named: Api.TypeInputPeer): Api.TypeInputPeer {
  return new Api.InputDialogPeer({ peer: named }) as unknown as Api.TypeInputPeer;
}

async function peersIn(folderId: number): Promise<Api.TypeInputPeer[]> {
  const offset = { offsetDate: 0, offsetId: 0, offsetPeer: new Api.InputPeerEmpty(), hash: returnBigInt(0) };
  const request = new Api.messages.GetDialogs({ ...offset, folderId, limit: 100 });
  const found = await client.call<Api.messages.Dialogs>(request);
  return found.dialogs.map((dialog) => peerFor(found, (dialog as Api.Dialog).peer));
}
