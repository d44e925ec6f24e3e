/** updates.*: where the counters stand, and what a client missed (core.telegram.org/api/updates#recovering-gaps). */
import type { Account } from '../world/accounts.ts';
import { unmark } from '../world/chat-ids.ts';
import type { SandboxState } from '../world/state.ts';
import type { TlObject } from '../tl/values.ts';
import { isChannel } from '../world/chat.ts';
import { dialogObject } from './dialogs.ts';
import { topMessageObject } from './messages.ts';
import { method, type MethodTable } from './method.ts';
import { missedSince } from './missed.ts';
import { entitiesFor } from './named-peers.ts';
import { chatOf } from './peers.ts';
import { RpcError } from '../mtproto/rpc-error.ts';
import { stateObject } from './state-object.ts';

/** How much a part of a difference may hold where the client names no limit. */
const maxAPart = 500;

interface GetDifference extends TlObject {
  pts: number;
  ptsLimit?: number;
  ptsTotalLimit?: number;
  /** In seconds since 1970 of the server's clock. */
  date: number;
}

interface GetChannelDifference extends TlObject {
  channel: TlObject;
  pts: number;
  limit: number;
}

export const updateMethods: MethodTable = {
  'updates.getState': method(({ state, account }) => stateObject(state, account)),

  'updates.getDifference': method<GetDifference>(({ state, account }, request) => {
    const { pts, ptsLimit, ptsTotalLimit = Infinity, date } = request;
    const moved = movedChannels(state, account, date);
    if (pts >= account.pts && moved.length === 0) {
      return { _: 'updates.differenceEmpty', date: state.clock.seconds(), seq: 0 };
    }
    const part = missedSince(state, account, undefined, pts, Math.min(ptsLimit || maxAPart, maxAPart));
    if (!part || part.total > ptsTotalLimit) return { _: 'updates.differenceTooLong', pts: account.pts };
    const { newMessages, otherUpdates, isWhole } = part;
    const updates = isWhole ? [...otherUpdates, ...moved] : otherUpdates;
    const lists = entitiesFor(account, [...newMessages, ...updates]);
    const shared = { newMessages, newEncryptedMessages: [], otherUpdates: updates, ...lists };
    const now = stateObject(state, account);
    return isWhole
      ? { _: 'updates.difference', ...shared, state: now }
      : { _: 'updates.differenceSlice', ...shared, intermediateState: { ...now, pts: part.pts } };
  }),

  'updates.getChannelDifference': method<GetChannelDifference>(({ state, account }, request) => {
    const { channel, limit } = request;
    const chat = chatOf(account, channel);
    if (request.pts <= 0) throw new RpcError(400, 'PERSISTENT_TIMESTAMP_EMPTY');
    const timeout = 30;
    // TDLib complains of an empty difference that moves the counter.
    if (request.pts >= chat.pts) {
      return { _: 'updates.channelDifferenceEmpty', final: true, pts: chat.pts, timeout };
    }
    const pts = Math.max(request.pts, account.firstPts);
    const isTooLong = pts + Math.max(limit, 1) < chat.pts;
    const part = isTooLong ? undefined : missedSince(state, account, chat, pts, Infinity);
    if (!part) {
      const messages = [topMessageObject(account, chat)];
      const lists = entitiesFor(account, messages, [chat]);
      const dialog = dialogObject(chat);
      return { _: 'updates.channelDifferenceTooLong', final: true, timeout, dialog, messages, ...lists };
    }
    const { newMessages, otherUpdates } = part;
    const lists = entitiesFor(account, [...newMessages, ...otherUpdates], [chat]);
    const where = { final: true, pts: chat.pts, timeout };
    return { _: 'updates.channelDifference', ...where, newMessages, otherUpdates, ...lists };
  }),
};

/** The updates by which a client learns which channels it must ask about. */
function movedChannels({ clock }: SandboxState, account: Account, since: number): TlObject[] {
  const sinceMs = clock.toLocal(since * 1000);
  const moved = [...account.world.chats.values()].filter(
    (chat) => isChannel(chat) && chat.movedAt > 0 && chat.movedAt >= sinceMs,
  );
  return moved.map(({ id, pts }) => ({ _: 'updateChannelTooLong', channelId: unmark(id).id, pts }));
}
