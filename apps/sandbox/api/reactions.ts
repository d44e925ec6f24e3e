/** Reactions to messages (core.telegram.org/api/reactions), kept with the message; both accounts of a private chat see them. */
import type { Account } from '../world/accounts.ts';
import type { Reacted } from '../world/deliveries.ts';
import type { SandboxState } from '../world/state.ts';
import type { TlObject } from '../tl/values.ts';
import type { Chat } from '../world/chat.ts';
import { peerOf } from './entities.ts';
import { method, type MethodTable } from './method.ts';
import { entitiesFor } from './named-peers.ts';
import { chatOf } from './peers.ts';
import { pushToOthers } from './push-to-others.ts';
import { isAvailable, keyOf, reactedObject, reactionsObject } from './reaction-objects.ts';
import { RpcError } from '../mtproto/rpc-error.ts';
import { findWritten, marksOf, topicOf, type Written } from './written.ts';

const maxPage = 100;

interface SendReaction extends TlObject {
  peer: TlObject;
  msgId: number;
  big: boolean;
  reaction?: readonly TlObject[];
}

interface ListReactions extends TlObject {
  peer: TlObject;
  id: number;
  reaction?: TlObject;
  offset?: string;
  limit: number;
}

/** Errors as core.telegram.org/method/messages.sendReaction lists them. */
export const reactionMethods: MethodTable = {
  'messages.sendReaction': method<SendReaction>((context, { peer, msgId, big, reaction = [] }) => {
    const { state, account } = context;
    const written = messageOf(state, account, peer, msgId);
    const chosen = reaction.filter(({ _ }) => _ !== 'reactionEmpty');
    if (chosen.length > 1) throw new RpcError(400, 'REACTIONS_TOO_MANY');
    if (chosen.some(({ _ }) => _ === 'reactionCustomEmoji'))
      throw new RpcError(403, 'PREMIUM_ACCOUNT_REQUIRED');
    if (!chosen.every(isAvailable)) throw new RpcError(400, 'REACTION_INVALID');
    const marks = marksOf(written)!;
    const earlier = marks.reactions ?? [];
    const own = earlier.filter(({ by }) => by === account.id).map(keyOf);
    if (own.join() === chosen.map((one) => keyOf({ reaction: one })).join())
      throw new RpcError(400, 'MESSAGE_NOT_MODIFIED');
    const date = state.clock.seconds();
    const added = chosen.map((one): Reacted => ({ by: account.id, reaction: one, date, big }));
    marks.reactions = [...earlier.filter(({ by }) => by !== account.id), ...added];
    tellTwin(state, account, written, marks.reactions);
    state.events.emit({ type: 'chat', account: account.id, chatId: written.chat.id });
    return pushToOthers(context, [written.chat], [reactionUpdate(account, written)]);
  }),

  'messages.getMessagesReactions': method<TlObject & { peer: TlObject; id: number[] }>(
    ({ state, account }, { peer, id }) => {
      const chat = chatOf(account, peer);
      const found = id.map((one) => findWritten(state, account, chat, one));
      const updates = found
        .filter((written) => written !== undefined)
        .map((written) => reactionUpdate(account, written));
      const lists = entitiesFor(account, updates, [chat]);
      return { _: 'updates', updates, ...lists, date: state.clock.seconds(), seq: 0 };
    },
  ),

  'messages.getMessageReactionsList': method<ListReactions>(({ state, account }, request) => {
    const { peer, id, reaction, offset = '', limit } = request;
    const { chat, ...written } = messageOf(state, account, peer, id);
    if (chat.kind === 'channel') throw new RpcError(403, 'BROADCAST_FORBIDDEN');
    const all = (marksOf({ chat, ...written })?.reactions ?? []).filter(
      (one) => !reaction || keyOf(one) === keyOf({ reaction }),
    );
    const start = Number(offset) || 0;
    const end = start + Math.min(limit > 0 ? limit : maxPage, maxPage);
    const reactions = all.slice(start, end).map((one) => reactedObject(account, one));
    const nextOffset = end < all.length ? String(end) : undefined;
    const lists = entitiesFor(account, reactions);
    return { _: 'messages.messageReactionsList', count: all.length, reactions, nextOffset, ...lists };
  }),
};

/** Throws MESSAGE_ID_INVALID where there is no message that takes a reaction. */
function messageOf(
  state: SandboxState,
  account: Account,
  peer: TlObject,
  id: number,
): Written & { chat: Chat } {
  const written = findWritten(state, account, chatOf(account, peer), id);
  if (!written || !marksOf(written)) throw new RpcError(400, 'MESSAGE_ID_INVALID');
  return written;
}

/** The other account of a private chat sees the same reactions. */
function tellTwin(
  state: SandboxState,
  account: Account,
  { delivery }: Written,
  reactions: readonly Reacted[],
): void {
  const twin = delivery?.twin;
  const other = twin && state.accounts.find(twin.account);
  const chat = twin && other?.world.chats.get(twin.chatId);
  if (!other || !chat) return;
  twin.reactions = reactions;
  const written = findWritten(state, other, chat, twin.messageId);
  if (!written) return;
  const updates = [reactionUpdate(other, written)];
  const lists = entitiesFor(other, updates, [chat]);
  other.subscribers.push(
    () => ({ _: 'updates', updates, ...lists, date: state.clock.seconds(), seq: 0 }),
    undefined,
  );
}

function reactionUpdate(account: Account, written: Written): TlObject {
  const { chat, id } = written;
  const topic = topicOf(written);
  return {
    _: 'updateMessageReactions',
    peer: peerOf(chat.id),
    msgId: id,
    topMsgId: chat.topics && topic !== 1 ? topic : undefined,
    reactions: reactionsObject(account, chat, marksOf(written)?.reactions ?? []),
  };
}
