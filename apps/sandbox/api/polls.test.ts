import { returnBigInt } from 'telegram/Helpers.js';
import { Api } from 'telegram/tl/index.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestClient } from '../../testkit/library-client.ts';
import { startSandbox, type TestSandbox } from '../../testkit/sandbox.ts';
import { demoPeer } from '../../testkit/requests.ts';

let sandbox: TestSandbox;
let client: TestClient;
let peer: Api.TypeInputPeer;
beforeEach(async () => {
  sandbox = await startSandbox();
  client = await sandbox.connect();
  peer = await demoPeer(client);
});
afterEach(() => sandbox.dispose());

describe('a poll', () => {
  it('is answered as a message with its question and answers, and stands in the report and the inbox', async () => {
    const media = await sendPoll({ multipleChoice: true, closePeriod: 600 }, {});
    expect(media.poll).toMatchObject({ multipleChoice: true, creator: true, closed: false });
    expect(media.poll.question.text).toBe('Lunch?');
    expect(media.poll.answers.map(({ text }) => text.text)).toEqual(['Soup', 'Salad']);
    expect(media.poll.closeDate! - Date.now() / 1000).toBeGreaterThan(590);
    expect(media.results).toMatchObject({ totalVoters: 0 });
    const shared = { question: 'Lunch?', multiple: true, quiz: false, closed: false, total_voters: 0 };
    const answers = [
      { text: 'Soup', voters: 0, correct: false },
      { text: 'Salad', voters: 0, correct: false },
    ];
    const { delivered } = await sandbox.report();
    expect(delivered[0]?.media).toMatchObject({ kind: 'poll', name: 'Lunch?', poll: { ...shared, answers } });
    const { messages } = await sandbox.get<{ messages: { card: unknown }[] }>(
      `/api/chats/${delivered[0]?.chat_id}/messages`,
    );
    expect(messages[0]?.card).toMatchObject({ kind: 'poll', title: 'Lunch?', poll: { ...shared, answers } });
  });

  it('with public voters lists them', async () => {
    const votesOf = (id: number) =>
      client.call<Api.messages.VotesList>(new Api.messages.GetPollVotes({ peer, id, limit: 10 }));
    await sendPoll({ publicVoters: true }, {});
    const [first] = (await sandbox.report()).delivered;
    const id = Number(first?.message_id);
    expect(await votesOf(id)).toMatchObject({ count: 0, votes: [] });
    await client.call(new Api.messages.SendVote({ peer, msgId: id, options: [Buffer.from('0')] }));
    expect(await votesOf(id)).toMatchObject({ count: 1, votes: [{ peer: { className: 'PeerUser' } }] });
  });

  it('without public voters keeps who voted to itself', async () => {
    await sendPoll({}, {});
    const id = Number((await sandbox.report()).delivered[0]?.message_id);
    await expect(client.call(new Api.messages.GetPollVotes({ peer, id, limit: 10 }))).rejects.toMatchObject({
      errorMessage: 'BROADCAST_FORBIDDEN',
    });
  });

  it('that is a quiz keeps its right answer from whoever has not voted', async () => {
    const media = await sendPoll({ quiz: true }, { correctAnswers: [1], solution: 'Because' });
    expect(media.results).toMatchObject({ results: null, solution: null });
    const { delivered } = await sandbox.report();
    expect(delivered[0]?.media).toMatchObject({
      poll: { quiz: true, solution: 'Because', answers: [{ correct: false }, { correct: true }] },
    });
  });

  it('takes votes, shows the count to whoever voted, and ends', async () => {
    const { poll } = await sendPoll({}, {});
    const [soup, salad] = poll.answers.map((given) => (given as Api.PollAnswer).option);
    const { delivered } = await sandbox.report();
    const of = { peer, msgId: Number(delivered[0]?.message_id) };
    const vote = async (options: Buffer[]) => {
      const { updates } = await client.call<Api.Updates>(new Api.messages.SendVote({ ...of, options }));
      return (updates[0] as Api.UpdateMessagePoll).results;
    };
    const counts = (results: Api.PollResults) =>
      results.results?.map(({ voters, chosen }) => [voters, chosen]);
    await expect(vote([soup!, salad!])).rejects.toMatchObject({ errorMessage: 'OPTIONS_TOO_MUCH' });
    await expect(vote([Buffer.from('?')])).rejects.toMatchObject({ errorMessage: 'OPTION_INVALID' });
    expect(counts(await vote([salad!]))).toEqual([
      [0, false],
      [1, true],
    ]);
    expect(await vote([])).toMatchObject({ results: null, totalVoters: 0 });
    const closed = new Api.Poll({
      id: returnBigInt(0),
      hash: returnBigInt(0),
      question: text(''),
      answers: [],
      closed: true,
    });
    const media = new Api.InputMediaPoll({ poll: closed });
    await client.call(new Api.messages.EditMessage({ peer, id: of.msgId, media }));
    await expect(vote([soup!])).rejects.toMatchObject({ errorMessage: 'MESSAGE_POLL_CLOSED' });
    const { updates } = await client.call<Api.Updates>(
      new Api.messages.GetPollResults({ ...of, pollHash: returnBigInt(0) }),
    );
    expect(updates[0]).toMatchObject({ poll: { closed: true }, results: { totalVoters: 0 } });
  });

  it.each([
    ['POLL_QUESTION_INVALID', { question: text(' ') }, {}],
    ['POLL_QUESTION_INVALID', { question: text('q'.repeat(256)) }, {}],
    ['POLL_ANSWERS_INVALID', { answers: [answer('only')] }, {}],
    ['POLL_ANSWERS_INVALID', { answers: Array.from({ length: 13 }, (_, n) => answer(`${n}`)) }, {}],
    ['POLL_ANSWER_INVALID', { answers: [answer('a'), answer('')] }, {}],
    ['POLL_ANSWER_INVALID', { answers: [answer('a'), answer('b'.repeat(101))] }, {}],
    ['POLL_OPTION_INVALID', { answers: [answer('a'), named('b', '')] }, {}],
    ['POLL_OPTION_DUPLICATE', { answers: [named('a', '1'), named('b', '1')] }, {}],
    ['QUIZ_CORRECT_ANSWERS_EMPTY', { quiz: true }, {}],
    ['QUIZ_CORRECT_ANSWERS_TOO_MUCH', { quiz: true }, { correctAnswers: [0, 1] }],
    ['QUIZ_CORRECT_ANSWER_INVALID', { quiz: true }, { correctAnswers: [2] }],
  ])('is refused with %s', async (errorMessage, poll, media) => {
    await expect(sendPoll(poll, media)).rejects.toMatchObject({ errorMessage });
  });
});

async function sendPoll(poll: Partial<Api.Poll>, rest: Partial<Api.InputMediaPoll>) {
  const filled = new Api.Poll({
    id: returnBigInt(0),
    hash: returnBigInt(0),
    question: text('Lunch?'),
    answers: [answer('Soup'), answer('Salad')],
    ...(poll as object),
  });
  const media = new Api.InputMediaPoll({ poll: filled, ...(rest as object) });
  const { updates } = await client.call<Api.Updates>(
    new Api.messages.SendMedia({ peer, media, message: '', randomId: returnBigInt(7) }),
  );
  const { message } = updates[1] as Api.UpdateNewChannelMessage & { message: Api.Message };
  return message.media as Api.MessageMediaPoll;
}

function text(words: string): Api.TextWithEntities {
  return new Api.TextWithEntities({ text: words, entities: [] });
}

function answer(words: string): Api.InputPollAnswer {
  return new Api.InputPollAnswer({ text: text(words) });
}

function named(words: string, option: string): Api.PollAnswer {
  return new Api.PollAnswer({ text: text(words), option: Buffer.from(option) });
}
