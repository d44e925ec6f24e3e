/** The chats that are in every world which has room for them. */
import type { Topic } from './chat.ts';
import type { ChatKind } from './chat-ids.ts';

/** Telegram's own notifications. */
export const serviceId = 777000n;
/** The supergroup that the documentation names. */
export const demoChatId = -1003833950795n;
/** A supergroup with topics, and a basic chat that became a supergroup. */
export const forumChatId = -1002200000011n;
export const migratedChatId = -4077n;
const migratedToId = -1002200000012n;

const forumTopics: readonly Topic[] = [
  { id: 1, title: 'General', isClosed: false },
  { id: 2, title: 'Deploys', isClosed: false },
  { id: 3, title: 'Ночная смена', isClosed: false },
  { id: 4, title: 'Last year', isClosed: true },
];

interface FixedChat {
  id: bigint;
  kind: ChatKind;
  title: string;
  username?: string;
  topics?: readonly Topic[];
  migratedTo?: bigint;
}

/** In the order of the list of dialogs. */
export const fixedChats: readonly FixedChat[] = [
  { id: demoChatId, kind: 'supergroup', title: 'Vestnik demo', username: 'vestnik_demo' },
  { id: -4021n, kind: 'chat', title: 'Night duty' },
  { id: serviceId, kind: 'user', title: 'Telegram', username: 'telegram' },
  { id: forumChatId, kind: 'supergroup', title: 'Vestnik topics', topics: forumTopics },
  { id: migratedToId, kind: 'supergroup', title: 'Harbour crew' },
  { id: migratedChatId, kind: 'chat', title: 'Harbour crew', migratedTo: migratedToId },
];
