/** The accounts of the simulated Telegram: who they are, their world, and the numbers of their messages. */
import { homeDc } from './data-centres.ts';
import type { Numbers } from './numbers.ts';
import { Password } from './password.ts';
import { Subscribers } from './subscribers.ts';
import { UpdateLog } from './update-log.ts';
import { isChannel, type Chat } from './chat.ts';
import { defaultWorld, lastGreetingId, World, type WorldDefinition } from './world.ts';
import { hashOf, numberOf } from './names.ts';

/** The account that a new auth key is signed in as when sign-in is automatic. */
export const defaultAccountId = 6_200_000_001n;

/** What an account is made from. */
export interface AccountDefinition {
  /** Digits only. Those of the built-in accounts are of Telegram's test range: 99966, the data centre, four digits. */
  phone: string;
  first_name: string;
  /** The two-step password; none where absent. */
  password?: string | undefined;
  /** The data centre that the account lives in. */
  dc?: number | undefined;
  /** How its sign-in codes are sent; `app` where absent. */
  code_by?: CodeBy | undefined;
  /** It may read and not write. */
  frozen?: true | undefined;
}

/** Ways to send a sign-in code: in Telegram, by e-mail, through fragment.com, or only after an e-mail address is set up. */
export const codeWays = ['app', 'email', 'fragment', 'email_setup'] as const;
export type CodeBy = (typeof codeWays)[number];

/** The accounts that there are without any set-up. */
export const defaultAccounts: readonly AccountDefinition[] = [
  { phone: '9996620001', first_name: 'Vestnik' },
  { phone: '9996620002', first_name: 'Lantern', password: 'sandbox' },
  { phone: '9996640001', first_name: 'Harbour', dc: 4 },
  { phone: '9996610001', first_name: 'Beacon', dc: 1 },
];

/** One account. */
export class Account {
  readonly id: bigint;
  readonly firstName: string;
  readonly phone: string;
  readonly codeBy: CodeBy;
  readonly password: Password | undefined;
  /** Since when it may read and not write, in ms since 1970; undefined where it may. */
  readonly frozenAt: number | undefined;
  dc: number;
  subscribers: Subscribers;
  world: World;
  /** The common update counter: users and basic chats. Channels have their own. */
  pts: number;
  /** The updates of users and basic chats that are not new messages. */
  updates = new UpdateLog();
  /** Where its counters began in this run. Nothing is kept from below, so that a client of an earlier run missed nothing. */
  readonly firstPts: number;
  #lastMessageId: number;
  readonly #numbers: Numbers;
  readonly #hashes = new Map<bigint, bigint>();

  constructor(id: bigint, definition: AccountDefinition, numbers: Numbers) {
    const { phone, first_name, password, dc, code_by, frozen } = definition;
    this.id = id;
    this.firstName = first_name;
    this.phone = phone;
    this.dc = dc ?? homeDc;
    this.codeBy = code_by ?? 'app';
    this.frozenAt = frozen && Date.now();
    this.subscribers = new Subscribers(this);
    this.password = password === undefined ? undefined : new Password(password);
    this.#numbers = numbers;
    this.firstPts = Math.max(1, numbers.floor);
    this.pts = this.firstPts;
    this.#lastMessageId = Math.max(lastGreetingId, numbers.floor);
    this.world = new World(defaultWorld, id, numbers.floor);
  }

  /** Replaces the world. Message ids and update counters go on rising. */
  replaceWorld(definition: WorldDefinition): void {
    const earlier = this.world.chats;
    this.world = new World(definition, this.id, this.#numbers.floor);
    for (const [id, { lastMessageId, pts, updates }] of earlier) {
      const chat = this.world.chats.get(id);
      if (chat) Object.assign(chat, { lastMessageId, pts, updates });
    }
  }

  /** Lives in another data centre from now on; its keys of the old one are good for files and for the way there. */
  moveTo(dc: number): void {
    this.dc = dc;
    this.subscribers = new Subscribers(this);
  }

  /** Forgets all messages but the greetings; ids and counters go on rising. */
  forgetMessages(): void {
    this.world.forgetMessages();
    this.updates.clear();
  }

  /** Takes the place of an earlier account of the same id: its world stays, and its numbers go on. */
  succeed(earlier: Account): void {
    this.world = earlier.world;
    this.pts = earlier.pts;
    this.updates = earlier.updates;
    this.#lastMessageId = earlier.#lastMessageId;
  }

  /** The access hash that this account needs for a chat. Another account has another one. */
  accessHash(chatId: bigint): bigint {
    let hash = this.#hashes.get(chatId);
    if (hash === undefined) {
      hash = hashOf('access', this.id, chatId);
      this.#hashes.set(chatId, hash);
    }
    return hash;
  }

  /** Gives a chat another access hash; the one before is refused from now on. */
  renewAccessHash(chatId: bigint): void {
    this.#hashes.set(chatId, hashOf('access', this.accessHash(chatId)));
  }

  /** The id of the next message in a chat: channels count for themselves, all else together. */
  nextMessageId(chat: Chat): number {
    return this.#numbers.use(isChannel(chat) ? ++chat.lastMessageId : ++this.#lastMessageId);
  }

  /** The value of the update counter that a chat's next update carries, which counts for `count`. */
  nextPts(chat: Chat, count = 1): number {
    if (!isChannel(chat)) return this.#numbers.use((this.pts += count));
    chat.movedAt = Date.now();
    return this.#numbers.use((chat.pts += count));
  }

  /** The updates, new messages aside, that are counted together with this chat's. */
  updatesOf(chat: Chat): UpdateLog {
    return isChannel(chat) ? (chat.updates ??= new UpdateLog()) : this.updates;
  }
}

/** All accounts. */
export class Accounts {
  readonly standard: Account;
  readonly #byId = new Map<bigint, Account>();
  readonly #byPhone = new Map<string, Account>();
  readonly #numbers: Numbers;

  constructor(numbers: Numbers) {
    this.#numbers = numbers;
    for (const definition of defaultAccounts) this.put(definition);
    this.standard = this.find(defaultAccountId)!;
  }

  find(id: bigint | undefined): Account | undefined {
    return id === undefined ? undefined : this.#byId.get(id);
  }

  /** The account with this phone number, written with or without signs between the digits. */
  findPhone(phone: string): Account | undefined {
    return this.#byPhone.get(digitsOf(phone));
  }

  all(): Account[] {
    return [...this.#byId.values()];
  }

  /** Adds an account, or takes the place of the one with its phone number: id and world stay, sessions stay signed in. */
  put(definition: AccountDefinition): Account {
    const phone = digitsOf(definition.phone);
    const earlier = this.#byPhone.get(phone);
    const account = new Account(earlier?.id ?? idOf(phone), { ...definition, phone }, this.#numbers);
    if (earlier) account.succeed(earlier);
    this.#byId.set(account.id, account);
    this.#byPhone.set(phone, account);
    return account;
  }
}

/** The id of the account with this number: the same in every run, because auth keys outlive the accounts. */
function idOf(phone: string): bigint {
  const index = defaultAccounts.findIndex((definition) => definition.phone === phone);
  return index < 0
    ? 6_300_000_000n + numberOf(600_000_000, 'account', phone)
    : defaultAccountId + BigInt(index);
}

/** A phone number as digits alone. */
export function digitsOf(phone: string): string {
  return phone.replace(/\D/g, '');
}
