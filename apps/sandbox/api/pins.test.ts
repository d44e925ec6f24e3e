import { returnBigInt } from 'telegram/Helpers.js';
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

  it('is named by its chat in full: a channel, a basic chat, a user', async () => {
    const basic = new Api.InputPeerChat({ chatId: returnBigInt(4021) });
    const self = new Api.InputPeerSelf();
    const fulls = [
      [peer, new Api.channels.GetFullChannel({ channel: peer })],
      [basic, new Api.messages.GetFullChat({ chatId: returnBigInt(4021) })],
      [self, new Api.users.GetFullUser({ id: new Api.InputUserSelf() })],
    ] as const;
    for (const [chat, full] of fulls) {
      const { updates } = await client.call<Api.Updates>(sendText(chat, 'the rules'));
      const sent = updates[0] as Api.UpdateMessageID;
      await client.call(new Api.messages.UpdatePinnedMessage({ peer: chat, id: sent.id }));
      const answer = await client.call<{ fullChat?: object; fullUser?: object }>(full);
      expect(answer.fullChat ?? answer.fullUser).toMatchObject({ pinnedMsgId: sent.id });
    }
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
