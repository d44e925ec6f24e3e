/** The lists that come with most answers, empty. */
import type { TlObject } from '../../tl/values.ts';

export const noPeers = { chats: [], users: [] } as const;
export const noChats: TlObject = { _: 'messages.chats', chats: [] };
export const noMessages: TlObject = { _: 'messages.messages', messages: [], topics: [], ...noPeers };
