import { Api } from 'telegram/tl/index.js';
import { beforeEach, describe, expect, it } from 'vitest';
import type { TestClient } from '../../testkit/library-client.ts';
import { demoPeer, sendText } from '../../testkit/requests.ts';
import { startSandbox } from '../../testkit/sandbox.ts';
import { updatesTo, type Heard } from '../../testkit/updates.ts';

let client: TestClient;
let heard: Heard;
let peer: Api.TypeInputPeer;
let id: number;
beforeEach(async () => {
  const sandbox = await startSandbox();
  client = await sandbox.connect();
  heard = await updatesTo(await sandbox.connect());
  peer = await demoPeer(client);
  const { updates } = await client.call<Api.Updates>(sendText(peer, 'the rules'));
  ({ id } = updates[0] as Api.UpdateMessageID);
});

describe('a pinned message', () => {
  it('is marked as such in the history, and found as pinned', async () => {
    const { updates } = await pin();
    expect(updates).toMatchObject([
      { className: 'UpdatePinnedChannelMessages', pinned: true, messages: [id] },
      { message: { action: { className: 'MessageActionPinMessage' }, replyTo: { replyToMsgId: id } } },
    ]);
    expect(await heard.next<Api.UpdatePinnedChannelMessages>('UpdatePinnedChannelMessages')).toMatchObject({
      pinned: true,
      messages: [id],
    });
    expect(await message(new Api.InputMessageID({ id }))).toMatchObject({ pinned: true });
    expect(await message(new Api.InputMessagePinned())).toMatchObject({ id, message: 'the rules' });
    await expect(pin()).rejects.toMatchObject({ errorMessage: 'CHAT_NOT_MODIFIED' });
  });

  it('is unpinned alone, or with all others', async () => {
    await pin();
    await client.call(new Api.messages.UpdatePinnedMessage({ peer, id, unpin: true }));
    expect(await message(new Api.InputMessageID({ id }))).toMatchObject({ pinned: false });
    await pin();
    const request = new Api.messages.UnpinAllMessages({ peer });
    expect(await client.call(request)).toMatchObject({ ptsCount: 1, offset: 0 });
    expect(await message(new Api.InputMessageID({ id }))).toMatchObject({ pinned: false });
    const kinds = heard.all.map(({ className }) => className);
    expect(kinds.filter((kind) => kind === 'UpdatePinnedChannelMessages')).toHaveLength(4);
  });

  it('must be there', async () => {
    const request = new Api.messages.UpdatePinnedMessage({ peer, id: 9999 });
    await expect(client.call(request)).rejects.toMatchObject({ errorMessage: 'MESSAGE_ID_INVALID' });
  });
});

function pin(): Promise<Api.Updates> {
  return client.call<Api.Updates>(new Api.messages.UpdatePinnedMessage({ peer, id }));
}

async function message(named: Api.TypeInputMessage): Promise<Api.TypeMessage | undefined> {
  const request = new Api.channels.GetMessages({
    channel: new Api.InputChannel(peer as Api.InputPeerChannel),
    id: [named],
  });
  return (await client.call<Api.messages.ChannelMessages>(request)).messages[0];
}
