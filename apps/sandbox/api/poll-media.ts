/** Polls and quizzes: taken from what a client sends, and shown to each account as far as it may know the results. */
import { randomBytes } from 'node:crypto';
import type { TlObject } from '../tl/values.ts';
import type { Chat } from '../world/chat.ts';
import { RpcError } from '../mtproto/rpc-error.ts';

/** How much the question and the answers may hold (core.telegram.org/api/config: poll_answers_max). */
export const maxPollAnswers = 12;
const maxQuestion = 255;
const maxAnswer = 100;
const maxOptionBytes = 100;

/** One account's vote, by the places of the answers. */
interface Vote extends TlObject {
  account: bigint;
  chosen: number[];
}

interface Answer extends TlObject {
  text: TlObject & { text: string; entities: TlObject[] };
  option: Buffer;
}

/** A poll as it is kept. Times are seconds since 1970. */
export interface PollMedia extends TlObject {
  _: 'messageMediaPoll';
  poll: TlObject & {
    id: bigint;
    question: TlObject & { text: string; entities: TlObject[] };
    answers: Answer[];
    quiz: boolean;
    multipleChoice: boolean;
    publicVoters: boolean;
    revotingDisabled: boolean;
    hideResultsUntilClose: boolean;
    closed: boolean;
    closeDate?: number;
  };
  /** The places of the right answers of a quiz, which nobody is told before they vote. */
  correct: number[];
  solution?: string;
  solutionEntities?: TlObject[];
  votes: Vote[];
}

interface PollInput extends TlObject {
  poll: PollMedia['poll'] & { closePeriod?: number };
  correctAnswers?: number[];
  solution?: string;
  solutionEntities?: TlObject[];
}

/** The poll that an input holds, checked as messages.sendMedia does (core.telegram.org/method/messages.sendMedia). */
export function takePoll(now: number, chat: Chat, input: TlObject): PollMedia {
  const { poll, correctAnswers = [], solution, solutionEntities } = input as PollInput;
  if (input.attachedMedia ?? input.solutionMedia) throw new RpcError(400, 'MEDIA_INVALID');
  if (!isText(poll.question, maxQuestion)) throw new RpcError(400, 'POLL_QUESTION_INVALID');
  const answers = answersOf(poll.answers);
  if (poll.quiz) checkCorrect(correctAnswers, answers.length, poll.multipleChoice);
  if (poll.publicVoters && chat.kind === 'channel')
    throw new RpcError(400, 'BROADCAST_PUBLIC_VOTERS_FORBIDDEN');
  const id = randomBytes(8).readBigUInt64LE() >> 2n;
  const closeDate = poll.closeDate ?? (poll.closePeriod ? now + poll.closePeriod : undefined);
  return {
    _: 'messageMediaPoll',
    poll: { ...poll, id, creator: false, answers, ...(closeDate === undefined ? {} : { closeDate }) },
    correct: poll.quiz ? correctAnswers : [],
    ...(solution === undefined ? {} : { solution, solutionEntities: solutionEntities ?? [] }),
    votes: [],
  };
}

/** Whether a message's special media is a poll. */
export function isPoll(special: TlObject | undefined): special is PollMedia {
  return special?._ === 'messageMediaPoll';
}

/** Whether nobody can vote any more. */
export function isClosed({ poll }: PollMedia, now: number): boolean {
  return poll.closed || (poll.closeDate !== undefined && poll.closeDate <= now);
}

/** How many accounts chose each answer. */
export function votersOf({ poll, votes }: PollMedia): number[] {
  return poll.answers.map((_, place) => votes.filter(({ chosen }) => chosen.includes(place)).length);
}

/** The poll as an account sees it: counts and right answers only once it voted, or when the poll is closed. */
export function pollObject(media: PollMedia, accountId: bigint, isCreator: boolean, now: number): TlObject {
  const closed = isClosed(media, now);
  const poll = { ...media.poll, closed, creator: isCreator };
  return { _: 'messageMediaPoll', poll, results: resultsObject(media, accountId, closed) };
}

/** pollResults, as an account sees them. */
export function resultsObject(media: PollMedia, accountId: bigint, closed: boolean): TlObject {
  const { poll, correct, votes, solution, solutionEntities } = media;
  const chosen = votes.find(({ account }) => account === accountId)?.chosen;
  const totalVoters = votes.length;
  if (!closed && (!chosen || poll.hideResultsUntilClose)) return { _: 'pollResults', totalVoters };
  const voters = votersOf(media);
  const results = poll.answers.map(({ option }, place) => ({
    _: 'pollAnswerVoters',
    chosen: chosen?.includes(place) ?? false,
    correct: correct.includes(place),
    option,
    voters: voters[place],
    recentVoters: [],
  }));
  return { _: 'pollResults', results, totalVoters, solution, solutionEntities };
}

/** Answers with the bytes that votes name them by; those of an `inputPollAnswer` are the server's to give. */
function answersOf(given: readonly TlObject[]): Answer[] {
  if (given.length < 2 || given.length > maxPollAnswers) throw new RpcError(400, 'POLL_ANSWERS_INVALID');
  const answers = given.map((answer, place): Answer => {
    if (!isText(answer.text, maxAnswer) || answer.media) throw new RpcError(400, 'POLL_ANSWER_INVALID');
    const option = answer._ === 'pollAnswer' ? Buffer.from(answer.option as Buffer) : Buffer.of(0x30 + place);
    if (option.length === 0 || option.length > maxOptionBytes) throw new RpcError(400, 'POLL_OPTION_INVALID');
    return { _: 'pollAnswer', text: answer.text as Answer['text'], option };
  });
  const options = new Set(answers.map(({ option }) => option.toString('hex')));
  if (options.size < answers.length) throw new RpcError(400, 'POLL_OPTION_DUPLICATE');
  return answers;
}

function checkCorrect(correct: readonly number[], answers: number, isMultiple: boolean): void {
  if (correct.length === 0) throw new RpcError(400, 'QUIZ_CORRECT_ANSWERS_EMPTY');
  if (correct.length > 1 && !isMultiple) throw new RpcError(400, 'QUIZ_CORRECT_ANSWERS_TOO_MUCH');
  const isWrong = (place: number, index: number) =>
    place < 0 || place >= answers || (index > 0 && place <= correct[index - 1]!);
  if (correct.some(isWrong)) throw new RpcError(400, 'QUIZ_CORRECT_ANSWER_INVALID');
}

function isText(given: unknown, maxLength: number): boolean {
  const { text } = given as { text: string };
  return text.trim() !== '' && text.length <= maxLength;
}
