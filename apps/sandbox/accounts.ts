/** The accounts of the simulated Telegram: who they are, their world, and the numbers of their messages. */
import { DEFAULT_WORLD, World, type Chat, type WorldDefinition } from './world.ts';
import { hashOf } from './world-names.ts';

/** The account that a new auth key is signed in as when sign-in is automatic. */
export const DEFAULT_ACCOUNT_ID = 6_200_000_001n;

/** One account. */
export class Account {
  readonly id: bigint;
  readonly firstName: string;
  readonly phone: string;
  world: World;
  /** The common update counter: users and basic chats. Channels have their own. */
  pts = 1;
  private lastMessageId = 1000;
  private readonly hashes = new Map<bigint, bigint>();

  constructor(id: bigint, firstName: string, phone: string) {
    this.id = id;
    this.firstName = firstName;
    this.phone = phone;
    this.world = new World(DEFAULT_WORLD, id);
  }

  /** Replaces the world. Message ids go on rising. */
  replaceWorld(definition: WorldDefinition): void {
    this.world = new World(definition, this.id);
  }

  /** The access hash that this account needs for a chat. Another account has another one. */
  accessHash(chatId: bigint): bigint {
    let hash = this.hashes.get(chatId);
    if (hash === undefined) {
      hash = hashOf('access', this.id, chatId);
      this.hashes.set(chatId, hash);
    }
    return hash;
  }

  /** The id of the next message in a chat: channels count for themselves, all else together. */
  nextMessageId(chat: Chat): number {
    if (chat.kind === 'channel' || chat.kind === 'supergroup') return chat.topMessageId + 1;
    return ++this.lastMessageId;
  }

  /** The next value of the update counter that a chat's updates carry. */
  nextPts(chat: Chat): number {
    return chat.kind === 'channel' || chat.kind === 'supergroup' ? ++chat.pts : ++this.pts;
  }
}

/** All accounts. */
export class Accounts {
  private readonly byId = new Map<bigint, Account>();
  readonly standard: Account;

  constructor() {
    this.standard = new Account(DEFAULT_ACCOUNT_ID, 'Vestnik', '9996620001');
    this.byId.set(this.standard.id, this.standard);
  }

  find(id: bigint | undefined): Account | undefined {
    return id === undefined ? undefined : this.byId.get(id);
  }
}
