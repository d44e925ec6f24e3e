/** The messages of one gateway as rows, with what every write must keep true: the lanes, and the count of the queue. */
import type { Reason } from '../../../kit/reason.ts';
import { randomUUID } from 'node:crypto';
import { anyStrangers, type Strangers } from '../../pacing/strangers.ts';
import { unpaced, type Pacer } from '../../pacing/pacer.ts';
import type { Database } from './database.ts';
import type { GroupCommit, WriteOptions } from './group-commit.ts';
import { readRow, type MessageRow } from './row.ts';
import { prepareStatements, type Statements } from './statements.ts';
import { untilKnown, type StoredMessage } from '../../model/message.ts';
import type { Written } from '../ledger.ts';

/** Told by a write how many messages it added to the queue; fewer than 0 for what left it. */
export type Count = (added: number) => void;

export interface TableOptions {
  readonly account: string;
  /** `text` or `media`. */
  readonly gateway: string;
  /** When a chat may be sent to; without them always. */
  readonly turns?: Pacer;
  /** The budget of first messages to strangers; without it any number. */
  readonly strangers?: Strangers;
}

export class MessageTable {
  readonly sql: Statements;
  /** Whose rows these are: parameters of every statement. */
  readonly of: { readonly account: string; readonly gateway: string };
  readonly turns: Pacer;
  readonly strangers: Strangers;
  readonly #commits: GroupCommit;
  #depth: number;

  constructor(db: Database, options: TableOptions) {
    const { account, gateway, turns = unpaced, strangers = anyStrangers } = options;
    this.#commits = db.commits;
    this.sql = prepareStatements(db);
    this.of = { account, gateway };
    this.turns = turns;
    this.strangers = strangers;
    this.#depth = (this.sql.depth.get(this.of) as { depth: number }).depth;
  }

  /** How many messages are queued or being sent. Counted once at start: only this process writes these rows. */
  get depth(): number {
    return this.#depth;
  }

  /** Since when writes have waited for another process that holds the database. */
  get lockedSince(): number | undefined {
    return this.#commits.lockedSince;
  }

  /** Why nothing is written any more. */
  get failure(): Reason | undefined {
    return this.#commits.failure;
  }

  /** Runs `work` in the next group commit, as GroupCommit.write. @throws Problem storage_full; what `work` throws */
  write<T>(work: (count: Count) => T, options?: WriteOptions): Promise<T> {
    const { counting, undone } = this.#counting(work);
    return this.#commits.write(counting, options).catch(undone);
  }

  /** As `write`, for whoever goes on while the disk syncs. */
  writeAhead<T>(work: (count: Count) => T): Written<T> {
    const { counting, undone } = this.#counting(work);
    const { committed, durable } = this.#commits.writeAhead(counting);
    return { committed, durable: durable.catch(undone) };
  }

  /** What a write that failed has counted is counted no more. */
  #counting<T>(work: (count: Count) => T) {
    let counted = 0;
    const counting = () =>
      work((added) => {
        counted += added;
        this.#depth += added;
      });
    const undone = (error: unknown): never => {
      this.#depth -= counted;
      throw error;
    };
    return { counting, undone };
  }

  find(id: string): StoredMessage | undefined {
    return this.read(this.sql.find.get({ ...this.of, id }));
  }

  /** The first unsettled message of a chat. */
  head(chat: string): StoredMessage | undefined {
    return this.read(this.sql.head.get({ ...this.of, chat }));
  }

  read(row: unknown): StoredMessage | undefined {
    return row === undefined ? undefined : readRow(row as MessageRow);
  }

  readAll(rows: unknown[]): StoredMessage[] {
    return rows.map((row) => readRow(row as MessageRow));
  }

  /** Within the write that settles a message: puts its callback in line, with an id of this final state. */
  callBack({ seq, content }: StoredMessage, now: number): void {
    const { callbackUrl } = content.options;
    if (callbackUrl === undefined) return;
    const { host } = new URL(callbackUrl);
    this.sql.callBack.run({ ...this.of, seq, callbackId: `msg_${randomUUID()}`, host, now });
  }

  /** Gives a chat without one a lane that stands at the message numbered `head`. */
  openLane(chat: string, head: number): void {
    this.sql.openLane.run({ ...this.of, chat, head, dueAt: this.turns.nextOf(chat) });
  }

  /**
   * Makes the chat's lane stand at its first open message, or go when there is none. Whether one that waits for its chat
   * to become known still has to is asked again: it may have stood behind another one when that became known.
   */
  updateLane(chat: string): void {
    const head = this.sql.headOf.get({ ...this.of, chat }) as { seq: number; not_before: number } | undefined;
    if (!head) this.sql.closeLane.run({ ...this.of, chat });
    else {
      const notBefore = head.not_before === untilKnown ? 0 : head.not_before;
      this.dueAt(chat, head.seq, Math.max(notBefore, this.turns.nextOf(chat)));
    }
  }

  /** Makes the chat's lane, which stands at the message numbered `head`, due at a time. */
  dueAt(chat: string, head: number, dueAt: number): void {
    this.sql.moveLane.run({ ...this.of, chat, head, dueAt });
  }
}
