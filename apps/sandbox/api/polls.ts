/** Votes in polls, their results, and their end before time. */
import type { Account } from '../world/accounts.ts';
import type { Delivery } from '../world/deliveries.ts';
import type { SandboxState } from '../world/state.ts';
import type { TlObject } from '../tl/values.ts';
import type { Chat } from '../world/chat.ts';
import { updatesWith } from './answers.ts';
import { peerOf } from './entities.ts';
import { entitiesFor } from './named-peers.ts';
import { method, type MethodContext, type MethodTable } from './method.ts';
import { chatOf } from './peers.ts';
import { isClosed, isPoll, pollObject, type PollMedia } from './poll-media.ts';
import { RpcError } from '../mtproto/rpc-error.ts';
import { findWritten } from './written.ts';

interface OfPoll extends TlObject {
  peer: TlObject;
  msgId: number;
}

interface VotesRequest extends TlObject {
  peer: TlObject;
  id: number;
  option?: Buffer;
  offset?: string;
  limit: number;
}

const maxPage = 100;

/** Errors as core.telegram.org/method/messages.sendVote lists them. */
export const pollMethods: MethodTable = {
  'messages.sendVote': method<OfPoll & { options: Buffer[] }>((context, { peer, msgId, options }) => {
    const { state, account } = context;
    const chat = chatOf(account, peer);
    const { media, delivery } = pollIn(state, account, chat, msgId);
    if (isClosed(media, state.clock.seconds())) throw new RpcError(400, 'MESSAGE_POLL_CLOSED');
    const chosen = options.map((option) =>
      media.poll.answers.findIndex((answer) => answer.option.equals(option)),
    );
    if (chosen.includes(-1)) throw new RpcError(400, 'OPTION_INVALID');
    if (chosen.length > 1 && !media.poll.multipleChoice) throw new RpcError(400, 'OPTIONS_TOO_MUCH');
    const others = media.votes.filter((vote) => vote.account !== account.id);
    const isSettled = media.poll.quiz || media.poll.revotingDisabled;
    if (isSettled && others.length < media.votes.length) throw new RpcError(400, 'REVOTE_NOT_ALLOWED');
    const own = { _: 'vote', account: account.id, chosen };
    media.votes = chosen.length > 0 ? [...others, own] : others;
    return pollNews(context, chat, delivery, media);
  }),

  'messages.getPollResults': method<OfPoll>((context, { peer, msgId }) => {
    const chat = chatOf(context.account, peer);
    const { media, delivery } = pollIn(context.state, context.account, chat, msgId);
    return updatesWith(context.state, context.account, chat, [pollUpdate(context, delivery, media)]);
  }),

  'messages.getPollVotes': method<VotesRequest>(({ state, account }, request) => {
    const { option, offset = '', limit } = request;
    const chat = chatOf(account, request.peer);
    const { media, delivery } = pollIn(state, account, chat, request.id);
    if (!media.poll.publicVoters) throw new RpcError(403, 'BROADCAST_FORBIDDEN');
    const { answers } = media.poll;
    const all = media.votes.filter(
      ({ chosen }) => !option || chosen.some((place) => answers[place]?.option.equals(option)),
    );
    const start = Number(offset) || 0;
    const end = start + Math.min(limit > 0 ? limit : maxPage, maxPage);
    const date = Math.floor(delivery.at / 1000);
    const votes = all.slice(start, end).map((vote) => {
      const options = vote.chosen.map((place) => answers[place]!.option);
      return { _: 'messagePeerVoteMultiple', peer: peerOf(vote.account), options, date };
    });
    const nextOffset = end < all.length ? String(end) : undefined;
    return { _: 'messages.votesList', count: all.length, votes, nextOffset, ...entitiesFor(account, votes) };
  }),
};

/** Ends a poll, as messages.editMessage with a closed poll does. */
export function closePoll(context: MethodContext, chat: Chat, delivery: Delivery): TlObject {
  const { special } = delivery;
  if (!isPoll(special)) throw new RpcError(400, 'MEDIA_PREV_INVALID');
  if (isClosed(special, context.state.clock.seconds())) throw new RpcError(400, 'MESSAGE_NOT_MODIFIED');
  special.poll.closed = true;
  return pollNews(context, chat, delivery, special);
}

/** The update that whoever changed a poll is answered, and the account's other sessions are told. */
function pollNews(context: MethodContext, chat: Chat, delivery: Delivery, media: PollMedia): TlObject {
  const { state, account, call } = context;
  const updates = updatesWith(state, account, chat, [pollUpdate(context, delivery, media)]);
  state.events.emit({ type: 'chat', account: account.id, chatId: chat.id });
  account.subscribers.push(() => updates, call.session);
  return updates;
}

function pollUpdate({ state, account }: MethodContext, delivery: Delivery, media: PollMedia): TlObject {
  const isCreator = delivery.from === undefined;
  const { poll, results } = pollObject(media, account.id, isCreator, state.clock.seconds());
  return { _: 'updateMessagePoll', pollId: media.poll.id, poll, results };
}

function pollIn(state: SandboxState, account: Account, chat: Chat, messageId: number) {
  const delivery = findWritten(state, account, chat, messageId)?.delivery;
  if (!delivery || !isPoll(delivery.special)) throw new RpcError(400, 'MESSAGE_ID_INVALID');
  return { delivery, media: delivery.special };
}
