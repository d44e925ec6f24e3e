/**
 * The lines that matter, in a file of SQLite: the last of them, up to a number and a size. Stored with them is how far
 * each source was read, so that after a restart nothing is missing; a line that comes again is known by its cursor.
 */
import { hash } from 'node:crypto';
import { closeSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Entry } from './assembler.ts';
import { groupOf, type LineFacts, type LogClass, type LogLine } from './log-line.ts';
import { ClassCounts } from './class-counts.ts';
import { columns, filterParameters, matches, toLine, type LogFilter, type Row } from './log-rows.ts';

export interface NewLine {
  readonly entry: Entry;
  readonly facts: LineFacts;
}

export interface LogStoreLimits {
  readonly lines: number;
  readonly bytes: number;
}

const defaultLimits: LogStoreLimits = { lines: 100_000, bytes: 200_000_000 };
/** Checked every 500 inserts; then drops 5 %. */
const checkedEvery = 500;
const droppedShare = 0.05;
const longestRaw = 16_384;

const schema = `
  CREATE TABLE IF NOT EXISTS lines (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, service TEXT NOT NULL, level TEXT NOT NULL,
    class TEXT NOT NULL, grp TEXT NOT NULL, message TEXT NOT NULL, id TEXT, chat TEXT, request_id TEXT,
    raw TEXT, origin BLOB NOT NULL UNIQUE
  ) STRICT;
  CREATE INDEX IF NOT EXISTS lines_at ON lines (at, seq);
  CREATE TABLE IF NOT EXISTS cursors (source TEXT PRIMARY KEY, cursor TEXT NOT NULL) STRICT;
`;

export class LogStore {
  readonly #db: DatabaseSync;
  readonly #limits: LogStoreLimits;
  readonly #statements: ReturnType<typeof prepare>;
  readonly #listeners = new Set<() => void>();
  readonly #counts: ClassCounts;
  #unchecked = 0;
  #goneThrough: number;

  private constructor(db: DatabaseSync, limits: LogStoreLimits) {
    this.#db = db;
    this.#limits = limits;
    this.#statements = prepare(db);
    this.#goneThrough = (this.#statements.oldest.get() as { seq: number }).seq - 1;
    this.#counts = new ClassCounts(db);
  }

  /** Opens `file`, or begins anew where it is damaged: the lines are still where they came from. */
  static open(file: string, limits = defaultLimits): LogStore {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    try {
      return new LogStore(openDatabase(file), limits);
    } catch {
      for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
      return new LogStore(openDatabase(file), limits);
    }
  }

  /** The number of the last line there ever was. */
  get lastSeq(): number {
    return (this.#statements.last.get() as { seq: number }).seq;
  }

  /** Lines up to this number may have been dropped. */
  get goneThrough(): number {
    return this.#goneThrough;
  }

  /** How far a source was read. */
  cursorOf(source: string): string | undefined {
    return (this.#statements.cursor.get(source) as { cursor: string } | undefined)?.cursor;
  }

  /** Stores lines, and with them how far their source was read: both or neither. */
  append(source: string, cursor: string | undefined, lines: readonly NewLine[]): void {
    let added = 0;
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      for (const { entry, facts } of lines) {
        const { changes } = this.#statements.insert.run(...toValues(source, entry, facts));
        if (changes === 0) continue;
        added += 1;
        this.#counts.add(entry.service, facts.class);
      }
      if (cursor !== undefined) this.#statements.save.run(source, cursor);
      this.#db.exec('COMMIT');
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      this.#counts.recount();
      throw error;
    }
    if (added === 0) return;
    this.#dropOldest(added);
    for (const listener of this.#listeners) listener();
  }

  /** Calls `listener` whenever lines came in, until the returned function is called. */
  onAppend(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The newest lines that match, oldest first by their time; with `before`, those before the line of that number. */
  newest(filter: LogFilter, limit: number, before: number | null): LogLine[] {
    const rows = this.#statements.newest.all({ ...filterParameters(filter), before, limit });
    return (rows as unknown as Row[]).map(toLine).reverse();
  }

  /** The first lines that match of those that came in after the line of that number, in the order they came in. */
  after(seq: number, filter: LogFilter, limit: number): LogLine[] {
    const rows = this.#statements.after.all({ ...filterParameters(filter), after: seq, limit });
    return (rows as unknown as Row[]).map(toLine);
  }

  /** One line with the text it was read from. */
  get(seq: number): (LogLine & { raw: string }) | undefined {
    const row = this.#statements.one.get(seq) as unknown as (Row & { raw: string }) | undefined;
    return row && { ...toLine(row), raw: row.raw ?? row.message };
  }

  /** How many lines of a service there are of each class. */
  countsOf(service: string): Readonly<Partial<Record<LogClass, number>>> {
    return this.#counts.of(service);
  }

  close(): void {
    this.#db.close();
  }

  #dropOldest(added: number): void {
    this.#unchecked += added;
    if (this.#unchecked < Math.min(checkedEvery, this.#limits.lines * droppedShare)) return;
    this.#unchecked = 0;
    const { total, bytes } = this.#statements.size.get() as { total: number; bytes: number };
    const tooMany = total - this.#limits.lines;
    const room = (1 - droppedShare) * this.#limits.bytes;
    const tooLarge = bytes > this.#limits.bytes ? Math.ceil(total * (1 - room / bytes)) : 0;
    const drop = Math.max(tooMany, tooLarge);
    if (drop <= 0) return;
    const gone = this.#statements.drop.all(drop) as { seq: number }[];
    this.#goneThrough = gone.reduce((last, { seq }) => Math.max(last, seq), this.#goneThrough);
    this.#counts.recount();
  }
}

function openDatabase(file: string): DatabaseSync {
  closeSync(openSync(file, 'a', 0o600)); // SQLite would make it readable for all.
  const db = new DatabaseSync(file, { timeout: 2_000 });
  // A power failure may take the last lines, but they are read again from where they came.
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -2000');
  db.exec(schema);
  return db;
}

function prepare(
  db: DatabaseSync,
): Record<
  'insert' | 'save' | 'cursor' | 'last' | 'oldest' | 'newest' | 'after' | 'one' | 'size' | 'drop',
  StatementSync
> {
  return {
    insert: db.prepare(
      `INSERT OR IGNORE INTO lines (at, service, level, class, grp, message, id, chat, request_id, raw, origin)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    save: db.prepare('INSERT OR REPLACE INTO cursors (source, cursor) VALUES (?, ?)'),
    cursor: db.prepare('SELECT cursor FROM cursors WHERE source = ?'),
    last: db.prepare("SELECT coalesce(max(seq), 0) AS seq FROM sqlite_sequence WHERE name = 'lines'"),
    oldest: db.prepare('SELECT coalesce(min(seq), 1) AS seq FROM lines'),
    newest: db.prepare(
      `SELECT ${columns} FROM lines WHERE ${matches}
         AND (:before IS NULL OR (at, seq) < (SELECT at, seq FROM lines WHERE seq = :before))
       ORDER BY at DESC, seq DESC LIMIT :limit`,
    ),
    after: db.prepare(
      `SELECT ${columns} FROM lines WHERE seq > :after AND ${matches} ORDER BY seq LIMIT :limit`,
    ),
    one: db.prepare(`SELECT ${columns}, raw FROM lines WHERE seq = ?`),
    size: db.prepare(
      `SELECT (SELECT count(*) FROM lines) AS total,
         (SELECT page_count FROM pragma_page_count) * (SELECT page_size FROM pragma_page_size)
           - (SELECT freelist_count FROM pragma_freelist_count) * (SELECT page_size FROM pragma_page_size) AS bytes`,
    ),
    drop: db.prepare(
      'DELETE FROM lines WHERE seq IN (SELECT seq FROM lines ORDER BY at, seq LIMIT ?) RETURNING seq',
    ),
  };
}

function toValues(source: string, entry: Entry, facts: LineFacts) {
  const { level, class: name, message, id, chat, request_id } = facts;
  const raw = entry.text === message ? null : entry.text.slice(0, longestRaw);
  const origin = hash('sha256', `${source}\0${entry.cursor}\0${entry.text}`, 'buffer').subarray(0, 12);
  const said = [level, name, groupOf(name), message, id, chat, request_id] as const;
  return [entry.at, entry.service, ...said, raw, origin] as const;
}
