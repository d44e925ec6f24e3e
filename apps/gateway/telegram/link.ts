/**
 * One connection to one data centre: calls with a timeout, one end. It never reconnects, never asks for updates and
 * never repeats a request; all of that is decided by who holds it. Leans on the library's MTProtoSender, whose private
 * behaviour is pinned by link.test.ts.
 */
import { Api } from 'telegram/tl/index.js';
import { AuthKey } from 'telegram/crypto/AuthKey.js';
import { RPCError } from 'telegram/errors/index.js';
import { PromisedNetSockets } from 'telegram/extensions/PromisedNetSockets.js';
import { ConnectionTCPAbridged } from 'telegram/network/connection/TCPAbridged.js';
import { MTProtoSender } from 'telegram/network/MTProtoSender.js';
import { UpdateConnectionState } from 'telegram/network/UpdateConnectionState.js';
import type { TelegramClient } from 'telegram/client/TelegramClient.js';
import bigInt from 'big-integer';
import { version } from '../../kit/version.ts';
import { OutcomeUnknown, TelegramError, Unreached } from './errors.ts';
import { makeLongsFast } from './fast-longs.ts';
import { makeObjectsFast } from './fast-objects.ts';
import { FilePart } from './file-part.ts';
import { encryptInPlace, FileConnection } from './file-sender.ts';
import type { LibraryLogger } from './library-log.ts';

makeLongsFast();
makeObjectsFast();

export interface LinkOptions {
  readonly dcId: number;
  readonly host: string;
  readonly port: number;
  /** Without one the link makes a new key with the server. */
  readonly authKey: Buffer | undefined;
  readonly apiId: number;
  readonly log: LibraryLogger;
  readonly connectTimeoutMs: number;
  /** Whether parts of files go over it. */
  readonly forFiles?: boolean;
  /** Told of every finished call: its method, `ok` or the error's type, and seconds. */
  readonly onCall?: (method: string, result: string, seconds: number) => void;
}

/** Why a link ended: `closed` by us, `lost` on the way, or the server does not know the key. */
export type LinkEnd = 'closed' | 'lost' | 'key_unknown';

export interface Link {
  /** The key in use: the one given, or the one made. */
  readonly authKey: Buffer;
  readonly ended: Promise<LinkEnd>;
  /**
   * Calls a method, for the chat `chatId` if for one, without asking for updates. A timeout ends the link, for nobody
   * knows what became of the call.
   * @throws TelegramError, Unreached, OutcomeUnknown
   */
  call<T>(request: Api.AnyRequest | FilePart, timeoutMs: number, chatId?: string): Promise<T>;
  /** A sign of life from the server; the server closes the connection if none follows for 75 s. */
  ping(timeoutMs: number): Promise<void>;
  close(): Promise<void>;
}

const serverClosesAfterSeconds = 75;

/** Connects, and makes a key where there is none. @throws Unreached */
export async function openLink(options: LinkOptions): Promise<Link> {
  const key = new AuthKey();
  if (options.authKey) await key.setKey(options.authKey);
  const end = Promise.withResolvers<LinkEnd>();
  let isOpen = true;
  const ending = (reason: LinkEnd) => {
    isOpen = false;
    end.resolve(reason);
  };
  const sender = new MTProtoSender(key, {
    ...MTProtoSender.DEFAULT_OPTIONS,
    logger: options.log,
    dcId: options.dcId,
    client: clientIdentity(options.apiId),
    isMainSender: true,
    autoReconnect: false,
    reconnectRetries: 0,
    retries: 1,
    delay: 0,
    connectTimeout: options.connectTimeoutMs / 1000,
    updateCallback: (_client, update) => {
      if (!(update instanceof UpdateConnectionState)) return;
      if (update.state === UpdateConnectionState.broken) ending('key_unknown');
      if (update.state === UpdateConnectionState.disconnected) ending('lost');
    },
  });
  const close = async () => {
    ending('closed');
    await sender.disconnect();
  };
  if (options.forFiles) encryptInPlace(sender);
  const connection = new (options.forFiles ? FileConnection : ConnectionTCPAbridged)({
    ip: options.host,
    port: options.port,
    dcId: options.dcId,
    loggers: options.log,
    socket: PromisedNetSockets,
    testServers: false,
  });
  try {
    // Bounds the key exchange too, which the library lets wait for ever.
    await within(sender.connect(connection, false), options.connectTimeoutMs);
  } catch (error) {
    await close();
    throw new Unreached(`no connection to ${options.host}:${options.port}: ${(error as Error).message}`);
  }

  const ask = async (
    request: Api.AnyRequest | FilePart,
    method: string,
    timeoutMs: number,
  ): Promise<unknown> => {
    if (!isOpen) throw new Unreached('not connected to Telegram');
    const startedAt = performance.now();
    let result = 'ok';
    try {
      return await within(sender.send(request as Api.AnyRequest) as Promise<unknown>, timeoutMs);
    } catch (error) {
      const failure = asOutcome(error, method);
      result = failure instanceof TelegramError ? failure.type : 'no_answer';
      if (error instanceof TimedOut) void close();
      throw failure;
    } finally {
      options.onCall?.(method, result, (performance.now() - startedAt) / 1000);
    }
  };

  return {
    authKey: key.getKey()!,
    ended: end.promise,
    call: <T>(request: Api.AnyRequest | FilePart, timeoutMs: number) => {
      const wrapped =
        request instanceof FilePart ? request : new Api.InvokeWithoutUpdates({ query: request });
      return ask(wrapped, methodName(request), timeoutMs) as Promise<T>;
    },
    ping: async (timeoutMs) => {
      const pingId = bigInt.randBetween(1, Number.MAX_SAFE_INTEGER);
      const request = new Api.PingDelayDisconnect({ pingId, disconnectDelay: serverClosesAfterSeconds });
      await ask(request, 'ping', timeoutMs);
    },
    close,
  };
}

/** The method as Telegram's documentation writes it: the class messages.SendMessage is messages.sendMessage. */
export function methodName({ className }: Api.AnyRequest | FilePart): string {
  return className.replace(/[A-Z](?=[^.]*$)/, (first) => first.toLowerCase());
}

class TimedOut extends Error {}

async function within<T>(promise: Promise<T>, timeoutMs: number): Promise<T> {
  const timeout = Promise.withResolvers<never>();
  const timer = setTimeout(() => timeout.reject(new TimedOut(`no answer within ${timeoutMs} ms`)), timeoutMs);
  try {
    return await Promise.race([promise, timeout.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function asOutcome(error: unknown, method: string): Error {
  if (error instanceof RPCError) return new TelegramError(error.code ?? 0, error.errorMessage);
  return new OutcomeUnknown(`${method}: ${(error as Error).message}`, { cause: error });
}

/**
 * What the sender needs to know of a client: how it introduces itself. The sender wraps the first request of a
 * session as invokeWithLayer(initConnection(invokeWithoutUpdates(…))) with it.
 */
function clientIdentity(apiId: number): TelegramClient {
  const introduction = {
    deviceModel: 'Vestnik',
    systemVersion: `Node ${process.versions.node}`,
    appVersion: version,
    langCode: 'en',
    langPack: '',
    systemLangCode: 'en',
  };
  return { apiId, _initRequest: introduction, _lastReceivedAt: 0 } as unknown as TelegramClient;
}
