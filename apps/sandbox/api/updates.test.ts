import { returnBigInt } from 'telegram/Helpers.js';
import { Api } from 'telegram/tl/index.js';
import { beforeEach, describe, expect, it } from 'vitest';
import type { TestClient } from '../../testkit/library-client.ts';
import { demoPeer, sendText } from '../../testkit/requests.ts';
import { startSandbox } from '../../testkit/sandbox.ts';

const saved = new Api.InputPeerSelf();

let client: TestClient;
let demo: Api.InputPeerChannel;
let state: Api.updates.State;
let channelPts: number;
let nextRandomId = 1;
beforeEach(async () => {
  client = await (await startSandbox()).connect();
  demo = (await demoPeer(client)) as Api.InputPeerChannel;
  state = await client.call(new Api.updates.GetState());
  channelPts = (await channelDifference(1_000_000, 1)).pts;
});

describe('a difference', () => {
  it('holds new messages with their random ids, edits and deletions', async () => {
    const [kept, edited, deleted] = [
      await send(saved, 'kept'),
      await send(saved, 'first'),
      await send(saved, 'gone'),
    ];
    await client.call(new Api.messages.EditMessage({ peer: saved, id: edited, message: 'second' }));
    await client.call(new Api.messages.DeleteMessages({ id: [deleted] }));
    const { newMessages, otherUpdates, state: after } = await difference<Api.updates.Difference>();
    expect(newMessages).toMatchObject([
      { id: kept, message: 'kept' },
      { id: edited, message: 'second' },
    ]);
    expect(otherUpdates).toMatchObject([
      { className: 'UpdateMessageID', id: kept },
      { className: 'UpdateMessageID', id: edited },
      { className: 'UpdateEditMessage', message: { message: 'second' } },
      { className: 'UpdateDeleteMessages', messages: [deleted], ptsCount: 1 },
    ]);
    expect(after.pts).toBe(state.pts + 5);
  });

  it('names the channels that moved, also when nothing else did', async () => {
    await send(demo, 'in the supergroup');
    const { otherUpdates, newMessages } = await difference<Api.updates.Difference>();
    expect(newMessages).toEqual([]);
    expect(otherUpdates).toMatchObject([
      { className: 'UpdateChannelTooLong', channelId: demo.channelId, pts: channelPts + 1 },
    ]);
  });

  it('comes in slices, of which the last one names the channels', async () => {
    for (const text of ['1', '2', '3']) await send(saved, text);
    await send(demo, 'in the supergroup');
    const slice = await difference<Api.updates.DifferenceSlice>({ ptsLimit: 2 });
    expect(slice).toMatchObject({ newMessages: [{ message: '1' }, { message: '2' }] });
    expect(slice.className).toBe('updates.DifferenceSlice');
    const { pts } = slice.intermediateState;
    const rest = await difference<Api.updates.Difference>({ ptsLimit: 2, pts });
    expect(rest).toMatchObject({ className: 'updates.Difference', newMessages: [{ message: '3' }] });
    expect(rest.otherUpdates.at(-1)).toMatchObject({ className: 'UpdateChannelTooLong' });
  });

  it('is too long where more was missed than the client takes', async () => {
    for (const text of ['1', '2']) await send(saved, text);
    const answer = await difference({ ptsTotalLimit: 1 });
    expect(answer).toMatchObject({ className: 'updates.DifferenceTooLong', pts: state.pts + 2 });
  });

  it('is empty where nothing was missed', async () => {
    expect(await difference({ date: state.date + 10 })).toMatchObject({
      className: 'updates.DifferenceEmpty',
    });
  });
});

describe("a channel's difference", () => {
  it('holds new messages, edits and deletions', async () => {
    const [edited, deleted] = [await send(demo, 'first'), await send(demo, 'gone')];
    await client.call(new Api.messages.EditMessage({ peer: demo, id: edited, message: 'second' }));
    await client.call(
      new Api.channels.DeleteMessages({ channel: new Api.InputChannel(demo), id: [deleted] }),
    );
    const answer = await channelDifference(channelPts, 100);
    expect(answer).toMatchObject({
      final: true,
      pts: channelPts + 4,
      newMessages: [{ id: edited, message: 'second' }],
    });
    expect(answer.otherUpdates).toMatchObject([
      { className: 'UpdateMessageID', id: edited },
      { className: 'UpdateEditChannelMessage' },
      { className: 'UpdateDeleteChannelMessages', messages: [deleted] },
    ]);
    const since = await channelDifference(channelPts + 3, 100);
    expect(since).toMatchObject({ newMessages: [], otherUpdates: [{ messages: [deleted] }] });
  });

  it('is too long where more was missed than the client takes, and shows the dialog', async () => {
    await send(demo, '1');
    const id = await send(demo, '2');
    const answer = await channelDifference(channelPts, 1);
    expect(answer).toMatchObject({
      className: 'updates.ChannelDifferenceTooLong',
      dialog: { pts: channelPts + 2, topMessage: id },
      messages: [{ id, message: '2' }],
    });
  });
});

async function send(peer: Api.TypeInputPeer, message: string): Promise<number> {
  const request = sendText(peer, message, returnBigInt(nextRandomId++));
  const answer = await client.call<Api.Updates | Api.UpdateShortSentMessage>(request);
  return answer instanceof Api.Updates ? (answer.updates[0] as Api.UpdateMessageID).id : answer.id;
}

function difference<Answer>(fields: Record<string, unknown> = {}): Promise<Answer> {
  const { pts, date } = state;
  return client.call(new Api.updates.GetDifference({ pts, date, qts: 0, ...fields }));
}

function channelDifference(pts: number, limit: number): Promise<Api.updates.ChannelDifference> {
  const channel = new Api.InputChannel(demo);
  const filter = new Api.ChannelMessagesFilterEmpty();
  return client.call(new Api.updates.GetChannelDifference({ channel, filter, pts, limit }));
}
