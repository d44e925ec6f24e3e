/**
 * The account over MTProto: keeps one link up with growing pauses, signs in with the session it was given, and sends.
 * Files go over a second link of the same session, opened when there is one to send and closed when idle.
 */
import { Api } from 'telegram/tl/index.js';
import type { Clock } from '../../kit/clock.ts';
import type { Logger } from '../../kit/log.ts';
import type { GateKeeping, GateStore } from '../pacing/gates.ts';
import { unmarkId } from '../peers/marked-id.ts';
import type {
  Account,
  AccountState,
  DialogCursor,
  DialogPage,
  MediaContent,
  Outgoing,
  Peer,
  PeerAddress,
  Sent,
} from './account.ts';
import type { FindUser } from './entities.ts';
import { gatedLink } from './gated-link.ts';
import { dialogsRequest, readDialogs } from './dialogs.ts';
import { judge, OutcomeUnknown, TelegramError, Unreached } from './errors.ts';
import { defaultLimits, readLimits, type TelegramLimits } from './limits.ts';
import { createLibraryLogger } from './library-log.ts';
import { openLink, type Link, type LinkEnd, type LinkOptions } from './link.ts';
import { inputMedia } from './input-media.ts';
import { lookupRequest, readLookup } from './lookups.ts';
import { inputPeer, long, readPeers } from './peers.ts';
import { albumItem, sendRequest } from './requests.ts';
import { findSent } from './sent.ts';
import { uploadFile } from './upload.ts';
import { UploadLink } from './upload-link.ts';

export interface AccountOptions {
  readonly dcId: number;
  readonly host: string;
  readonly port: number;
  /** Of a session that was signed in by a person. Without one the account makes keys itself, as many as it takes. */
  readonly authKey: Buffer | undefined;
  readonly apiId: number;
  readonly log: Logger;
  readonly clock: Clock;
  /** Which waits Telegram has announced. */
  readonly gates: GateStore;
  /** Told of every gate that a refusal closed anew. */
  readonly onGateClosed?: GateKeeping['onClosed'];
  readonly onCall?: LinkOptions['onCall'];
  /** Finds a user that a text mentions. */
  readonly findUser?: FindUser;
  /** Told of the chats that answers carry. */
  readonly onPeers?: (peers: readonly Peer[]) => void;
  /** Told who signed in; throwing (another account than the stored data is of) keeps it signed out. */
  readonly onSignedIn?: (self: Peer) => void;
}

const connectTimeoutMs = 10_000;
const callTimeoutMs = 15_000;
const pingTimeoutMs = 5_000;
const pingEveryMs = 20_000;
const uploadLinkIdleMs = 60_000;
const pauseMs = { first: 250, longest: 15_000 };

/** Starts connecting at once and goes on until closed. */
export function createMtprotoAccount(options: AccountOptions): Account {
  return new MtprotoAccount(options);
}

class MtprotoAccount implements Account {
  readonly #options: AccountOptions;
  readonly #log: Logger;
  readonly #listeners = new Set<() => void>();
  readonly #stopped = new AbortController();
  readonly #running: Promise<void>;
  #authKey: Buffer | undefined;
  #state: AccountState = {
    phase: 'connecting',
    self: undefined,
    reason: undefined,
    lastPongAt: undefined,
    limits: defaultLimits,
  };
  #link: Link | undefined;
  #pinging: Promise<number> | undefined;
  readonly #uploads: UploadLink;

  constructor(options: AccountOptions) {
    this.#options = options;
    this.#log = options.log.child({ part: 'telegram' });
    this.#authKey = options.authKey;
    this.#uploads = new UploadLink(() => this.#openForUploads(), uploadLinkIdleMs);
    this.#running = this.#run();
  }

  get state(): AccountState {
    return this.#state;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Concurrent callers share one ping. */
  ping(): Promise<number> {
    this.#pinging ??= this.#pingOnce().finally(() => (this.#pinging = undefined));
    return this.#pinging;
  }

  async send(peer: PeerAddress, message: Outgoing, beforeCall?: () => Promise<void>): Promise<Sent> {
    const media = await this.#upload(peer, message.media);
    await beforeCall?.();
    const request = sendRequest(peer, message, media, (userId) => this.#options.findUser?.(userId));
    const answer = await this.#call<Api.TypeUpdates>(request, peer.chatId);
    if ('users' in answer) this.#options.onPeers?.(readPeers(answer.users, answer.chats));
    return findSent(answer, message.randomIds);
  }

  async dialogs(cursor: DialogCursor): Promise<DialogPage> {
    return readDialogs(await this.#call<Api.messages.TypeDialogs>(dialogsRequest(cursor)), cursor);
  }

  async lookUp(name: string): Promise<Peer> {
    return readLookup(await this.#call<Api.contacts.ResolvedPeer>(lookupRequest(name)));
  }

  async basicGroup(chatId: string): Promise<readonly Peer[]> {
    const request = new Api.messages.GetChats({ id: [long(unmarkId(BigInt(chatId)).bareId.toString())] });
    const { chats } = await this.#call<Api.messages.TypeChats>(request);
    return readPeers([], chats);
  }

  async close(): Promise<void> {
    this.#stopped.abort();
    await Promise.all([this.#link?.close(), this.#uploads.close()]);
    await this.#running;
    this.#change({ phase: 'closed', reason: 'closed' });
  }

  async #run(): Promise<void> {
    let failures = 0;
    while (!this.#stopped.signal.aborted && this.#state.phase !== 'signed_out') {
      const end = await this.#connectOnce(() => (failures = 0));
      if (this.#stopped.signal.aborted || this.#isSignedOutBy(end)) return;
      const pause = Math.min(pauseMs.first * 2 ** failures++, pauseMs.longest);
      await this.#options.clock
        .sleep(pause * (0.5 + Math.random() / 2), this.#stopped.signal)
        .catch(() => {});
    }
  }

  /** One link from its opening to its end. */
  async #connectOnce(onReady: () => void): Promise<LinkEnd> {
    try {
      this.#link = await this.#open();
      const self = await this.#signIn(this.#link);
      onReady();
      this.#change({ phase: 'ready', self: { id: self.chatId, name: self.title }, reason: undefined });
      this.#log.info('connected to Telegram');
      void this.#keepAlive(this.#link);
      return await this.#link.ended;
    } catch (error) {
      this.#log.warn({ err: error }, 'no connection to Telegram');
      this.#failed(error as Error);
      await this.#link?.close();
      return this.#link?.ended ?? 'lost';
    } finally {
      this.#link = undefined;
      if (this.#state.phase === 'ready') {
        this.#change({ phase: 'connecting', reason: 'the connection to Telegram was lost' });
        this.#log.warn('connection to Telegram lost');
      }
    }
  }

  /** A key of our own making is replaced when the server forgot it; one of a person's sign-in cannot be. */
  #isSignedOutBy(end: LinkEnd): boolean {
    if (end === 'key_unknown') {
      this.#authKey = this.#options.authKey;
      if (this.#authKey)
        this.#signedOut('Telegram does not know the session any more: sign the account in again');
    }
    return this.#state.phase === 'signed_out';
  }

  async #open(): Promise<Link> {
    const { dcId, host, port, apiId, onCall } = this.#options;
    const link = await openLink({
      ...{ dcId, host, port, apiId, connectTimeoutMs },
      authKey: this.#authKey,
      log: createLibraryLogger(this.#log),
      ...(onCall && { onCall }),
    });
    if (this.#stopped.signal.aborted) {
      await link.close();
      throw new Unreached('closed');
    }
    this.#authKey = link.authKey;
    const { gates, clock, onGateClosed: onClosed } = this.#options;
    return gatedLink(link, { gates, now: () => clock.now(), onClosed });
  }

  /** The first call of a link learns the server's salt; parts that went out side by side would all be refused for it. */
  async #openForUploads(): Promise<Link> {
    const link = await this.#open();
    try {
      await link.call(new Api.help.GetConfig(), callTimeoutMs);
      return link;
    } catch (error) {
      await link.close();
      throw error;
    }
  }

  async #signIn(link: Link): Promise<Peer> {
    const request = new Api.users.GetUsers({ id: [new Api.InputUserSelf()] });
    const [user] = await link.call<Api.TypeUser[]>(request, callTimeoutMs);
    const [self] = readPeers(user ? [user] : [], []);
    if (!self) throw new TelegramError(401, 'AUTH_KEY_UNREGISTERED');
    const limits = await this.#askLimits(link, user instanceof Api.User && user.premium === true);
    this.#state = { ...this.#state, limits, lastPongAt: this.#options.clock.now() };
    try {
      this.#options.onSignedIn?.(self);
    } catch (error) {
      this.#signedOut((error as Error).message);
      throw error;
    }
    return self;
  }

  /** Without an answer the defaults hold: a gateway that can send is not kept from it by a limit it does not know. */
  async #askLimits(link: Link, isPremium: boolean): Promise<TelegramLimits> {
    try {
      const config = await link.call<Api.Config>(new Api.help.GetConfig(), callTimeoutMs);
      const request = new Api.help.GetAppConfig({ hash: 0 });
      return readLimits(config, await link.call<Api.help.TypeAppConfig>(request, callTimeoutMs), isPremium);
    } catch (error) {
      if (!(error instanceof TelegramError)) throw error;
      this.#log.warn({ err: error }, 'Telegram did not tell its limits');
      return this.#state.limits;
    }
  }

  async #keepAlive(link: Link): Promise<void> {
    try {
      while (this.#link === link) {
        await this.#options.clock.sleep(pingEveryMs, this.#stopped.signal);
        if (this.#link === link) await this.ping();
      }
    } catch {
      // A ping that fails ends the link, and #run takes it from there.
    }
  }

  async #pingOnce(): Promise<number> {
    const link = this.#ready();
    const startedAt = performance.now();
    await link.ping(pingTimeoutMs);
    this.#state = { ...this.#state, lastPongAt: this.#options.clock.now() };
    return performance.now() - startedAt;
  }

  #ready(): Link {
    if (this.#link && this.#state.phase === 'ready') return this.#link;
    throw new Unreached(this.#state.reason ?? 'not connected to Telegram yet');
  }

  async #call<T>(request: Api.AnyRequest, chatId?: string): Promise<T> {
    try {
      return await this.#ready().call<T>(request, callTimeoutMs, chatId);
    } catch (error) {
      this.#failed(error as Error);
      throw error;
    }
  }

  /** An upload whose outcome is unknown has sent no message: that part is certain. */
  async #upload(peer: PeerAddress, media: readonly MediaContent[]): Promise<Api.TypeInputMedia[]> {
    this.#ready();
    const uploaded: Api.TypeInputMedia[] = [];
    for (const each of media) {
      const { thumbnail } = each;
      const file = await this.#uploadOne(each);
      const thumb = thumbnail && (await this.#uploadOne({ ...thumbnail, name: 'thumbnail.jpg' }));
      const input = inputMedia(each, file, thumb);
      uploaded.push(media.length === 1 ? input : await this.#albumItem(peer, input).catch(notSent));
    }
    return uploaded;
  }

  #uploadOne(file: Parameters<typeof uploadFile>[1]): Promise<Api.TypeInputFile> {
    return this.#uploads.use((link) => uploadFile(link, file)).catch(notSent);
  }

  async #albumItem(peer: PeerAddress, media: Api.TypeInputMedia): Promise<Api.TypeInputMedia> {
    const request = new Api.messages.UploadMedia({ peer: inputPeer(peer), media });
    return albumItem(
      await this.#call<Api.TypeMessageMedia>(request),
      'spoiler' in media && media.spoiler === true,
    );
  }

  #failed(error: Error): void {
    if (error instanceof TelegramError && judge(error).action === 'session') {
      this.#signedOut(`Telegram ended the session (${error.message}): sign the account in again`);
      void this.#link?.close();
    } else if (this.#state.phase === 'connecting') {
      this.#change({ phase: 'connecting', reason: error.message });
    }
  }

  #signedOut(reason: string): void {
    if (this.#state.phase === 'signed_out') return;
    this.#log.error({ reason }, 'signed out');
    this.#change({ phase: 'signed_out', reason });
  }

  #change(change: Partial<AccountState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}

function notSent(error: unknown): never {
  throw error instanceof OutcomeUnknown ? new Unreached(error.message, { cause: error }) : error;
}
