/** messages.sendMessage and sendMedia, with the rule that a random_id sends once. */
import type { Account } from '../accounts.ts';
import type { DeliveredMedia, Delivery } from '../deliveries.ts';
import type { SandboxState } from '../state.ts';
import type { TlObject } from '../tl/values.ts';
import type { Chat } from '../world.ts';
import { entitiesOf } from './entities.ts';
import { takeMedia } from './media.ts';
import { messageObject } from './messages.ts';
import { method, type MethodContext, type MethodTable } from './method.ts';
import { chatOf } from './peers.ts';
import { RpcError } from './rpc-error.ts';

const MAX_TEXT = 4096;
const MAX_CAPTION = 1024;

interface Send extends TlObject {
  peer: TlObject;
  message: string;
  randomId: bigint;
  silent: boolean;
  entities?: TlObject[];
  replyTo?: TlObject;
  media: TlObject;
}

export const sendMethods: MethodTable = {
  'messages.sendMessage': method<Send>((context, request) => {
    const chat = writableChat(context.account, request);
    const earlier = repeated(context, chat, request);
    if (earlier) return earlier;
    if (request.message.trim() === '') throw new RpcError(400, 'MESSAGE_EMPTY');
    if (request.message.length > MAX_TEXT) throw new RpcError(400, 'MESSAGE_TOO_LONG');
    const delivery = deliver(context, chat, request, undefined);
    return chat.kind === 'user'
      ? shortAnswer(context.account, delivery)
      : fullAnswer(context.account, chat, delivery);
  }),

  'messages.sendMedia': method<Send>(async (context, request) => {
    const chat = writableChat(context.account, request);
    const earlier = repeated(context, chat, request);
    if (earlier) return earlier;
    if (request.message.length > MAX_CAPTION) throw new RpcError(400, 'MEDIA_CAPTION_TOO_LONG');
    const running = runningSends(context.state);
    const key = `${context.account.id}:${chat.id}:${request.randomId}`;
    if (running.has(key)) throw new RpcError(500, 'RANDOM_ID_DUPLICATE');
    running.add(key);
    try {
      const media = await takeMedia(context, request.media);
      return fullAnswer(context.account, chat, deliver(context, chat, request, media));
    } finally {
      running.delete(key);
    }
  }),
};

/** Sends that are under way, for as long as their state lives. */
const runningByState = new WeakMap<SandboxState, Set<string>>();

function runningSends(state: SandboxState): Set<string> {
  let running = runningByState.get(state);
  if (!running) runningByState.set(state, (running = new Set()));
  return running;
}

function writableChat(account: Account, { peer, randomId }: Send): Chat {
  const chat = chatOf(account, peer);
  if (randomId === 0n) throw new RpcError(400, 'RANDOM_ID_EMPTY');
  if (chat.banned) throw new RpcError(400, 'USER_BANNED_IN_CHANNEL');
  return chat;
}

/** The answer to a random_id that was used before: nothing new is sent, and there is no expiry. */
function repeated({ state, account }: MethodContext, chat: Chat, { randomId }: Send): TlObject | undefined {
  const earlier = state.deliveries.earlier(account.id, chat.id, randomId);
  if (!earlier) return undefined;
  state.deliveries.repeated++;
  return fullAnswer(account, chat, earlier);
}

function deliver(
  { state, account }: MethodContext,
  chat: Chat,
  request: Send,
  media: DeliveredMedia | undefined,
): Delivery {
  const messageId = account.nextMessageId(chat);
  const at = Date.now();
  const delivery = state.deliveries.add({
    account: account.id,
    chatId: chat.id,
    messageId,
    randomId: request.randomId,
    at,
    text: request.message,
    silent: request.silent,
    entities: request.entities,
    replyTo: request.replyTo?.replyToMsgId as number | undefined,
    media,
  });
  chat.topMessageId = messageId;
  chat.topDate = Math.floor(at / 1000);
  chat.topText = request.message;
  chat.topMedia = media?.kind;
  chat.topIsOwn = true;
  state.events.emit({ type: 'delivery', delivery });
  return delivery;
}

/** What Telegram answers to a text for a user. */
function shortAnswer(account: Account, delivery: Delivery): TlObject {
  return {
    _: 'updateShortSentMessage',
    out: true,
    id: delivery.messageId,
    pts: ++account.pts,
    ptsCount: 1,
    date: Math.floor(delivery.at / 1000),
    entities: delivery.entities,
  };
}

/** What Telegram answers to all other sends: the pair of random id and message id, and the message. */
function fullAnswer(account: Account, chat: Chat, delivery: Delivery): TlObject {
  const isChannel = chat.kind === 'channel' || chat.kind === 'supergroup';
  const message = messageObject(delivery, chat);
  const self = account.world.chats.get(account.id);
  return {
    _: 'updates',
    updates: [
      { _: 'updateMessageID', id: delivery.messageId, randomId: delivery.randomId },
      {
        _: isChannel ? 'updateNewChannelMessage' : 'updateNewMessage',
        message,
        pts: account.nextPts(chat),
        ptsCount: 1,
      },
    ],
    ...entitiesOf(account, self && self !== chat ? [chat, self] : [chat]),
    date: Math.floor(delivery.at / 1000),
    seq: 0,
  };
}
