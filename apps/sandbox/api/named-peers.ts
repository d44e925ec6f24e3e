/** Who is named in objects of the API: authors, chats, sources of forwards, bots, and users of entities and service messages. */
import type { Account } from '../world/accounts.ts';
import { markChannel } from '../world/chat-ids.ts';
import type { TlValue } from '../tl/values.ts';
import type { Chat } from '../world/chat.ts';
import { entitiesOf, type EntityLists } from './entities.ts';

/** The marked id that each such field holds. */
const marks: Readonly<Record<string, (id: bigint) => bigint>> = {
  userId: (id) => id,
  inviterId: (id) => id,
  viaBotId: (id) => id,
  chatId: (id) => -id,
  channelId: markChannel,
};

/** The users and chats that go with messages or updates: all that are named anywhere in them, and `others`. */
export function entitiesFor(account: Account, named: TlValue, others: Iterable<Chat> = []): EntityLists {
  const chats = new Set(others);
  const add = (id: bigint) => {
    const chat = account.world.chats.get(id);
    if (chat) chats.add(chat);
  };
  collect(named, add);
  return entitiesOf(account, chats);
}

function collect(value: TlValue, add: (id: bigint) => void): void {
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return;
  if (Array.isArray(value)) {
    for (const item of value as readonly TlValue[]) collect(item, add);
    return;
  }
  const object = value as Readonly<Record<string, TlValue>>;
  for (const name in object) {
    const field = object[name];
    if (typeof field === 'bigint') {
      const mark = marks[name];
      if (mark && field !== 0n) add(mark(field));
    } else if (name === 'users' && Array.isArray(field)) {
      for (const id of field as readonly TlValue[]) if (typeof id === 'bigint') add(id);
    } else if (typeof field === 'object') {
      collect(field, add);
    }
  }
}
