/** messages.sendMessage, sendMedia, sendMultiMedia and uploadMedia, with the rule that a random_id sends once. */
import type { Delivery } from '../world/deliveries.ts';
import type { SandboxState } from '../world/state.ts';
import type { TlObject } from '../tl/values.ts';
import type { Chat } from '../world/chat.ts';
import { hashOf } from '../world/names.ts';
import { sentAnswer, shortAnswer } from './answers.ts';
import { deliver, type Outgoing } from './deliver.ts';
import { checkCount, takeAlbum } from './albums.ts';
import { takeMedia } from './media.ts';
import { clearDraft } from './drafts.ts';
import { takeText } from './message-text.ts';
import { mediaObject } from './messages.ts';
import { method, type MethodContext, type MethodTable } from './method.ts';
import { placeOf } from './reply-place.ts';
import { RpcError } from '../mtproto/rpc-error.ts';
import { schedule, scheduledAnswer, scheduledFor } from './scheduled.ts';
import { checkSlowMode, checkStranger, writableChat } from './send-checks.ts';

export const maxText = 4096;
export const maxCaption = 1024;

/** What all methods of sending share. */
export interface Send extends TlObject {
  peer: TlObject;
  silent: boolean;
  replyTo?: TlObject;
  scheduleDate?: number;
  clearDraft: boolean;
}

interface SendOne extends Send {
  message: string;
  randomId: bigint;
  entities?: TlObject[];
  media: TlObject;
}

interface Text {
  message: string;
  randomId: bigint;
  silent: boolean;
  noWebpage?: boolean;
  entities?: TlObject[];
}

interface SingleMedia extends TlObject {
  media: TlObject;
  message: string;
  randomId: bigint;
  entities?: TlObject[];
}

export const sendMethods: MethodTable = {
  'messages.sendMessage': method<SendOne>((context, request) => {
    const chat = writableChat(context.account, request.peer, [request.randomId]);
    const earlier = repeated(context, chat, [request.randomId]);
    if (earlier) return earlier;
    if (request.message.trim() === '') throw new RpcError(400, 'MESSAGE_EMPTY');
    if (request.message.length > maxText) throw new RpcError(400, 'MESSAGE_TOO_LONG');
    return finish(context, chat, request, [outgoing(context, request)]);
  }),

  'messages.sendMedia': method<SendOne>(async (context, request) => {
    const chat = writableChat(context.account, request.peer, [request.randomId]);
    const earlier = repeated(context, chat, [request.randomId]);
    if (earlier) return earlier;
    if (request.message.length > maxCaption) throw new RpcError(400, 'MEDIA_CAPTION_TOO_LONG');
    const one = outgoing(context, request);
    return whileRunning(context, chat, [request.randomId], async () => {
      const taken = await takeMedia(context, chat, request.media);
      return finish(context, chat, request, [{ ...one, ...taken }]);
    });
  }),

  'messages.sendMultiMedia': method<Send & { multiMedia: SingleMedia[] }>(async (context, request) => {
    const items = request.multiMedia;
    const ids = items.map(({ randomId }) => randomId);
    const chat = writableChat(context.account, request.peer, ids);
    checkCount(items);
    if (items.some(({ message }) => message.length > maxCaption))
      throw new RpcError(400, 'MEDIA_CAPTION_TOO_LONG');
    const { silent } = request;
    const all = items.map((item) => outgoing(context, { ...item, silent }));
    const earlier = repeated(context, chat, ids);
    if (earlier) return earlier;
    return whileRunning(context, chat, ids, async () => {
      const groupedId = hashOf('album', context.account.id, chat.id, ids[0] ?? 0n);
      const taken = await takeAlbum(
        context,
        chat,
        items.map(({ media }) => media),
      );
      const grouped = all.map((one, index) => ({ ...one, ...taken[index], groupedId }));
      return finish(context, chat, request, grouped);
    });
  }),

  'messages.uploadMedia': method<SendOne>(async (context, request) => {
    const chat = writableChat(context.account, request.peer, []);
    const { media, special } = await takeMedia(context, chat, request.media);
    return media ? mediaObject(media, context.state.clock.seconds()) : special;
  }),
};

/** Sends now, or puts off until its date. */
function finish(context: MethodContext, chat: Chat, request: Send, all: readonly Outgoing[]): TlObject {
  const { account, state } = context;
  const place = placeOf(context, chat, request.replyTo);
  const placed = all.map((one) => ({ ...one, ...place }));
  const at = scheduledFor(state, request.scheduleDate);
  if (at !== undefined) return schedule(context, chat, placed, at);
  checkSlowMode(chat);
  checkStranger(state, account, chat);
  if (request.clearDraft && chat.drafts) clearDraft(context, chat, place.topicId ?? 0);
  const deliveries = placed.map((one) => deliverOnce(context, chat, one));
  const [first] = deliveries;
  const isText = first && !first.media && !first.special;
  // One to oneself is in a dialog of Saved Messages, which the short answer could not name.
  const isShort = isText && chat.kind === 'user' && chat.id !== account.id;
  return isShort ? shortAnswer(first) : sentAnswer(state, account, chat, deliveries);
}

function outgoing({ account }: MethodContext, { message, randomId, ...fields }: Text): Outgoing {
  const { entities, silent, noWebpage } = fields;
  return { randomId, ...takeText(account, message, entities), silent, noWebpage, media: undefined };
}

/** The answer to random ids that were all used before: nothing new is sent, and there is no expiry. */
function repeated(
  { state, account, forgetsRandomIds }: MethodContext,
  chat: Chat,
  ids: readonly bigint[],
): TlObject | undefined {
  if (forgetsRandomIds) return undefined;
  const sent = ids.map((id) => state.deliveries.earlier(account.id, chat.id, id));
  if (isWhole(sent)) {
    state.deliveries.repeated += ids.length;
    return sentAnswer(state, account, chat, sent);
  }
  const waiting = ids.map((id) => state.scheduled.earlier(account.id, chat.id, id));
  if (!isWhole(waiting)) return undefined;
  state.deliveries.repeated += ids.length;
  return scheduledAnswer(state, account, chat, waiting);
}

function isWhole<Item>(items: readonly (Item | undefined)[]): items is readonly Item[] {
  return items.length > 0 && !items.includes(undefined);
}

/** Sends one message, unless it is an item of an album of which a part was sent before. */
function deliverOnce(context: MethodContext, chat: Chat, one: Outgoing): Delivery {
  const { state, account, call } = context;
  const earlier = context.forgetsRandomIds
    ? undefined
    : state.deliveries.earlier(account.id, chat.id, one.randomId);
  if (earlier) state.deliveries.repeated++;
  return earlier ?? deliver(state, account, chat, one, call.session);
}

/** Sends that are under way, for as long as their state lives. */
const runningByState = new WeakMap<SandboxState, Set<string>>();

/** Refuses random ids whose first call has not ended with RANDOM_ID_DUPLICATE. */
async function whileRunning(
  { state, account }: MethodContext,
  chat: Chat,
  ids: readonly bigint[],
  run: () => Promise<TlObject>,
): Promise<TlObject> {
  let running = runningByState.get(state);
  if (!running) runningByState.set(state, (running = new Set()));
  const keys = ids.map((id) => `${account.id}:${chat.id}:${id}`);
  if (keys.some((key) => running.has(key))) throw new RpcError(500, 'RANDOM_ID_DUPLICATE');
  for (const key of keys) running.add(key);
  try {
    return await run();
  } finally {
    for (const key of keys) running.delete(key);
  }
}
