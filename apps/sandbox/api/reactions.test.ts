import { Api } from 'telegram/tl/index.js';
import { beforeEach, describe, expect, it } from 'vitest';
import type { TestClient } from '../../testkit/library-client.ts';
import { demoPeer, sendText } from '../../testkit/requests.ts';
import { startSandbox, type TestSandbox } from '../../testkit/sandbox.ts';
import { updatesTo, type Heard } from '../../testkit/updates.ts';

let sandbox: TestSandbox;
let client: TestClient;
let heard: Heard;
let peer: Api.TypeInputPeer;
let msgId: number;
beforeEach(async () => {
  sandbox = await startSandbox();
  client = await sandbox.connect();
  heard = await updatesTo(await sandbox.connect());
  peer = await demoPeer(client);
  const { updates } = await client.call<Api.Updates>(sendText(peer, 'good news'));
  msgId = (updates[0] as Api.UpdateMessageID).id;
});

describe('a reaction', () => {
  it('is kept with its message, and pushed to the other sessions', async () => {
    const results = [{ count: 1, chosenOrder: 0, reaction: { emoticon: '👍' } }];
    expect((await react('👍')).updates).toMatchObject([{ msgId, reactions: { results } }]);
    const pushed = await heard.next<Api.UpdateMessageReactions>('UpdateMessageReactions');
    expect(pushed).toMatchObject({ msgId, reactions: { results, recentReactions: [{ my: true }] } });
    const request = new Api.messages.GetMessagesReactions({ peer, id: [msgId] });
    const { updates } = await client.call<Api.Updates>(request);
    expect(updates).toMatchObject([{ reactions: { results } }]);
    const { count, reactions } = await list();
    expect({ count, reactions }).toMatchObject({ count: 1, reactions: [{ my: true, peerId: {} }] });
  });

  it('takes the place of the one before, and can be taken back', async () => {
    await react('👍');
    await react('🔥');
    expect((await list()).reactions).toMatchObject([{ reaction: { emoticon: '🔥' } }]);
    await expect(react('🔥')).rejects.toMatchObject({ errorMessage: 'MESSAGE_NOT_MODIFIED' });
    await react();
    expect(await list()).toMatchObject({ count: 0, reactions: [] });
  });

  it('is one of those that there are', async () => {
    await expect(react('x')).rejects.toMatchObject({ errorMessage: 'REACTION_INVALID' });
    await expect(react('👍', '🔥')).rejects.toMatchObject({ errorMessage: 'REACTIONS_TOO_MANY' });
    const all = await client.call<Api.messages.AvailableReactions>(
      new Api.messages.GetAvailableReactions({ hash: 0 }),
    );
    expect(all.reactions.map(({ reaction }) => reaction)).toContain('👍');
    await expect(
      client.call(new Api.messages.GetAvailableReactions({ hash: all.hash })),
    ).resolves.toMatchObject({ className: 'messages.AvailableReactionsNotModified' });
  });
});

function react(...emojis: string[]): Promise<Api.Updates> {
  const reaction = emojis.map((emoticon) => new Api.ReactionEmoji({ emoticon }));
  return client.call<Api.Updates>(new Api.messages.SendReaction({ peer, msgId, reaction }));
}

function list(): Promise<Api.messages.MessageReactionsList> {
  return client.call<Api.messages.MessageReactionsList>(
    new Api.messages.GetMessageReactionsList({ peer, id: msgId, limit: 10 }),
  );
}
