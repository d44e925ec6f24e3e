/** How the account stands with single people: blocked ones, when they were last seen, what to show above a chat. */
import type { Account } from '../world/accounts.ts';
import type { TlObject } from '../tl/values.ts';
import type { Chat } from '../world/chat.ts';
import { entitiesOf, peerOf } from './entities.ts';
import { method, type MethodContext, type MethodTable } from './method.ts';
import { chatOf } from './peers.ts';
import { pushToOthers } from './push-to-others.ts';
import { RpcError } from '../mtproto/rpc-error.ts';

const maxPage = 100;
const usernamePattern = /^[a-z][a-z0-9_]{3,30}[a-z0-9]$/i;

interface OfPeer extends TlObject {
  id: TlObject;
}

export const peopleMethods: MethodTable = {
  'contacts.block': method<OfPeer>((context, { id }) => setBlocked(context, id, true)),
  'contacts.unblock': method<OfPeer>((context, { id }) => setBlocked(context, id, false)),

  'contacts.getBlocked': method<TlObject & { offset: number; limit: number }>(
    ({ account }, { offset, limit }) => {
      const all = [...account.world.chats.values()].filter(({ blockedAt }) => blockedAt !== undefined);
      const page = all.slice(offset, offset + Math.min(limit > 0 ? limit : maxPage, maxPage));
      const blocked = page.map(({ id, blockedAt }) => {
        return { _: 'peerBlocked', peerId: peerOf(id), date: blockedAt };
      });
      const lists = { blocked, ...entitiesOf(account, page) };
      if (page.length === all.length) return { _: 'contacts.blocked', ...lists };
      return { _: 'contacts.blockedSlice', count: all.length, ...lists };
    },
  ),

  'contacts.getStatuses': method(({ account }) =>
    [...account.world.chats.values()]
      .filter(({ contact }) => contact !== undefined)
      .map(({ id }) => ({ _: 'contactStatus', userId: id, status: { _: 'userStatusRecently' } })),
  ),

  'messages.getPeerSettings': method<TlObject & { peer: TlObject }>(({ account }, { peer }) => {
    const lists = entitiesOf(account, [chatOf(account, peer)]);
    return { _: 'messages.peerSettings', settings: { _: 'peerSettings' }, ...lists };
  }),
  'messages.hidePeerSettingsBar': method<TlObject & { peer: TlObject }>(({ account }, { peer }) => {
    chatOf(account, peer);
    return true;
  }),

  'account.checkUsername': method<TlObject & { username: string }>(({ account }, { username }) => {
    if (!usernamePattern.test(username)) throw new RpcError(400, 'USERNAME_INVALID');
    return isFree(account, username);
  }),
  'channels.checkUsername': method<TlObject & { username: string }>(({ account }, { username }) => {
    if (!usernamePattern.test(username)) throw new RpcError(400, 'USERNAME_INVALID');
    return isFree(account, username);
  }),

  'stories.getPeerStories': method<TlObject & { peer: TlObject }>(({ account }, { peer }) => {
    const chat = chatOf(account, peer);
    const stories = { _: 'peerStories', peer: peerOf(chat.id), stories: [] };
    return { _: 'stories.peerStories', stories, ...entitiesOf(account, [chat]) };
  }),
  'stories.getPeerMaxIDs': method<TlObject & { id: TlObject[] }>((_context, { id }) =>
    id.map(() => ({ _: 'recentStory' })),
  ),
  'premium.getBoostsStatus': method<TlObject & { peer: TlObject }>(({ account }, { peer }) => {
    const { username, id } = chatOf(account, peer);
    const boostUrl = `https://t.me/boost/${username ?? `?c=${-id}`}`;
    return { _: 'premium.boostsStatus', level: 0, currentLevelBoosts: 0, boosts: 0, boostUrl };
  }),
};

function isFree(account: Account, username: string): boolean {
  return account.world.findUsername(username) === undefined;
}

function setBlocked(context: MethodContext, peer: TlObject, blocked: boolean): boolean {
  const chat: Chat = chatOf(context.account, peer);
  chat.blockedAt = blocked ? context.state.clock.seconds() : undefined;
  pushToOthers(context, [chat], [{ _: 'updatePeerBlocked', blocked, peerId: peerOf(chat.id) }]);
  return true;
}
