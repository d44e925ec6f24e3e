/** The account over MTProto: what the gateway asks of Telegram, as calls over its connection. */
import { Api } from 'telegram/tl/index.js';
import { unmarkId } from '../model/marked-id.ts';
import type {
  Account,
  AccountState,
  DialogCursor,
  DialogPage,
  Outgoing,
  Peer,
  PeerAddress,
  Sent,
} from '../model/account.ts';
import { Connection, type ConnectionOptions } from './connection.ts';
import { dialogsRequest, readDialogs } from './dialogs.ts';
import type { FindUser } from './entities.ts';
import { AnswerUnreadable } from './mtproto/session.ts';
import { lookupRequest, readLookup } from './lookups.ts';
import { inputPeer, long, readPeers } from './peers.ts';
import { sendRequest } from './requests.ts';
import { aroundUnnamed, findSent, withFound } from './find-message-ids.ts';
import { Uploads, type Uploaded } from './uploads.ts';

export interface AccountOptions extends ConnectionOptions {
  /** Finds a user that a text mentions. */
  readonly findUser?: FindUser;
  /** Told of the chats that answers carry. */
  readonly onPeers?: (peers: readonly Peer[]) => void;
  /** Told of every answer to a send. */
  readonly onAnswer?: (answer: Api.TypeUpdates) => void;
  /** How long the answer to a text may take, and the answer to what names uploaded files. */
  readonly timeouts?: { readonly textMs: number; readonly mediaMs: number };
}

/** Telegram puts a large file together before it answers. */
const defaultTimeouts = { textMs: 15_000, mediaMs: 90_000 };

/** An account that takes calls of any other kind, too. */
export interface OpenAccount extends Account {
  /** @throws as Connection.call */
  call<T>(request: Api.AnyRequest): Promise<T>;
}

/** Starts connecting at once and goes on until closed. */
export function createMtprotoAccount(options: AccountOptions): OpenAccount {
  return new MtprotoAccount(options);
}

class MtprotoAccount implements OpenAccount {
  readonly #options: AccountOptions;
  readonly #connection: Connection;
  readonly #uploads: Uploads;
  readonly #timeouts: NonNullable<AccountOptions['timeouts']>;
  readonly #succeededAt = new Map<string, number>();

  constructor(options: AccountOptions) {
    this.#options = options;
    const timeouts = options.timeouts ?? defaultTimeouts;
    this.#timeouts = timeouts;
    const connection = new Connection({
      ...options,
      onCall: (method, result, seconds) => {
        if (result === 'ok') this.#succeededAt.set(method, options.clock.now());
        options.onCall?.(method, result, seconds);
      },
    });
    this.#connection = connection;
    this.#uploads = new Uploads({
      async open() {
        connection.ready();
        return connection.openForFiles();
      },
      onFailed: (error) => connection.failed(error),
      call: (request) => connection.callOnce(request, undefined, timeouts.mediaMs),
      clock: options.clock,
    });
  }

  get state(): AccountState {
    return this.#connection.state;
  }

  onChange(listener: () => void): () => void {
    return this.#connection.onChange(listener);
  }

  succeededAt(method: string): number | undefined {
    return this.#succeededAt.get(method);
  }

  ping(): Promise<number> {
    return this.#connection.ping();
  }

  async upload(peer: PeerAddress, { files }: Outgoing): Promise<Uploaded | undefined> {
    this.#connection.ready();
    return files.length === 0 ? undefined : this.#uploads.upload(peer, files);
  }

  async send(peer: PeerAddress, message: Outgoing, files?: Uploaded): Promise<Sent> {
    if (message.files.length !== (files?.media.length ?? 0)) throw new Error('its files were not uploaded');
    this.#connection.ready();
    const request = sendRequest(peer, message, files?.media ?? [], (id) => this.#options.findUser?.(id));
    const call = (timeoutMs: number) =>
      this.#connection.callOnce<Api.TypeUpdates>(request, peer.chatId, timeoutMs);
    const { textMs, mediaMs } = this.#timeouts;
    let answer: Api.TypeUpdates;
    try {
      answer = await (files ? files.sendBy(() => call(mediaMs)) : call(textMs));
    } catch (error) {
      // It was carried out: a refusal would have been read.
      if (error instanceof AnswerUnreadable) return this.#sentUnread(message);
      throw error;
    }
    this.#options.onAnswer?.(answer);
    if ('users' in answer) this.#options.onPeers?.(readPeers(answer.users, answer.chats));
    return this.#named(
      peer,
      answer,
      findSent(answer, message.randomIds, message.options.scheduleAt !== undefined),
    );
  }

  #sentUnread({ randomIds }: Outgoing): Sent {
    return { messageIds: randomIds.map(() => null), date: Math.floor(this.#options.clock.now() / 1000) };
  }

  /** Looks once for the items that an answer left out, which stand beside the others. */
  async #named(peer: PeerAddress, answer: Api.TypeUpdates, sent: Sent): Promise<Sent> {
    const around = aroundUnnamed(answer, sent);
    if (!around) return sent;
    const id = around.ids.map((each) => new Api.InputMessageID({ id: each }));
    const target = inputPeer(peer);
    const request =
      target instanceof Api.InputPeerChannel
        ? new Api.channels.GetMessages({ channel: new Api.InputChannel(target), id })
        : new Api.messages.GetMessages({ id });
    try {
      const { messages, users, chats } = (await this.#connection.call<Api.messages.TypeMessages>(
        request,
      )) as Api.messages.Messages;
      this.#options.onPeers?.(readPeers(users, chats));
      const album = messages.filter(
        (each) => each instanceof Api.Message && each.groupedId?.toString() === around.groupedId,
      );
      return withFound(
        sent,
        album.map((each) => each.id),
      );
    } catch (error) {
      this.#options.log.warn({ err: error, chat: peer.chatId }, 'items of an album could not be looked for');
      return sent;
    }
  }

  call<T>(request: Api.AnyRequest): Promise<T> {
    return this.#connection.call<T>(request);
  }

  async dialogs(cursor: DialogCursor): Promise<DialogPage> {
    return readDialogs(await this.#connection.call<Api.messages.TypeDialogs>(dialogsRequest(cursor)), cursor);
  }

  async lookUp(name: string): Promise<Peer> {
    return readLookup(await this.#connection.call<Api.contacts.ResolvedPeer>(lookupRequest(name)), name);
  }

  async basicGroup(chatId: string): Promise<readonly Peer[]> {
    const request = new Api.messages.GetChats({ id: [long(unmarkId(BigInt(chatId)).bareId.toString())] });
    const { chats } = await this.#connection.call<Api.messages.TypeChats>(request);
    return readPeers([], chats);
  }

  async takeBack(address: PeerAddress, ids: readonly number[]): Promise<boolean> {
    const target = { peer: inputPeer(address), id: [...ids] };
    const asking = new Api.messages.GetScheduledMessages(target);
    const { messages } = (await this.#connection.call<Api.messages.TypeMessages>(
      asking,
    )) as Api.messages.Messages;
    const held = new Set(messages.flatMap((each) => (each instanceof Api.Message ? [each.id] : [])));
    if (!ids.every((id) => held.has(id))) return false;
    await this.#connection.call(new Api.messages.DeleteScheduledMessages(target));
    return true;
  }

  async close(): Promise<void> {
    await Promise.all([this.#connection.close(), this.#uploads.close()]);
  }
}
