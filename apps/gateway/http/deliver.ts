/** From a checked request to the answer: find the chat, accept the message, wait as long as the caller does. */
import { hash, randomUUID, randomUUIDv7 } from 'node:crypto';
import type { Context } from 'koa';
import type { Clock } from '../../kit/clock.ts';
import { Problem } from '../../kit/errors.ts';
import type { Logger } from '../../kit/log.ts';
import type { CheckCallbackUrl } from '../callbacks/check-url.ts';
import { diskFull, type DiskRoom } from '../storage/disk-room.ts';
import type { Dispatcher } from '../outbox/dispatcher.ts';
import {
  textsOf,
  type MessageContent,
  type NewMessage,
  type SendOptions,
  type StoredMessage,
} from '../model/message.ts';
import type { Added, RequestKey, Store } from '../storage/store.ts';
import type { Waiters, Waiting } from '../outbox/waiters.ts';
import type { PeerTable } from '../storage/sqlite/peer-table.ts';
import { isName, shownChat, unknownChat, withoutMarkNote, type Resolver } from '../peers/resolver.ts';
import type { DialogSync } from '../peers/dialog-sync.ts';
import type { Account } from '../model/account.ts';
import type { TelegramLimits } from '../model/telegram-limits.ts';
import { messageAnswer, problemOf } from './answers.ts';
import type { Target } from './fields.ts';
import { checkSchedule } from './options.ts';

/** A request to send, checked. */
export interface Delivery {
  readonly target: Target;
  readonly content: MessageContent;
  /** Name of the token it came with; undefined without tokens. */
  readonly caller: string | undefined;
  readonly idempotencyKey: string | undefined;
  readonly expiresInSeconds: number;
  /** How long the caller waits for what becomes of it. */
  readonly waitSeconds: number;
  /** Of everything that makes two requests the same one. */
  readonly fingerprint: string;
  /** Of the request: it stays with the message. */
  readonly requestId: string;
}

export interface DeliverDeps {
  /** `text` or `media`. */
  readonly gateway: string;
  readonly accountName: string;
  readonly account: Account;
  readonly store: Store;
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

/** A message that the outbox has, and its caller. */
export interface Accepted extends Added {
  /** For the message to be settled; undefined where the caller does not wait for that. */
  readonly waiting: Waiting | undefined;
}

/** The two halves of a send, apart so that a caller knows when its files belong to the outbox. */
export interface Delivering {
  /**
   * The message that an earlier request of the caller with the same idempotency key became, so that nothing is fetched again for it.
   * @throws Problem idempotency_conflict
   */
  earlier(delivery: RequestKey & Pick<Delivery, 'waitSeconds'>): Promise<Accepted | undefined>;
  /**
   * For before a file is fetched for it.
   * @throws Problem cannot_resolve for a chat that is known not to be there; bad_request as `accept`
   */
  check(target: Target, options: SendOptions, requestId: string): void;
  /**
   * Writes the message to the outbox, or finds the earlier one of the same idempotency key.
   * @throws Problem bad_request for a schedule too soon or too late or a callback that is not possible,
   *   cannot_resolve, idempotency_conflict, storage_full
   */
  accept(delivery: Delivery): Promise<Accepted>;
  /**
   * Waits as long as the caller does, then answers: 200 when the message was sent, 202 while it still waits.
   * @throws Problem when it failed
   */
  answer(ctx: Context, accepted: Accepted): Promise<void>;
  /** What the account may send at most. */
  limits(): TelegramLimits;
}

/** Sends over the outbox of one gateway. */
export function createDelivering(deps: DeliverDeps): Delivering {
  const { store, dispatcher, clock } = deps;
  return {
    earlier: async (delivery) => {
      const message = store.earlier(delivery);
      if (!message) return undefined;
      await store.kept();
      return { message, isNew: false, waiting: waitFor(deps, message, delivery.waitSeconds) };
    },
    check: (target, options, requestId) => {
      findChat(deps, target, requestId);
      checkOptions(deps, options, clock.now());
    },
    accept: async (delivery) => {
      const acceptedAt = clock.now();
      // A repeated request is answered even when its time has come meanwhile.
      if (!store.earlier(delivery)) {
        checkOptions(deps, delivery.content.options, acceptedAt);
        if (deps.room.isFull()) throw diskFull();
      }
      const chat = findChat(deps, delivery.target, delivery.requestId);
      const note = withoutMarkNote(delivery.target, chat);
      const { content } = delivery;
      const message: NewMessage = {
        id: randomUUIDv7(), // In the order of their times, next to one another in the index.
        chat,
        name: isName(delivery.target) ? delivery.target : undefined,
        content: note === undefined ? content : { ...content, notes: [...(content.notes ?? []), note] },
        randomIds: randomIds(deps, delivery),
        caller: delivery.caller,
        idempotencyKey: delivery.idempotencyKey,
        fingerprint: delivery.fingerprint,
        acceptedAt,
        expiresAt: acceptedAt + delivery.expiresInSeconds * 1000,
        requestId: delivery.requestId,
      };
      const { committed, durable } = dispatcher.accept(message);
      const added = await committed;
      if (added.isNew) {
        deps.onAccepted(added.message);
        logAccepted(deps, added.message);
      }
      // It may be in its chat before it is on the disk.
      const waiting = waitFor(deps, added.message, delivery.waitSeconds);
      await durable.catch((error: unknown) => {
        waiting?.leave();
        throw error;
      });
      return { ...added, waiting };
    },
    limits: () => deps.account.state.limits,
    answer: async (ctx, { message, waiting }) => {
      const settled = waiting && (await unlessGone(ctx, waiting));
      answer(ctx, deps, settled ?? store.find(message.id) ?? message);
    },
  };
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
  const shown: StoredMessage = message.status === 'sending' ? { ...message, status: 'queued' } : message;
  ctx.body = messageAnswer(deps.dispatcher.withNotBefore(shown), {
    selfId: deps.peers.self()?.chatId,
    now: deps.clock.now(),
    reason: deps.dispatcher.reasonOf(message),
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
function findChat({ store, resolver, log }: DeliverDeps, target: Target, requestId: string): string {
  const found = resolver.find(target);
  if (found === 'missing' || (!found && !isName(target) && !resolver.mayBecomeKnown())) {
    const refusal = unknownChat(target);
    log.warn({ class: refusal.class, chat: shownChat(target), requestId }, `refused: ${refusal.detail}`);
    throw new Problem(refusal.class, refusal.detail);
  }
  if (!found || found.chatId === target) return target;
  // What waits under the name that the caller uses is moved to the chat, and this one after it.
  return store.head(target) ? target : found.chatId;
}

/**
 * A random_id for each text or file: Telegram sends nothing new for one it has seen. With an idempotency key they are
 * derived from the request's name, so that even a gateway that lost its disk repeats nothing. Without tokens the caller is
 * no part of that name: so it was before callers were told apart.
 */
function randomIds({ accountName, gateway }: DeliverDeps, delivery: Delivery): string[] {
  const { content, caller, idempotencyKey } = delivery;
  const ofCaller = caller === undefined ? [] : [caller];
  const items = 'texts' in content ? content.texts : content.media;
  return items.map((_, item) => {
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
