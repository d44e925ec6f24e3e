/** From the fields of a request to the answer: check them, find the chat, accept the message, wait as long as the caller. */
import { hash, randomUUID, randomUUIDv7 } from 'node:crypto';
import type { Context } from 'koa';
import type { z } from 'zod';
import type { Clock } from '../../kit/clock.ts';
import { Problem } from '../../kit/errors.ts';
import type { Logger } from '../../kit/log.ts';
import type { Reason } from '../../kit/reason.ts';
import type { CheckCallbackUrl } from '../callbacks/check-url.ts';
import type { ParseMode } from '../formatting/modes.ts';
import type { Arrived } from '../media/multipart.ts';
import type { AskedFile } from '../media/prepare.ts';
import type { GatewayName } from '../send/kind.ts';
import { askedOf, countOf, textsOf } from '../send/kinds.ts';
import { diskFull, type DiskRoom } from '../storage/disk-room.ts';
import type { Dispatcher } from '../outbox/dispatcher.ts';
import type {
  MessageContent,
  NewMessage,
  SendOptions,
  StoredMedia,
  StoredMessage,
} from '../model/message.ts';
import type { Accepted as Kept, Lanes, Ledger } from '../storage/ledger.ts';
import type { Waiters, Waiting } from '../outbox/waiters.ts';
import { isName, shownChat, unknownChat, withoutMarkNote, type Resolver } from '../peers/resolver.ts';
import type { DialogSync } from '../peers/dialog-sync.ts';
import type { Account } from '../model/account.ts';
import type { TelegramLimits } from '../model/telegram-limits.ts';
import { messageAnswer, problemOf } from './answers.ts';
import { earlyFields, parseFields, sendSchemas, targetFields, targetOf, type Target } from './fields.ts';
import { checkSchedule, optionsOf } from './options.ts';
import { preferences, type Preferences } from './preferences.ts';
import type { PeerTable } from '../storage/tables.ts';

export interface DeliverDeps {
  readonly gateway: GatewayName;
  /** The markup of texts that say nothing of it. */
  readonly defaultMode: ParseMode;
  readonly accountName: string;
  readonly account: Account;
  readonly ledger: Ledger;
  readonly lanes: Lanes;
  readonly room: DiskRoom;
  readonly dispatcher: Dispatcher;
  readonly waiters: Waiters;
  readonly peers: PeerTable;
  readonly resolver: Resolver;
  readonly dialogSync: DialogSync;
  readonly clock: Clock;
  readonly sandbox: boolean;
  readonly log: Logger;
  /** Whether texts may be logged, at debug. */
  readonly logTexts: boolean;
  readonly checkCallbackUrl: CheckCallbackUrl;
  /** Told of every message accepted. */
  readonly onAccepted: (message: StoredMessage) => void;
}

/** Files in the spool, and what was done with them otherwise than asked. */
interface Brought {
  readonly media: readonly StoredMedia[];
  readonly notes: readonly Reason[];
}

/** The files that a request brings. */
export interface BroughtFiles {
  readonly arrived: Arrived;
  /** Brings in what it asks for. @throws Problem naming the field */
  readonly bring: (asked: readonly AskedFile[]) => Promise<Brought>;
}

/** A message that the outbox has, and its caller. */
export interface Accepted extends Kept {
  /** For the message to be settled; undefined where the caller does not wait for that. */
  readonly waiting: Waiting | undefined;
}

/** The two halves of a send, apart so that a caller knows when its files belong to the outbox. */
export interface Delivering {
  /** The fields it takes. */
  readonly schema: z.ZodObject;
  /**
   * Refuses by the fields that came before a file what would be refused when it is there; a repeated request is not
   * known before its end.
   * @throws Problem bad_request, cannot_resolve
   */
  refuseEarly(ctx: Context, fields: Record<string, unknown>): void;
  /**
   * Checks the fields of a request and writes the message to the outbox, or finds the earlier one of the same idempotency
   * key, for which nothing is brought in again.
   * @throws Problem bad_request, cannot_resolve, idempotency_conflict, storage_full; what its kind and its files do
   */
  accept(ctx: Context, body: unknown, files?: BroughtFiles): Promise<Accepted>;
  /**
   * Waits as long as the caller does, then answers: 200 when the message was sent, 202 while it still waits.
   * @throws Problem when it failed
   */
  answer(ctx: Context, accepted: Accepted): Promise<void>;
  /** What the account may send at most. */
  limits(): TelegramLimits;
}

const noFiles: BroughtFiles = {
  arrived: { files: new Map(), decoded: new Map() },
  bring: () => Promise.reject(new Error('this gateway takes no files')),
};

/** Sends over the outbox of one gateway. */
export function createDelivering(deps: DeliverDeps): Delivering {
  const { gateway, account, defaultMode, ledger, clock } = deps;
  const schema = sendSchemas[gateway];
  const limits = () => account.state.limits;
  return {
    schema,
    limits,
    refuseEarly: (ctx, early) => {
      const fields = parseFields(earlyFields, early);
      if (targetFields.every((name) => fields[name] === undefined)) return;
      const { idempotencyKey, requestId } = preferences(ctx, fields);
      if (idempotencyKey !== undefined) return;
      findChat(deps, targetOf(fields), requestId);
      checkOptions(deps, optionsOf(fields), clock.now());
    },
    accept: async (ctx, body, { arrived, bring } = noFiles) => {
      const fields = parseFields(schema, body);
      const target = targetOf(fields);
      const options = optionsOf(fields);
      const mode = fields.parse_mode ?? defaultMode;
      const asked = askedOf(gateway, fields, { mode, limits: limits(), arrived });
      const fingerprint = hash('sha256', JSON.stringify(asked.identity(target, options)));
      const request = { target, fingerprint, ...preferences(ctx, fields) };
      let files: Brought = { media: [], notes: [] };
      if (asked.files.length > 0) {
        const message = await ledger.earlier(request);
        if (message) {
          await ledger.kept();
          return { message, isNew: false, waiting: waitFor(deps, message, request.waitSeconds) };
        }
        findChat(deps, target, request.requestId);
        checkOptions(deps, options, clock.now());
        files = await bring(asked.files);
      }
      const notes = [...files.notes, ...asked.notes];
      const content = { ...asked.keep(files.media), options, ...(notes.length > 0 && { notes }) };
      return add(deps, request, content);
    },
    answer: async (ctx, { message, waiting }) => {
      const settled = waiting && (await unlessGone(ctx, waiting));
      answer(ctx, deps, settled ?? (await ledger.find([message.id]))[0] ?? message);
    },
  };
}

/** A request to send: to whom, and how it is handled. */
interface Request extends Preferences {
  readonly target: Target;
  /** Of everything that makes two requests the same one. */
  readonly fingerprint: string;
}

/** Writes the message to the outbox, or finds the earlier one of the same idempotency key. */
async function add(deps: DeliverDeps, request: Request, content: MessageContent): Promise<Accepted> {
  const { target, caller, idempotencyKey, fingerprint, requestId } = request;
  const acceptedAt = deps.clock.now();
  // A repeated request is answered even when its time has come meanwhile.
  if (!(await deps.ledger.earlier(request))) {
    checkOptions(deps, content.options, acceptedAt);
    if (deps.room.isFull()) throw diskFull();
  }
  const chat = findChat(deps, target, requestId);
  const note = withoutMarkNote(target, chat);
  const message: NewMessage = {
    id: randomUUIDv7(), // In the order of their times, next to one another in the index.
    chat,
    name: isName(target) ? target : undefined,
    content: note === undefined ? content : { ...content, notes: [...(content.notes ?? []), note] },
    randomIds: randomIds(deps, request, countOf(content)),
    acceptedAt,
    expiresAt: acceptedAt + request.expiresInSeconds * 1000,
    caller,
    idempotencyKey,
    fingerprint,
    requestId,
  };
  const { committed, durable } = deps.dispatcher.accept(message);
  const added = await committed;
  if (added.isNew) {
    deps.onAccepted(added.message);
    logAccepted(deps, added.message);
  }
  // It may be in its chat before it is on the disk.
  const waiting = waitFor(deps, added.message, request.waitSeconds);
  await durable.catch((error: unknown) => {
    waiting?.leave();
    throw error;
  });
  return { ...added, waiting };
}

function checkOptions({ checkCallbackUrl }: DeliverDeps, options: SendOptions, now: number): void {
  checkSchedule(options, now);
  if (options.callbackUrl !== undefined) checkCallbackUrl(options.callbackUrl);
}

function logAccepted({ log, logTexts }: DeliverDeps, message: StoredMessage): void {
  const { id, chat, content, requestId } = message;
  log.info({ id, chat: shownChat(chat), requestId }, 'accepted');
  if (!logTexts) return;
  log.debug({ id, texts: textsOf(content).map(({ text }) => text) }, 'texts');
}

/** Answers with the state of a message. @throws Problem when it failed */
function answer(ctx: Context, deps: DeliverDeps, message: StoredMessage): void {
  const problem = problemOf(message);
  if (problem) throw problem;
  ctx.status = message.status === 'sent' ? 200 : 202;
  if (ctx.status === 202) ctx.set('Location', `/messages/${message.id}`);
  // Whoever sends is told that it waits or what became of it; that an attempt is under way is for those who ask later.
  const queued: StoredMessage = message.status === 'sending' ? { ...message, status: 'queued' } : message;
  const shown = deps.dispatcher.withNotBefore(queued);
  const now = deps.clock.now();
  ctx.body = messageAnswer(shown, {
    selfId: deps.peers.self()?.chatId,
    now,
    // A gate that its own attempt has closed by now holds it, too.
    reason: deps.dispatcher.reasonOf(shown.notBefore > now ? shown : message),
    ...(deps.sandbox && { sandbox: true }),
  });
}

/** Undefined for a message that nothing becomes of in time. */
function waitFor(
  { dispatcher, waiters, clock }: DeliverDeps,
  message: StoredMessage,
  waitSeconds: number,
): Waiting | undefined {
  const isOpen = message.status === 'queued' || message.status === 'sending';
  const waitMs = waitSeconds * 1000;
  if (waitMs === 0 || !isOpen || dispatcher.withNotBefore(message).notBefore > clock.now() + waitMs)
    return undefined;
  return waiters.wait(message.id, waitMs);
}

async function unlessGone(ctx: Context, { message, leave }: Waiting): Promise<StoredMessage | undefined> {
  ctx.res.once('close', leave);
  try {
    return await message;
  } finally {
    ctx.res.off('close', leave);
  }
}

/**
 * The chat a message is put in line for. A miss never asks Telegram: while the first walk is unfinished a chat may
 * still turn up, after it an id that is not in the table is not known. A name that was not looked up yet is accepted,
 * and looked up when the message's turn comes. A refusal is no message, so that this line is all there is to find of it.
 */
function findChat({ lanes, resolver, log }: DeliverDeps, target: Target, requestId: string): string {
  const found = resolver.find(target);
  if (found === 'missing' || (!found && !isName(target) && !resolver.mayBecomeKnown())) {
    const refusal = unknownChat(target);
    log.warn({ class: refusal.class, chat: shownChat(target), requestId }, `refused: ${refusal.detail}`);
    throw new Problem(refusal.class, refusal.reason ?? refusal.detail);
  }
  if (!found || found.chatId === target) return target;
  // What waits under the name that the caller uses is moved to the chat, and this one after it.
  return lanes.firstOf(target) === undefined ? found.chatId : target;
}

/**
 * A random_id for each message that Telegram makes of it: it sends nothing new for one it has seen. With an idempotency
 * key they are derived from the request's name, so that even a gateway that lost its disk repeats nothing. Without tokens
 * the caller is no part of that name: so it was before callers were told apart.
 */
function randomIds(
  { accountName, gateway }: DeliverDeps,
  { caller, idempotencyKey }: Request,
  count: number,
): string[] {
  const ofCaller = caller === undefined ? [] : [caller];
  return Array.from({ length: count }, (_, item) => {
    const name = JSON.stringify([accountName, gateway, ...ofCaller, idempotencyKey, item]);
    const id =
      idempotencyKey === undefined ? anyId() : hash('sha256', name, 'buffer').readBigUInt64LE() >> 1n;
    return (id === 0n ? 1n : id).toString();
  });
}

/** 63 random bits of a UUID, for which Node asks the system once for many. */
function anyId(): bigint {
  const uuid = randomUUID();
  return BigInt(`0x${uuid.slice(0, 4)}${uuid.slice(24)}`) >> 1n;
}
