/** Scheduled messages: put off, listed, deleted, and sent when their time comes. */
import type { Account } from '../world/accounts.ts';
import type { Content } from '../world/deliveries.ts';
import type { ScheduledMessage } from '../world/scheduled.ts';
import type { SandboxState } from '../world/state.ts';
import type { TlObject } from '../tl/values.ts';
import type { Chat } from '../world/chat.ts';
import { sentAnswer, updatesWith } from './answers.ts';
import { deliver, type Outgoing } from './deliver.ts';
import { peerOf } from './entities.ts';
import { messageObject, whenOnline } from './messages.ts';
import { method, type MethodContext, type MethodTable } from './method.ts';
import { entitiesFor } from './named-peers.ts';
import { chatOf } from './peers.ts';
import { RpcError } from '../mtproto/rpc-error.ts';
import type { Session } from '../mtproto/session.ts';

/** What is scheduled for sooner than this is sent at once. */
const atOnceMs = 10_000;

interface OfChat extends TlObject {
  peer: TlObject;
  id: number[];
}

export const scheduledMethods: MethodTable = {
  'messages.getScheduledHistory': method<OfChat>(({ state, account }, { peer }) => {
    const chat = chatOf(account, peer);
    return listOf(account, chat, state.scheduled.ofChat(account.id, chat.id));
  }),

  'messages.getScheduledMessages': method<OfChat>(({ state, account }, { peer, id }) => {
    const chat = chatOf(account, peer);
    const all = state.scheduled.ofChat(account.id, chat.id);
    return listOf(
      account,
      chat,
      all.filter(({ messageId }) => id.includes(messageId)),
    );
  }),

  'messages.deleteScheduledMessages': method<OfChat>(({ state, account, call }, { peer, id }) => {
    const chat = chatOf(account, peer);
    state.scheduled.take(account.id, chat.id, id);
    state.events.emit({ type: 'chat', account: account.id, chatId: chat.id });
    const updates = updatesWith(state, account, chat, [deletedUpdate(chat, id, undefined)]);
    account.subscribers.push(() => updates, call.session);
    return updates;
  }),

  'messages.sendScheduledMessages': method<OfChat>(({ state, account, call }, { peer, id }) => {
    const chat = chatOf(account, peer);
    const taken = state.scheduled.take(account.id, chat.id, id);
    if (taken.length === 0) throw new RpcError(400, 'MESSAGE_ID_INVALID');
    return sendNow(state, account, chat, taken, call.session);
  }),
};

/** When what has this schedule_date is to go out, in ms since 1970; undefined where that is at once. */
export function scheduledFor({ clock }: SandboxState, date: number | undefined): number | undefined {
  if (date === undefined || date * 1000 <= clock.now() + atOnceMs) return undefined;
  return date === whenOnline ? Infinity : clock.toLocal(date * 1000);
}

/** Edits a message that waits, and puts it to another time. Throws MESSAGE_ID_INVALID or SCHEDULE_DATE_TOO_LATE. */
export async function editScheduled(
  { state, account, call }: MethodContext,
  chat: Chat,
  id: number,
  scheduleDate: number,
  edit: (waiting: ScheduledMessage) => Promise<Content>,
): Promise<TlObject> {
  const { scheduled } = state;
  const waiting = scheduled.ofChat(account.id, chat.id).find(({ messageId }) => messageId === id);
  if (!waiting) throw new RpcError(400, 'MESSAGE_ID_INVALID');
  const content = await edit(waiting);
  const at = scheduledFor(state, scheduleDate) ?? Date.now();
  const problem = scheduled.problemOf(account.id, chat.id, at, 0);
  if (problem) throw new RpcError(400, problem);
  const [taken] = scheduled.take(account.id, chat.id, [id]);
  if (!taken) throw new RpcError(400, 'MESSAGE_ID_INVALID');
  const changed = { ...taken, ...content, sentText: undefined, at, scheduledFor: at };
  scheduled.add(changed);
  state.events.emit({ type: 'chat', account: account.id, chatId: chat.id });
  const message = messageObject(account, changed, chat);
  const updates = updatesWith(state, account, chat, [{ _: 'updateNewScheduledMessage', message }]);
  account.subscribers.push(() => updates, call.session);
  return updates;
}

/** Puts messages off. Throws SCHEDULE_DATE_TOO_LATE or SCHEDULE_TOO_MUCH. */
export function schedule(
  { state, account, call }: MethodContext,
  chat: Chat,
  all: readonly Outgoing[],
  scheduledFor: number,
): TlObject {
  const problem = state.scheduled.problemOf(account.id, chat.id, scheduledFor, all.length);
  if (problem) throw new RpcError(400, problem);
  const messages = all.map((one): ScheduledMessage => {
    const messageId = state.scheduled.nextId(account.id, chat.id);
    const who = { number: 0, account: account.id, chatId: chat.id, messageId, pts: 0 };
    return { ...one, ...who, replyTo: one.replyTo, at: scheduledFor, scheduledFor };
  });
  for (const message of messages) state.scheduled.add(message);
  state.events.emit({ type: 'chat', account: account.id, chatId: chat.id });
  const when = scheduledFor === Infinity ? 'when they are online' : new Date(scheduledFor).toISOString();
  state.events.line('messages.sendMessage', chat.id, `scheduled for ${when}`);
  const answer = scheduledAnswer(state, account, chat, messages);
  account.subscribers.push(() => answer, call.session);
  return answer;
}

/** The answer to a send that was put off. */
export function scheduledAnswer(
  state: SandboxState,
  account: Account,
  chat: Chat,
  messages: readonly ScheduledMessage[],
): TlObject {
  const pairs = messages.map(({ messageId, randomId }) => ({
    _: 'updateMessageID',
    id: messageId,
    randomId,
  }));
  const news = messages.map((message) => ({
    _: 'updateNewScheduledMessage',
    message: messageObject(account, message, chat),
  }));
  return updatesWith(state, account, chat, [...pairs, ...news]);
}

/** Sends what waited, whoever asked for it: the clock (`except` is undefined) or a session. */
export function sendNow(
  state: SandboxState,
  account: Account,
  chat: Chat,
  messages: readonly ScheduledMessage[],
  except: Session | undefined,
): TlObject {
  const deliveries = messages.map((message) => {
    return deliver(state, account, chat, { ...message, wasScheduled: true }, except);
  });
  const ids = messages.map(({ messageId }) => messageId);
  const update = deletedUpdate(
    chat,
    ids,
    deliveries.map(({ messageId }) => messageId),
  );
  account.subscribers.push(() => updatesWith(state, account, chat, [update]), except);
  const answer = sentAnswer(state, account, chat, deliveries);
  return { ...answer, updates: [update, ...(answer.updates as TlObject[])] };
}

/** Sends what is due, as far as its account and chat still exist and it may be written there. */
export function sendDue(state: SandboxState, due: readonly ScheduledMessage[]): void {
  const account = state.accounts.find(due[0]?.account);
  const chat = account?.world.chats.get(due[0]?.chatId ?? 0n);
  if (account && chat && !chat.banned) sendNow(state, account, chat, due, undefined);
}

function deletedUpdate(chat: Chat, messages: number[], sentMessages: number[] | undefined): TlObject {
  return { _: 'updateDeleteScheduledMessages', peer: peerOf(chat.id), messages, sentMessages };
}

function listOf(account: Account, chat: Chat, all: readonly ScheduledMessage[]): TlObject {
  const messages = all.map((message) => messageObject(account, message, chat)).reverse();
  return { _: 'messages.messages', messages, topics: [], ...entitiesFor(account, messages, [chat]) };
}
