/** The lists that come with most answers, empty. */
import type { TlObject } from '../../tl/values.ts';

export const NO_PEERS = { chats: [], users: [] } as const;
export const NO_CHATS: TlObject = { _: 'messages.chats', chats: [] };
export const NO_MESSAGES: TlObject = { _: 'messages.messages', messages: [], topics: [], ...NO_PEERS };
