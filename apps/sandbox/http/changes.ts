/** What the control endpoints change at once, and a schedule at its time. */
import { Problem } from '../../kit/errors.ts';
import { hashOfKey } from '../api/authorizations.ts';
import type { Chat } from '../world/chat.ts';
import type { SandboxState } from '../world/state.ts';
import type { RevokeBody, WorldChange } from './schemas.ts';

/** Throws Problem not_found where a chat that is to change is not in the world. */
export function checkWorldChange({ accounts }: SandboxState, change: WorldChange): void {
  const owners = Object.values(change.usernames).filter((id) => id !== null);
  const slowed = Object.keys(change.slow_mode).map(BigInt);
  const ids = [...change.banned, ...change.unbanned, ...slowed, ...owners, ...change.new_hashes];
  for (const id of ids) chatOf(accounts.standard.world.chats, id);
}

/** Bans, pardons, slows down, moves usernames and renews access hashes while the world goes on. Throws as checkWorldChange does, before anything changes. */
export function changeWorld(state: SandboxState, change: WorldChange): void {
  checkWorldChange(state, change);
  const { standard } = state.accounts;
  const { chats } = standard.world;
  for (const id of change.banned) chatOf(chats, id).banned = true;
  for (const id of change.unbanned) chatOf(chats, id).banned = false;
  for (const [id, seconds] of Object.entries(change.slow_mode)) {
    chatOf(chats, BigInt(id)).slowModeSeconds = seconds;
  }
  for (const [name, id] of Object.entries(change.usernames))
    standard.world.giveUsername(name, id ?? undefined);
  for (const id of change.new_hashes) standard.renewAccessHash(id);
  state.events.emit({ type: 'world' });
}

/** Ends the session with this hash, or all of the account with this phone. Throws Problem not_found where there is none. */
export function revokeSessions({ accounts, authKeys }: SandboxState, { hash, phone }: RevokeBody): void {
  const account = phone === undefined ? undefined : accounts.findPhone(phone);
  if (phone !== undefined && !account) {
    throw new Problem('not_found', 'there is no account with this phone number', { field: 'phone' });
  }
  const all = account ? [account] : accounts.all();
  const sessions = all
    .flatMap(({ id }) => authKeys.signedInAs(id))
    .filter((authKey) => hash === undefined || hashOfKey(authKey) === BigInt(hash));
  const field = account ? 'phone' : 'hash';
  if (sessions.length === 0) throw new Problem('not_found', 'there is no such session', { field });
  for (const authKey of sessions) authKeys.refuse(authKey, 'SESSION_REVOKED');
}

function chatOf(chats: ReadonlyMap<bigint, Chat>, id: bigint): Chat {
  const chat = chats.get(id);
  if (!chat) throw new Problem('not_found', `there is no chat ${id} in the world`);
  return chat;
}
