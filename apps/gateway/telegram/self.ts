/** Whom a connection speaks for: the first thing asked on it, and what makes it a signed-in one. */
import { Api } from 'telegram/tl/index.js';
import type { Peer } from '../model/account.ts';
import { TelegramError } from '../model/telegram-error.ts';
import type { Link } from './link.ts';
import { readPeers } from './peers.ts';

const callTimeoutMs = 15_000;

/** The RPC method it is asked with. */
export const selfMethod = 'users.getUsers';

/** @throws TelegramError when the session is signed in no more; as Link.call does; GateClosed */
export async function askSelf(link: Link): Promise<{ self: Peer; isPremium: boolean }> {
  const request = new Api.users.GetUsers({ id: [new Api.InputUserSelf()] });
  const [user] = await link.call<Api.TypeUser[]>(request, callTimeoutMs);
  const [self] = readPeers(user ? [user] : [], []);
  if (!self) throw new TelegramError(401, 'AUTH_KEY_UNREGISTERED', selfMethod);
  return { self, isPremium: user instanceof Api.User && user.premium === true };
}
