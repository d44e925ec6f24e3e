/** Where messages come from, for those that forward them or reply to them from elsewhere. */
import type { Account } from '../world/accounts.ts';
import type { TlObject } from '../tl/values.ts';
import type { Chat } from '../world/chat.ts';
import { markOf, peerOf } from './entities.ts';
import { authorOf, type Written } from './written.ts';

/** The messageFwdHeader of a message: a forwarded one keeps its first source. */
export function originOf(account: Account, written: Written): TlObject {
  const { id, date, chat, delivery } = written;
  if (delivery?.forward) {
    const { fromId, fromName, date: firstDate, channelPost } = delivery.forward;
    return { _: 'messageFwdHeader', fromId, fromName, date: firstDate, channelPost };
  }
  const author = account.world.chats.get(authorOf(account, written));
  if (!author || author.kind === 'chat') return { _: 'messageFwdHeader', fromName: chat.title, date };
  const channelPost = chat.kind === 'channel' ? id : undefined;
  return { _: 'messageFwdHeader', fromId: peerOf(author.id), date, channelPost };
}

/** The messageFwdHeader of a message that is forwarded to a chat; Saved Messages also say which chat it was in. */
export function forwardHeader(account: Account, written: Written, to: Chat): TlObject {
  const origin = originOf(account, written);
  if (to.id !== account.id) return origin;
  const { id, date, chat, delivery } = written;
  const last = delivery?.forward && {
    savedFromId: peerOf(authorOf(account, written)),
    savedOut: authorOf(account, written) === account.id,
    savedDate: date,
  };
  return { ...origin, savedFromPeer: peerOf(chat.id), savedFromMsgId: id, ...last };
}

/** A header of `account` for another account; the name of a source stands for it where the other does not know it. */
export function headerFor(other: Account, account: Account, header: TlObject): TlObject {
  const { fromId, fromName, date, channelPost } = header;
  const id = fromId === undefined ? undefined : markOf(fromId as TlObject);
  if (id === undefined || other.world.chats.has(id))
    return { _: header._, fromId, fromName, date, channelPost };
  return { _: header._, fromName: account.world.chats.get(id)?.title ?? String(id), date };
}
