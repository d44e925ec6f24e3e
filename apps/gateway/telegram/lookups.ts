/** Looking a name up: the request, and the one chat its answer is about. */
import { Api } from 'telegram/tl/index.js';
import { TelegramError } from '../model/telegram-error.ts';
import { lookupMethod, type Peer } from '../model/account.ts';
import { chatIdOf, readPeers } from './peers.ts';

/** The request for `@username` or `+digits`. */
export function lookupRequest(name: string): Api.contacts.ResolveUsername | Api.contacts.ResolvePhone {
  const rest = name.slice(1);
  return name.startsWith('@')
    ? new Api.contacts.ResolveUsername({ username: rest })
    : new Api.contacts.ResolvePhone({ phone: rest });
}

/** The chat that was found. @throws TelegramError when the answer does not carry it */
export function readLookup({ peer, users, chats }: Api.contacts.ResolvedPeer, name: string): Peer {
  const chatId = chatIdOf(peer);
  const found = readPeers(users, chats).find((each) => each.chatId === chatId);
  if (!found) throw new TelegramError(400, 'PEER_ID_INVALID', lookupMethod(name));
  return found;
}
