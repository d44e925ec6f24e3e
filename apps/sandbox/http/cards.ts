/** Media that is no file as pages and reports show it: a contact, a place, a die, a poll, the page that a link leads to. */
import { isClosed, isPoll, votersOf, type PollMedia } from '../api/poll-media.ts';
import { specialKind } from '../api/special-media.ts';
import type { SpecialKind } from '../world/deliveries.ts';
import type { TlObject } from '../tl/values.ts';
import type { Json } from './body.ts';

/** Media that is not a file. `title` is the question of a poll, and the emoji of a die. */
export interface CardView {
  readonly kind: SpecialKind;
  readonly title?: string | undefined;
  readonly text?: string | number | undefined;
  readonly url?: string | undefined;
  /** In degrees, as `longitude` is. */
  readonly latitude?: number | undefined;
  readonly longitude?: number | undefined;
  readonly accuracy_m?: number | undefined;
  readonly poll?: ReturnType<typeof pollView> | undefined;
}

/** One entity of a text; `type` is its name in the schema. */
export interface EntityView {
  readonly type: string;
  /** In UTF-16 code units, as `length` is. */
  readonly offset: number;
  readonly length: number;
  readonly url?: string | undefined;
  readonly language?: string | undefined;
  readonly collapsed?: true | undefined;
  /** A mentioned user. */
  readonly user_id?: bigint | undefined;
}

/** As a page reads them. */
export type CardJson = Json<CardView>;
export type PollJson = Json<ReturnType<typeof pollView>>;
export type EntityJson = Json<EntityView>;

/** One card. */
export function cardView(special: TlObject): CardView {
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
    accuracy_m: geo?.accuracyRadius,
  } as CardView;
}

/** One entity of a text. */
export function entityView(entity: TlObject): EntityView {
  const { _, offset, length, url, language, collapsed, userId } = entity;
  const named = typeof userId === 'object' && userId && 'userId' in userId ? userId.userId : userId;
  return {
    type: _,
    offset,
    length,
    url,
    language,
    collapsed: collapsed || undefined,
    user_id: named,
  } as EntityView;
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
