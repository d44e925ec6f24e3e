/** Edits, deletions and marks of reading, as far as clients need them to be answered. */
import type { Account } from '../accounts.ts';
import type { Delivery } from '../deliveries.ts';
import type { SandboxState } from '../state.ts';
import type { TlObject } from '../tl/values.ts';
import type { Chat } from '../world.ts';
import { isChannel, updatesWith } from './answers.ts';
import { commonMessage, writtenIn } from './history.ts';
import { messageObject } from './messages.ts';
import { method, type MethodTable } from './method.ts';
import { chatOf } from './peers.ts';
import { closePoll } from './polls.ts';
import { RpcError } from './rpc-error.ts';
import { checkEntities } from './send-checks.ts';
import { unmark } from '../chat-ids.ts';

interface EditMessage extends TlObject {
  peer: TlObject;
  id: number;
  message?: string;
  media?: TlObject;
  entities?: TlObject[];
}

interface Ids extends TlObject {
  id: number[];
  channel: TlObject;
}

export const editMethods: MethodTable = {
  'messages.editMessage': method<EditMessage>((context, { peer, id, message, media, entities }) => {
    const { state, account, call } = context;
    const chat = chatOf(account, peer);
    const delivery = messageIn(state, account, chat, id);
    if (!delivery) throw new RpcError(400, 'MESSAGE_ID_INVALID');
    if (delivery.from !== undefined) throw new RpcError(403, 'MESSAGE_AUTHOR_REQUIRED');
    if (media?._ === 'inputMediaPoll') return closePoll(context, chat, delivery);
    if (media) throw new RpcError(400, 'MEDIA_NEW_INVALID');
    const text = message ?? delivery.text;
    if (text === (delivery.edited?.text ?? delivery.text)) throw new RpcError(400, 'MESSAGE_NOT_MODIFIED');
    checkEntities(text, entities);
    delivery.edited = { text, entities, at: Date.now() };
    state.events.emit({ type: 'chat', account: account.id, chatId: chat.id });
    const update = {
      _: isChannel(chat) ? 'updateEditChannelMessage' : 'updateEditMessage',
      message: messageObject(account, delivery, chat),
      pts: account.nextPts(chat),
      ptsCount: 1,
    };
    const updates = updatesWith(state, account, chat, [update]);
    account.subscribers.push(() => updates, call.session);
    return updates;
  }),

  'channels.deleteMessages': method<Ids>(({ state, account, call }, { channel, id }) => {
    const chat = chatOf(account, channel);
    const found = id.map((one) => messageIn(state, account, chat, one)).filter((one) => one !== undefined);
    for (const delivery of found) delivery.isDeleted = true;
    state.events.emit({ type: 'chat', account: account.id, chatId: chat.id });
    const ptsCount = found.length;
    chat.pts += ptsCount;
    const channelId = unmark(chat.id).id;
    const update = { _: 'updateDeleteChannelMessages', channelId, messages: id, pts: chat.pts, ptsCount };
    account.subscribers.push(() => updatesWith(state, account, chat, [update]), call.session);
    return { _: 'messages.affectedMessages', pts: chat.pts, ptsCount };
  }),

  'messages.deleteMessages': method<Ids>(({ state, account, call }, { id }) => {
    const found = id.map((one) => commonMessage(state, account, one)).filter((one) => one !== undefined);
    for (const delivery of found) delivery.isDeleted = true;
    for (const { chatId } of found) state.events.emit({ type: 'chat', account: account.id, chatId });
    const ptsCount = found.length;
    account.pts += ptsCount;
    const { pts } = account;
    const update = { _: 'updateDeleteMessages', messages: id, pts, ptsCount };
    const updates = {
      _: 'updates',
      updates: [update],
      users: [],
      chats: [],
      date: state.clock.seconds(),
      seq: 0,
    };
    account.subscribers.push(() => updates, call.session);
    return { _: 'messages.affectedMessages', pts, ptsCount };
  }),

  'messages.readHistory': method<TlObject & { peer: TlObject }>(({ account }, { peer }) => {
    chatOf(account, peer);
    return { _: 'messages.affectedMessages', pts: account.pts, ptsCount: 0 };
  }),

  'channels.readHistory': method<TlObject & { channel: TlObject }>(({ account }, { channel }) => {
    chatOf(account, channel);
    return true;
  }),

  'messages.setTyping': method<TlObject & { peer: TlObject }>(({ account }, { peer }) => {
    chatOf(account, peer);
    return true;
  }),
};

function messageIn(state: SandboxState, account: Account, chat: Chat, id: number): Delivery | undefined {
  return writtenIn(state, account, chat).find((written) => written.id === id)?.delivery;
}
