/** The ledger in SQLite. One process writes for one gateway of an account; the other gateway has rows of its own. */
import { Problem } from '../../../kit/errors.ts';
import { shortened } from '../../../kit/shorten.ts';
import type { Turn } from '../../pacing/pacer.ts';
import type { Database } from './database.ts';
import { MessageTable, type Count, type TableOptions } from './message-table.ts';
import { createJudgeTimes } from './open-times.ts';
import { SqliteLanes } from './lanes.ts';
import { readRow, type MessageRow } from './row.ts';
import { createMessageAdmin } from './message-admin.ts';
import type { Statements } from './statements.ts';
import {
  isSentAtOnce,
  settledBy,
  spooledFilesOf,
  untilKnown,
  type Failure,
  type MessageContent,
  type NewMessage,
  type Outcome,
  type StoredMessage,
} from '../../model/message.ts';
import type {
  Accepted,
  Claims,
  Expiring,
  Lanes,
  Ledger,
  MessageAdmin,
  RequestKey,
  Written,
} from '../ledger.ts';

const queueFullRetrySeconds = 10;
const taken: Turn = { isTaken: true };

export interface Storage {
  readonly ledger: Ledger;
  readonly messageAdmin: MessageAdmin;
  readonly lanes: Lanes;
  /** Judges the times on disk, and those of others by `more`, in one write. @throws Problem storage_full */
  readonly judgeTimes: (now: number, byMs: number, more: () => void) => Promise<void>;
}

export interface LedgerOptions extends TableOptions {
  /** How many messages may wait; without it any number. */
  readonly queueLimit?: number;
}

/** The messages of one gateway of one account. */
export function openLedger(db: Database, { queueLimit = Infinity, ...options }: LedgerOptions): Storage {
  const table = new MessageTable(db, options);
  const judgeTimes = createJudgeTimes(db, table);
  const lanes = new SqliteLanes(table, queueLimit);
  return {
    ledger: new SqliteLedger(table, lanes, queueLimit),
    messageAdmin: createMessageAdmin(table),
    lanes,
    judgeTimes: (now, byMs, more) =>
      table.write(() => {
        more();
        judgeTimes(now, byMs);
      }),
  };
}

class SqliteLedger implements Ledger {
  readonly #table: MessageTable;
  readonly #sql: Statements;
  readonly #of: { account: string; gateway: string };
  readonly #lanes: Lanes;
  readonly #queueLimit: number;
  #lastSeq: number;

  constructor(table: MessageTable, lanes: Lanes, queueLimit: number) {
    this.#table = table;
    this.#sql = table.sql;
    this.#of = table.of;
    this.#lanes = lanes;
    this.#queueLimit = queueLimit;
    this.#lastSeq = (this.#sql.lastSeq.get(this.#of) as { seq: number }).seq;
  }

  accept(message: NewMessage, isReady = false): Written<Accepted> {
    const accepting = (count: Count): Accepted => {
      const earlier = this.#earlier(message);
      if (earlier) return { message: earlier, isNew: false };
      if (this.#lanes.room === 0) throw queueFull(this.#queueLimit);
      const { chat, acceptedAt } = message;
      const isFree = isReady && !this.#hasEarlier(chat) && this.#table.strangers.take(chat, acceptedAt);
      const isClaimed = isFree && this.#takesTurn(message, acceptedAt).isTaken;
      const status = isClaimed ? 'sending' : 'queued';
      const attempts = isClaimed ? 1 : 0;
      const seq = ++this.#lastSeq;
      this.#sql.add.run({
        ...this.#of,
        seq,
        id: message.id,
        chat: message.chat,
        status,
        attempts,
        content: JSON.stringify(message.content),
        randomIds: JSON.stringify(message.randomIds),
        idempotencyKey: message.idempotencyKey ?? null,
        fingerprint: message.fingerprint,
        acceptedAt: message.acceptedAt,
        expiresAt: message.expiresAt,
        requestId: message.requestId ?? null,
        caller: message.caller ?? null,
        name: message.name ?? null,
        ownerAgeMs: isClaimed ? (message.ownerAgeMs ?? null) : null,
      });
      if (!isClaimed) this.#table.openLane(message.chat, seq);
      count(1);
      const fresh = { status, attempts, notBefore: 0, maybeSent: false, messageIds: [] } as const;
      return { message: { ...message, ...fresh, seq, sentAt: undefined, failure: undefined }, isNew: true };
    };
    return this.#table.writeAhead(accepting);
  }

  kept(): Promise<void> {
    return this.#table.write(() => {});
  }

  find(ids: readonly string[]): Promise<StoredMessage[]> {
    return Promise.try(() => ids.map((id) => this.#table.find(id)).filter((found) => found !== undefined));
  }

  claim(messages: readonly StoredMessage[], now: number): Promise<Claims> {
    return this.#table.write(() => {
      const claimed: StoredMessage[] = [];
      for (const message of messages) {
        const maybeSent = message.maybeSent || message.status === 'sending';
        if (!this.#isFirst(message)) continue;
        if (!maybeSent && !this.#table.strangers.take(message.chat, now)) continue;
        const turn = this.#takesTurn(message, now);
        if (!turn.isTaken && turn.of === 'account') return { claimed, nextTurnAt: turn.at };
        if (!turn.isTaken) this.#table.dueAt(message.chat, message.seq, turn.at);
        else {
          this.#sql.claim.run({ ...this.#of, seq: message.seq, ownerAgeMs: message.ownerAgeMs ?? null });
          claimed.push({ ...message, status: 'sending', attempts: message.attempts + 1, maybeSent });
        }
      }
      return { claimed, nextTurnAt: undefined };
    });
  }

  /** A text takes its turn when it is claimed; media once they are uploaded. */
  #takesTurn({ chat, content }: NewMessage, now: number): Turn {
    return isSentAtOnce(content) ? this.#table.turns.take(chat, now) : taken;
  }

  takeTurn(chat: string, now: number): Promise<Turn> {
    return this.#table.write(() => this.#table.turns.take(chat, now));
  }

  hold(
    message: StoredMessage,
    notBefore: number,
    failure: Failure,
    troubles = message.troubles,
  ): Promise<StoredMessage> {
    return this.#table.write(() => {
      const why = { ...columnsOf(failure), troubles: jsonOrNull(troubles) };
      this.#sql.hold.run({ ...this.#of, seq: message.seq, notBefore, ...why });
      if (notBefore === untilKnown && this.#isFirst(message)) {
        this.#table.dueAt(message.chat, message.seq, untilKnown);
      } else this.#table.updateLane(message.chat);
      return { ...message, notBefore, failure, troubles };
    });
  }

  #isFirst({ chat, seq }: StoredMessage): boolean {
    return this.#table.head(chat)?.seq === seq;
  }

  /** Whether a message stands before one that comes now, in its chat or under another name that may be the chat's. */
  #hasEarlier(chat: string): boolean {
    return this.#sql.hasEarlier.get({ ...this.#of, chat }) !== undefined;
  }

  move(chat: string, to: string, name?: string): Promise<void> {
    return this.#table.write(() => {
      const head = this.#table.head(chat);
      if (!head) return;
      if (name === undefined) this.#sql.moveMessages.run({ ...this.#of, chat, to });
      else this.#sql.moveNamed.run({ ...this.#of, chat, to, name });
      this.#table.openLane(to, head.seq);
      this.#table.updateLane(chat);
      this.#table.updateLane(to);
    });
  }

  release(chats: readonly string[]): Promise<void> {
    return this.#table.write(() => {
      for (const chat of chats) this.#table.updateLane(chat);
    });
  }

  settle(message: StoredMessage, outcome: Outcome, now: number): Promise<StoredMessage> {
    const settling = (count: Count) => {
      const seq = message.seq;
      const left = (changes: number | bigint) => {
        if (Number(changes) === 0) return;
        count(-1);
        this.#table.callBack(message, now);
      };
      if (outcome.status === 'sent') {
        const messageIds = JSON.stringify(outcome.messageIds);
        const sent = { ...this.#of, seq, messageIds, sentAt: outcome.sentAt, now };
        left(this.#sql.sent.run(sent).changes);
      } else {
        const maybeSent = outcome.maybeSent ? 1 : 0;
        const { troubles } = settledBy(message, outcome);
        const error = {
          ...this.#of,
          seq,
          ...columnsOf(outcome.failure),
          maybeSent,
          troubles: jsonOrNull(troubles),
        };
        if (outcome.status === 'failed') left(this.#sql.failed.run({ ...error, now }).changes);
        else this.#sql.again.run({ ...error, notBefore: outcome.notBefore });
      }
      this.#table.updateLane(message.chat);
      return settledBy(message, outcome);
    };
    return this.#table.write(settling, { canBeLate: canSyncLater(message, outcome) });
  }

  async expire({
    now,
    limit,
    reason,
    passedMs = Number.MAX_SAFE_INTEGER,
  }: Expiring): Promise<StoredMessage[]> {
    if (this.#sql.expiring.get({ ...this.#of, now, passedMs }) === undefined) return [];
    return this.#table.write((count) => {
      const rows = this.#sql.expire.all({
        ...this.#of,
        ...columnsOf(reason),
        now,
        passedMs,
        limit,
      }) as unknown as MessageRow[];
      count(-rows.length);
      for (const chat of new Set(rows.map((row) => row.chat))) this.#table.updateLane(chat);
      const expired = rows.map(readRow);
      for (const message of expired) this.#table.callBack(message, now);
      return expired;
    });
  }

  recover(): Promise<number> {
    return this.#table.write(() => {
      const rows = this.#sql.recover.all(this.#of) as { chat: string }[];
      // What was claimed as it was accepted has no lane of its own.
      for (const chat of new Set(rows.map((row) => row.chat))) this.#table.updateLane(chat);
      return rows.length;
    });
  }

  latest() {
    return Promise.try(
      () => this.#sql.latest.get(this.#of) as { acceptedAt: number | null; sentAt: number | null },
    );
  }

  spooledFiles(): Promise<Set<string>> {
    return Promise.try(() => this.#spooledFiles());
  }

  #spooledFiles(): Set<string> {
    const files = new Set<string>();
    for (const { content } of this.#sql.spooled.iterate(this.#of) as Iterable<{ content: string }>) {
      for (const file of spooledFilesOf(JSON.parse(content) as MessageContent)) files.add(file);
    }
    return files;
  }

  earlier(asked: RequestKey): Promise<StoredMessage | undefined> {
    return Promise.try(() => this.#earlier(asked));
  }

  #earlier({ caller, idempotencyKey, fingerprint }: RequestKey): StoredMessage | undefined {
    if (idempotencyKey === undefined) return undefined;
    const rows = this.#sql.byKey.all({ ...this.#of, idempotencyKey, caller: caller ?? '' });
    const kept = this.#table.readAll(rows);
    const earlier =
      kept.find((message) => message.caller === caller) ??
      kept.find((message) => message.fingerprint === fingerprint);
    if (earlier && earlier.fingerprint !== fingerprint) {
      throw new Problem(
        'idempotency_conflict',
        `the idempotency key ${JSON.stringify(shortened(idempotencyKey))} was used for another request: use a new key`,
        { id: earlier.id },
      );
    }
    return earlier;
  }
}

/**
 * Whether nothing follows from its being settled: where the power fails before that is on the disk, it is asked again
 * with its random id, and Telegram sends nothing new. Files are removed and callbacks made because of it.
 */
function canSyncLater({ content }: StoredMessage, { status }: Outcome): boolean {
  return status === 'sent' && isSentAtOnce(content) && content.options.callbackUrl === undefined;
}

function jsonOrNull(value: object | undefined): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

function columnsOf(failure: Failure | undefined) {
  return {
    errorClass: failure?.class ?? null,
    errorDetail: failure?.detail ?? null,
    errorReason: jsonOrNull(failure?.reason),
  };
}

function queueFull(limit: number): Problem {
  const detail = `${limit} messages wait already (QUEUE_LIMIT): nothing was accepted, ask again later`;
  return new Problem('queue_full', detail, { retryAfter: queueFullRetrySeconds });
}
