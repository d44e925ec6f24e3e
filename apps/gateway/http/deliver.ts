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
import type { Waiters } from '../outbox/waiters.ts';
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

/** The two halves of a send, apart so that a caller knows when its files belong to the outbox. */
export interface Delivering {
  /**
   * The message that an earlier request of the caller with the same idempotency key became, so that nothing is fetched again for it.
   * @throws Problem idempotency_conflict
   */
  earlier(delivery: RequestKey): Promise<StoredMessage | undefined>;
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
  accept(delivery: Delivery): Promise<Added>;
  /**
   * Waits up to `waitSeconds`, then answers: 200 when the message was sent, 202 while it still waits.
   * @throws Problem when it failed
   */
  answer(ctx: Context, accepted: Omit<Added, 'isNew'>, waitSeconds: number): Promise<void>;
  /** What the account may send at most. */
  limits(): TelegramLimits;
}

/** Sends over the outbox of one gateway. */
export function createDelivering(deps: DeliverDeps): Delivering {
  const { store, dispatcher, clock } = deps;
  return {
    earlier: async (delivery) => {
      const earlier = store.earlier(delivery);
      if (earlier) await store.kept();
      return earlier;
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
      return dispatcher.accept(message, (added) => {
        if (!added.isNew) return;
        deps.onAccepted(added.message);
        logAccepted(deps, added.message);
      });
    },
    limits: () => deps.account.state.limits,
    answer: async (ctx, { message, sent }, waitSeconds) => {
      const told =
        waitSeconds === 0
          ? undefined
          : (sent ?? (await waitUntilSettled(ctx, deps, message, waitSeconds * 1000)));
      const state = told ?? store.find(message.id) ?? message;
      answer(ctx, deps, state);
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

async function waitUntilSettled(
  ctx: Context,
  deps: DeliverDeps,
  message: StoredMessage,
  waitMs: number,
): Promise<StoredMessage | undefined> {
  const isOpen = message.status === 'queued' || message.status === 'sending';
  if (!isOpen || deps.dispatcher.withNotBefore(message).notBefore > deps.clock.now() + waitMs)
    return undefined;
  const { message: told, leave } = deps.waiters.wait(message.id, waitMs);
  ctx.res.once('close', leave);
  try {
    return await told;
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
