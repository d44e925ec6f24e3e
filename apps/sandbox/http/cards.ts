/** Media that is no file as pages and reports show it: a contact, a place, a die, a poll, the page that a link leads to. */
import { isClosed, isPoll, votersOf, type PollMedia } from '../api/poll-media.ts';
import { specialKind } from '../api/special-media.ts';
import type { TlObject } from '../tl/values.ts';

/** One card. `poll` stands on polls alone, whose `title` is the question. */
export function cardView(special: TlObject) {
  if (isPoll(special)) {
    return { kind: 'poll', title: special.poll.question.text, poll: pollView(special) };
  }
  const { phoneNumber, firstName, lastName, title, address, emoticon, value } = special;
  const geo = special.geo as TlObject | undefined;
  const page = special.webpage as TlObject | undefined;
  const name = `${firstName as string} ${(lastName as string | undefined) ?? ''}`.trim();
  return {
    kind: specialKind(special),
    title: firstName === undefined ? (title ?? emoticon) : name,
    text: phoneNumber ?? address ?? value ?? (geo && `${geo.lat as number}, ${geo.long as number}`),
    url: page?.url,
    latitude: geo?.lat,
    longitude: geo?.long,
  };
}

/** One entity of a text. */
export function entityView({ _, offset, length, url, language, collapsed, userId }: TlObject) {
  const named = typeof userId === 'object' && userId && 'userId' in userId ? userId.userId : userId;
  return { type: _, offset, length, url, language, collapsed: collapsed || undefined, user_id: named };
}

/** A poll with all that its sender knows: the right answers and the votes so far. */
function pollView(media: PollMedia) {
  const { poll, correct, solution, solutionEntities, votes } = media;
  const voters = votersOf(media);
  return {
    question: poll.question.text,
    entities: poll.question.entities.map(entityView),
    answers: poll.answers.map(({ text }, place) => ({
      text: text.text,
      entities: text.entities.map(entityView),
      voters: voters[place] ?? 0,
      correct: correct.includes(place),
    })),
    quiz: poll.quiz,
    multiple: poll.multipleChoice,
    public: poll.publicVoters,
    closed: isClosed(media, Math.floor(Date.now() / 1000)),
    closes_at: poll.closeDate === undefined ? undefined : poll.closeDate * 1000,
    total_voters: votes.length,
    solution,
    solution_entities: solutionEntities?.map(entityView),
  };
}
