/**
 * One connection to one data centre: calls with a timeout, one end. It never reconnects, never asks for updates and
 * never repeats a call that may have arrived; all of that is decided by whoever holds it. Its session outlives it.
 */
import { Api } from 'telegram/tl/index.js';
import { LAYER } from 'telegram/tl/runtime/registry.js';
import type { Logger } from '../../kit/log.ts';
import { version } from '../../kit/version.ts';
import { OutcomeUnknown, TelegramError, Unreached } from '../model/telegram-error.ts';
import { makeLongsFast } from './library/fast-longs.ts';
import { makeObjectsFast } from './library/fast-objects.ts';
import type { FilePart } from './file-part.ts';
import { makeKey, type Exchange } from './mtproto/handshake.ts';
import { AuthKey, ProtocolError } from './mtproto/message-key.ts';
import { AnswerUnreadable, Session, type Call, type CallState, type Request } from './mtproto/session.ts';
import type { Address } from './mtproto/dial.ts';
import { connectTransport, type Transport, type WayOut } from './mtproto/transport.ts';
import { ProxyError, proxyErrorOf } from './mtproto/proxy.ts';

makeLongsFast();
makeObjectsFast();

export interface LinkOptions {
  readonly dcId: number;
  readonly address: Address;
  /** Whether the address is for media alone. */
  readonly isForMedia?: boolean;
  readonly wayOut: WayOut;
  readonly apiId: number;
  /** The session to go on with. Without one a new session begins, with `authKey` if there is one. */
  readonly session?: Session | undefined;
  /** Without one the link makes a new key with the server. */
  readonly authKey?: Buffer | undefined;
  /** Where another session of the key is known: its salt. */
  readonly salt?: bigint | undefined;
  readonly log: Logger;
  readonly connectTimeoutMs: number;
  /** Called with every finished call: its method, `ok` or the error's type, and seconds. */
  readonly onCall?: ((method: string, result: string, seconds: number) => void) | undefined;
  /** Called with the server's time, in milliseconds since the epoch, as soon as it has answered anything. */
  readonly onServerTime?: ((at: number) => void) | undefined;
  /** Called with every update, and with whatever else no call asked for. */
  readonly onPushed?: (() => void) | undefined;
}

/**
 * Why a link ended: `closed` by us, `lost` on the way, `refused` by a transport error such as -429, or the server says
 * that it does not know the key.
 */
export type LinkEnd = 'closed' | 'lost' | 'refused' | 'key_unknown';

export interface Link {
  /** The key in use: the one given, or the one made. */
  readonly authKey: Buffer;
  readonly session: Session;
  readonly address: Address;
  readonly ended: Promise<LinkEnd>;
  /**
   * Calls a method, for the chat `chatId` if for one, without asking for updates. After a timeout the link is pinged, and
   * ends where that is not answered either.
   * @throws TelegramError, AnswerUnreadable, Unreached, OutcomeUnknown
   */
  call<T>(request: Api.AnyRequest | FilePart, timeoutMs: number, chatId?: string): Promise<T>;
  /** The same for a call that the session is to remember: it throws Unanswered, and can be settled over a later link. */
  callOnce<T>(request: Api.AnyRequest, timeoutMs: number, chatId?: string): Promise<T>;
  /** What the server knows of calls of earlier links of the session. @throws OutcomeUnknown */
  statesOf(calls: readonly Call[]): Promise<CallState[]>;
  /** A sign of life from the server; the server closes the connection if none follows for 75 s. */
  ping(timeoutMs: number): Promise<void>;
  close(): void;
}

/** No answer came over this link. The session knows the call, and may be asked what became of it. */
export class Unanswered extends OutcomeUnknown {
  readonly call: Call;

  constructor(message: string, call: Call, options?: ErrorOptions) {
    super(message, options);
    this.call = call;
  }
}

const serverClosesAfterSeconds = 75;
const pingTimeoutMs = 5_000;
const keyUnknown = -404;
const asNoDataCentre = 'as a port does that is not a data centre of Telegram';

/** Connects, and makes a key where there is none. @throws Unreached */
export async function openLink(options: LinkOptions): Promise<Link> {
  const { dcId, address, isForMedia = false, wayOut, log, connectTimeoutMs } = options;
  const deadline = performance.now() + connectTimeoutMs;
  const end = Promise.withResolvers<LinkEnd>();
  let session: Session | undefined;
  let onPlain: ((payload: Buffer) => void) | undefined;
  let reason = 'the connection was closed';
  let refusal: string | undefined;
  const ending = (how: LinkEnd, why: string) => {
    reason = why;
    end.resolve(how);
    transport?.destroy();
  };
  let transport: Transport | undefined;
  const where = `${address.host}:${address.port}`;
  /** An MTProxy that never answered did not take the secret, or reaches no data centre itself. */
  const faultOfProxy = (error?: unknown): ProxyError | undefined => {
    if (wayOut.proxy?.kind !== 'mtproxy' || !transport || transport.hasHeard) return undefined;
    const why = error instanceof TimedOut ? error.message : 'it closed the connection without an answer';
    return new ProxyError(wayOut.proxy, 'secret', why);
  };
  try {
    const destination = { address, dcId: isForMedia ? -dcId : dcId };
    transport = await connectTransport(destination, wayOut, connectTimeoutMs, {
      onPayload: (payload) => (onPlain ? onPlain(payload) : session?.take(payload)),
      onError: (code) => {
        refusal = `Telegram answered ${code} at ${where}`;
        ending(code === keyUnknown ? 'key_unknown' : 'refused', refusal);
      },
      onDrain: () => session?.drained(),
      onClose: (error) => {
        end.resolve('lost');
        session?.detach(transport, () => new Unreached(error?.message ?? reason));
      },
    });
    session = options.session ?? newSession(options);
    if (!session) {
      const exchange = plainExchange(transport, (take) => (onPlain = take), end.promise);
      const made = await within(makeKey(exchange, dcId), deadline - performance.now());
      onPlain = undefined;
      session = new Session(made.key, made.salt, made.serverTimeS);
    }
  } catch (error) {
    const fault = proxyErrorOf(error) ?? faultOfProxy(error);
    transport?.destroy();
    if (fault) throw new Unreached(fault.message, { cause: fault });
    const { message } = error as Error;
    throw new Unreached(`no connection to ${where}: ${refusal ?? message}`, { cause: error });
  }
  const opened = session;
  opened.attach(transport, {
    onSkipped: (error) => log.warn({ err: error }, 'a message of Telegram could not be read'),
    onBroken: (error) => ending('lost', error.message),
    onPushed: () => options.onPushed?.(),
    onServerTime: (at) => options.onServerTime?.(at),
  });
  const introduce = introduction(options.apiId);

  const ask = async <T>(method: string, call: Call, timeoutMs: number): Promise<T> => {
    const startedAt = performance.now();
    let result = 'ok';
    try {
      return (await answerOf(method, call, timeoutMs)) as T;
    } catch (error) {
      result = error instanceof TelegramError ? error.type : 'no_answer';
      throw error;
    } finally {
      options.onCall?.(method, result, (performance.now() - startedAt) / 1000);
    }
  };

  const answerOf = async (method: string, call: Call, timeoutMs: number): Promise<unknown> => {
    const unanswered = (why: string, cause: ProxyError | undefined) =>
      new Unanswered(cause?.message ?? `${method}: ${why}`, call, { cause });
    const over = end.promise.then((how): never => {
      if (call.id === 0n) throw new Unreached(reason);
      throw unanswered(reason, how === 'lost' ? faultOfProxy() : undefined);
    });
    over.catch(() => {});
    try {
      return await within(Promise.race([call.result.promise, over]), timeoutMs);
    } catch (error) {
      if (error instanceof TimedOut) {
        // The call may only take long: whether the link still lives is asked for itself.
        void ping(pingTimeoutMs).catch(() => {});
        throw unanswered(error.message, faultOfProxy(error));
      }
      if (error instanceof TelegramError || error instanceof AnswerUnreadable) throw error;
      if (error instanceof Unreached || error instanceof OutcomeUnknown) throw error;
      throw new OutcomeUnknown(`${method}: ${(error as Error).message}`, { cause: error });
    }
  };

  const ping = async (timeoutMs: number): Promise<void> => {
    const startedAt = performance.now();
    let result = 'no_answer';
    const over = end.promise.then((): never => {
      throw new Error(reason);
    });
    over.catch(() => {});
    try {
      await within(Promise.race([opened.ping(serverClosesAfterSeconds), over]), timeoutMs);
      result = 'ok';
    } catch (error) {
      const { message } = error as Error;
      ending('lost', message);
      throw new OutcomeUnknown(`ping: ${message}`, { cause: error });
    } finally {
      options.onCall?.('ping', result, (performance.now() - startedAt) / 1000);
    }
  };

  let isIntroduced = false;
  const begin = async <T>(request: Api.AnyRequest | FilePart, timeoutMs: number): Promise<T> => {
    if (!transport.isOpen) throw new Unreached(reason);
    const wrapped = isPart(request) ? request : withoutUpdates(request);
    const method = methodName(request);
    const call = opened.call(isIntroduced ? wrapped : introduce(wrapped), method);
    isIntroduced = true;
    return ask<T>(method, call, timeoutMs);
  };

  return {
    authKey: opened.key.bytes,
    session: opened,
    address,
    ended: end.promise,
    async call<T>(request: Api.AnyRequest | FilePart, timeoutMs: number): Promise<T> {
      try {
        return await begin<T>(request, timeoutMs);
      } catch (error) {
        if (error instanceof Unanswered) error.call.forget();
        throw error;
      }
    },
    callOnce: begin,
    statesOf: (calls) =>
      opened.statesOf(calls).catch((error: unknown) => {
        throw new OutcomeUnknown((error as Error).message, { cause: error });
      }),
    ping,
    close: () => ending('closed', 'closed'),
  };
}

/** The method as Telegram's documentation writes it: the class messages.SendMessage is messages.sendMessage. */
export function methodName({ className }: { readonly className: string }): string {
  return className.replace(/[A-Z](?=[^.]*$)/, (first) => first.toLowerCase());
}

function newSession({ authKey, salt }: LinkOptions): Session | undefined {
  return authKey && new Session(new AuthKey(authKey), salt);
}

function isPart(request: Api.AnyRequest | FilePart): request is FilePart {
  return 'fill' in request;
}

/** The library types no answer of a wrapper; it reads the one of what is wrapped. */
function withoutUpdates(query: Api.AnyRequest): Request {
  return new Api.InvokeWithoutUpdates({ query }) as unknown as Request;
}

/** Plain messages of the key exchange, one after another. */
function plainExchange(
  transport: Transport,
  listen: (take: (payload: Buffer) => void) => void,
  ended: Promise<LinkEnd>,
): Exchange {
  let last = 0n;
  return async (message) => {
    const answer = Promise.withResolvers<Buffer>();
    listen((payload) => {
      const length = payload.length < 20 ? -1 : payload.readInt32LE(16);
      if (length < 4 || 20 + length > payload.length)
        answer.reject(new ProtocolError(`not an answer of MTProto, ${asNoDataCentre}`));
      else answer.resolve(payload.subarray(20, 20 + length));
    });
    const id = (BigInt(Math.floor(Date.now() / 1000)) << 32n) | (BigInt(Date.now() % 1000) << 22n);
    last = id > last ? id : last + 4n;
    const header = Buffer.alloc(20);
    header.writeBigInt64LE(last, 8);
    header.writeInt32LE(message.length, 16);
    transport.write(Buffer.concat([header, message]));
    const over = ended.then((): never => {
      throw new Error(`the server closed the connection in the key exchange, ${asNoDataCentre}`);
    });
    return Promise.race([answer.promise, over]);
  };
}

/**
 * Puts before the first request of a connection how this client introduces itself: the request becomes the query of
 * invokeWithLayer(initConnection(…)), both of which end with it.
 */
function introduction(apiId: number): (request: Request) => Request {
  const query = new Api.help.GetConfig();
  const whole = new Api.InvokeWithLayer({
    layer: LAYER,
    query: new Api.InitConnection({
      apiId,
      deviceModel: 'Vestnik',
      systemVersion: `Node ${process.versions.node}`,
      appVersion: version,
      langCode: 'en',
      langPack: '',
      systemLangCode: 'en',
      query,
    }),
  }).getBytes();
  const head = whole.subarray(0, whole.length - query.getBytes().length);
  return (request) => ({
    className: request.className,
    getBytes: () => Buffer.concat([head, request.getBytes()]),
    readResult: (reader) => request.readResult(reader),
  });
}

class TimedOut extends Error {}

async function within<T>(promise: Promise<T>, timeoutMs: number): Promise<T> {
  const timeout = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => timeout.reject(new TimedOut(`no answer within ${Math.round(timeoutMs)} ms`)),
    timeoutMs,
  );
  try {
    return await Promise.race([promise, timeout.promise]);
  } finally {
    clearTimeout(timer);
  }
}
