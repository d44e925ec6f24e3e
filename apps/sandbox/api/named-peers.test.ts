import { returnBigInt } from 'telegram/Helpers.js';
import { Api } from 'telegram/tl/index.js';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TestClient } from '../../testkit/library-client.ts';
import { demoPeer, peerFor, sendText } from '../../testkit/requests.ts';
import { startSandbox, type TestSandbox } from '../../testkit/sandbox.ts';
import { shared } from '../../testkit/when-done.ts';

const page = {
  offsetId: 0,
  offsetDate: 0,
  addOffset: 0,
  limit: 100,
  maxId: 0,
  minId: 0,
  hash: returnBigInt(0),
};

type Lists = { users: Api.TypeUser[]; chats: Api.TypeChat[] };
/** The library declares no `savedPeerId`, and reads it all the same. */
type Saved = Api.Message & { savedPeerId?: Api.TypePeer };
type Answer = Lists & { messages: Api.TypeMessage[] };

let sandbox: TestSandbox;
let client: TestClient;
let demo: Api.InputPeerChannel;
let dialogs: Api.messages.DialogsSlice;
beforeAll(
  shared(async (whenDone) => {
    sandbox = await startSandbox({}, whenDone);
    client = await sandbox.connect();
    demo = (await demoPeer(client)) as Api.InputPeerChannel;
    const empty = new Api.InputPeerEmpty();
    dialogs = await client.call(new Api.messages.GetDialogs({ ...page, offsetPeer: empty }));
  }),
);

describe('every author, chat and source', () => {
  it('of the last messages comes with the dialogs', () => {
    expect(dialogs.messages.length).toBeGreaterThan(20);
    expect(missingIn(dialogs)).toEqual([]);
  });

  it('comes with the dialogs of single peers, history, search and messages by id', async () => {
    await sandbox.post('/incoming', { chat_id: '-1003833950795', from: '77', text: 'from a stranger' });
    const channel = new Api.InputChannel(demo);
    const id = [new Api.InputMessageID({ id: await send('hello') })];
    const filter = new Api.InputMessagesFilterEmpty();
    const answers = await Promise.all([
      client.call<Answer>(dialogOf(demo)),
      client.call<Answer>(new Api.messages.GetHistory({ peer: demo, ...page })),
      client.call<Answer>(
        new Api.messages.Search({ peer: demo, q: '', filter, minDate: 0, maxDate: 0, ...page }),
      ),
      client.call<Answer>(new Api.channels.GetMessages({ channel, id })),
    ]);
    expect(answers.map(({ messages }) => messages.length)).toEqual([1, 3, 3, 1]);
    expect(answers.map(missingIn)).toEqual([[], [], [], []]);
    expect(answers.flatMap(({ users }) => users).map(({ id: userId }) => String(userId))).toContain('77');
  });

  it('comes with the answer to a send, an edit and a forward', async () => {
    const sent = await client.call<Api.Updates>(sendText(demo, 'one', returnBigInt(41)));
    const { id } = sent.updates[0] as Api.UpdateMessageID;
    const edit = new Api.messages.EditMessage({ peer: demo, id, message: 'two' });
    const toPeer = new Api.InputPeerSelf();
    const forward = new Api.messages.ForwardMessages({
      fromPeer: demo,
      toPeer,
      id: [id],
      randomId: [returnBigInt(42)],
    });
    for (const answer of [
      sent,
      await client.call<Api.Updates>(edit),
      await client.call<Api.Updates>(forward),
    ]) {
      const messages = answer.updates.flatMap((update) =>
        'message' in update ? [update.message as Api.Message] : [],
      );
      expect(messages).toHaveLength(1);
      expect(missingIn({ ...answer, messages })).toEqual([]);
    }
  });
});

describe('a chat that nothing was sent to', () => {
  it('holds a message of a member, of the other user, or a post', () => {
    for (const message of dialogs.messages as Api.Message[]) {
      if (message.peerId instanceof Api.PeerUser) {
        expect(message.fromId).toEqual(message.peerId);
      } else if (message.post) {
        expect(message.fromId).toBeNull();
      } else {
        expect(message.fromId).toBeInstanceOf(Api.PeerUser);
      }
      expect(message.out).toBe(false);
    }
  });

  it('can be written to by its members', () => {
    for (const chat of dialogs.chats) {
      if (chat instanceof Api.Chat || (chat instanceof Api.Channel && chat.megagroup)) {
        expect(chat.defaultBannedRights).toMatchObject({ sendMessages: false, untilDate: 0x7fffffff });
      }
      if (chat instanceof Api.Channel) expect(chat.adminRights).toMatchObject({ other: true });
    }
  });

  it('outside of channels has a message id of its own, which the message is found by', async () => {
    const own = (dialogs.messages as Api.Message[]).filter(
      ({ peerId }) => !(peerId instanceof Api.PeerChannel),
    );
    expect(new Set(own.map(({ id }) => id)).size).toBe(own.length);
    const id = own.map((message) => new Api.InputMessageID({ id: message.id }));
    const { messages } = await client.call<Answer>(new Api.messages.GetMessages({ id }));
    expect(messages).toEqual(own);
  });
});

it('a message in Saved Messages is the own one, not outgoing, and stands in the topic of the account', async () => {
  const peer = new Api.InputPeerSelf();
  await client.call(sendText(peer, 'a note', returnBigInt(51)));
  const history = new Api.messages.GetHistory({ peer, ...page });
  const { messages } = await client.call<Answer>(history);
  const self = new Api.PeerUser({ userId: returnBigInt(6_200_000_001n) });
  for (const message of messages) {
    expect(message).toMatchObject({ out: false, fromId: self, peerId: self });
  }
  expect(messages[0]).toMatchObject({ message: 'a note', savedPeerId: self });
});

it('a deleted message is in the dialogs no more, and an edited one as it is now', async () => {
  const { messages, users, chats } = dialogs;
  const group = (messages as Api.Message[]).find(({ peerId }) => peerId instanceof Api.PeerChat)!;
  const peer = peerFor({ users, chats }, group.peerId);
  const top = async () => {
    return (await client.call<Answer>(dialogOf(peer))).messages[0];
  };
  const sent = await client.call<Api.Updates>(sendText(peer, 'first', returnBigInt(61)));
  const { id } = sent.updates[0] as Api.UpdateMessageID;
  await client.call(new Api.messages.EditMessage({ peer, id, message: 'second' }));
  expect(await top()).toMatchObject({ id, message: 'second' });
  await client.call(new Api.messages.DeleteMessages({ id: [id] }));
  expect(await top()).toMatchObject({ id: group.id, message: group.message });
});

function dialogOf(peer: Api.TypeInputPeer): Api.messages.GetPeerDialogs {
  const peers = [new Api.InputDialogPeer({ peer })] as unknown as [];
  return new Api.messages.GetPeerDialogs({ peers });
}

async function send(text: string): Promise<number> {
  const { updates } = await client.call<Api.Updates>(sendText(demo, text, returnBigInt(Date.now())));
  return (updates[0] as Api.UpdateMessageID).id;
}

/** The peers that messages name and that are in neither list. */
function missingIn({ users, chats, messages }: Answer): string[] {
  const known = new Set([...users, ...chats].map(({ id }) => String(id)));
  const named = (messages as Saved[]).flatMap(({ peerId, fromId, savedPeerId, fwdFrom }) => {
    return [peerId, fromId, savedPeerId, fwdFrom?.fromId, fwdFrom?.savedFromPeer].filter(
      (peer) => peer != null,
    );
  });
  const ids = named.map((peer) =>
    String('userId' in peer ? peer.userId : 'chatId' in peer ? peer.chatId : peer.channelId),
  );
  return ids.filter((id) => !known.has(id));
}
