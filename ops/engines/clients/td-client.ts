/** One client of TDLib over its JSON interface: requests, updates to wait for, and the ways of signing in. */
import { createRequire } from 'node:module';

const WITHIN_MS = 30_000;

/** The fields that the steps read of TDLib's objects; an object has those of its type. */
export interface TdObject {
  readonly _: string;
  readonly id: number;
  readonly is_pinned: boolean;
  readonly chat_id: number;
  readonly chat_ids: readonly number[];
  readonly old_message_id: number;
  readonly message_ids: readonly number[];
  readonly message_id: number;
  readonly messages: readonly TdObject[];
  readonly media_album_id: string;
  readonly message: TdObject & string;
  readonly last_message: TdObject;
  readonly content: TdObject;
  readonly new_content: TdObject;
  readonly text: TdObject & string;
  readonly caption: TdObject;
  readonly document: TdObject;
  readonly photo: TdObject;
  readonly sizes: readonly TdObject[];
  readonly local: TdObject;
  readonly path: string;
  readonly size: number;
  readonly error: TdObject;
  readonly code: number;
  readonly authorization_state: TdObject;
  readonly link: string;
  readonly type: TdObject;
  readonly supergroup_id: number;
  readonly basic_group_id: number;
  readonly is_channel: boolean;
  readonly members: readonly TdObject[];
  readonly member_id: TdObject;
  readonly user_id: number;
  readonly sender_id: TdObject;
  readonly sender_user_id: number;
  readonly total_count: number;
  readonly interaction_info: TdObject;
  readonly reactions: readonly TdObject[] & TdObject;
  readonly is_chosen: boolean;
  readonly forward_info: TdObject;
  readonly origin: TdObject;
  readonly scheduling_state: TdObject;
  readonly is_outgoing: boolean;
  readonly phone_number: string;
  readonly value: string;
  readonly state: TdObject;
  readonly title: string;
}

type Request = { readonly _: string } & Readonly<Record<string, unknown>>;

interface Bare {
  invoke(request: Request): Promise<TdObject>;
  on(event: 'update', listener: (update: TdObject) => void): void;
  on(event: 'error', listener: (error: Error) => void): void;
  close(): Promise<void>;
}
interface Tdl {
  configure(options: { tdjson: string; verbosityLevel: number }): void;
  execute(request: Request): TdObject;
  createBareClient(): Bare;
}

/** Loads npm's `tdl` from a folder of packages, with this TDLib, whose log of verbosity 5 goes to a file. */
export function loadTdlib(packages: string, library: string, logFile: string): Tdl {
  const tdl = createRequire(`${packages}/package.json`)('tdl') as Tdl;
  tdl.configure({ tdjson: library, verbosityLevel: 5 });
  const logStream = { _: 'logStreamFile', path: logFile, max_file_size: 2 ** 40, redirect_stderr: true };
  tdl.execute({ _: 'setLogStream', log_stream: logStream });
  return tdl;
}

/** One client. What it throws is TDLib's error, or names what was waited for in vain. */
export class TdClient {
  /** All updates so far; its length is the `since` of those that are still to come. */
  readonly updates: TdObject[] = [];
  readonly #client: Bare;
  readonly #waiting = new Set<() => void>();

  /** A client with a database of its own, in a folder that is not there yet. */
  static async open(tdl: Tdl, folder: string): Promise<TdClient> {
    const client = new TdClient(tdl.createBareClient());
    await client.invoke({
      _: 'setTdlibParameters',
      database_directory: folder,
      use_message_database: true,
      use_secret_chats: false,
      api_id: 1,
      api_hash: 'x',
      system_language_code: 'en',
      device_model: 'Test',
      application_version: '1',
    });
    await client.authorization('authorizationStateWaitPhoneNumber');
    return client;
  }

  private constructor(client: Bare) {
    this.#client = client;
    client.on('error', (error) => process.stderr.write(`${error.message}\n`));
    client.on('update', (update) => {
      this.updates.push(update);
      for (const look of this.#waiting) look();
    });
  }

  invoke(request: Request): Promise<TdObject> {
    return within(request._, this.#client.invoke(request));
  }

  /** The first update as wished from `since` on. */
  async next(what: string, isIt: (update: TdObject) => boolean, since: number): Promise<TdObject> {
    const { promise, resolve } = Promise.withResolvers<TdObject>();
    const look = () => {
      const found = this.updates.slice(since).find(isIt);
      if (found) resolve(found);
    };
    this.#waiting.add(look);
    look();
    return within(what, promise).finally(() => this.#waiting.delete(look));
  }

  /** Waits until signing in, or out, comes to this state. */
  async authorization(state: string, since = 0): Promise<TdObject> {
    const isIt = ({ authorization_state: now }: TdObject) => now?._ === state;
    return (await this.next(state, isIt, since)).authorization_state;
  }

  /** Sends what `sendMessage` and its like make, and waits until Telegram has it. @returns the messages as sent */
  async sent(request: Request): Promise<TdObject[]> {
    const since = this.updates.length;
    const answer = await this.invoke(request);
    return Promise.all((answer.messages ?? [answer]).map(({ id }) => this.#settled(request._, id, since)));
  }

  async #settled(what: string, temporaryId: number, since: number): Promise<TdObject> {
    const isIt = ({ _, old_message_id: id }: TdObject) =>
      id === temporaryId && _.startsWith('updateMessageSend');
    const { _, error, message } = await this.next(`${what} is sent`, isIt, since);
    if (_ === 'updateMessageSendFailed') throw new Error(`${what}: ${error.code} ${error.message as string}`);
    return message;
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}

async function within<T>(what: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not within ${WITHIN_MS} ms: ${what}`)), WITHIN_MS);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
