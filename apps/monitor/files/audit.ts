/**
 * Who did what, when, and what came of it: a file of JSON lines, the last of them in memory. A file that has grown is
 * renamed in place of the one before it: both together are bounded, and there is no moment at which a crash loses one.
 */
import { appendFile, mkdir, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { Logger } from '../../kit/log.ts';
import { orNull, readJsonLines, sentReason, someReasons } from '../model/answers.ts';
import { readIfThere } from './state-file.ts';

const entry = z.object({
  at: z.string(),
  user: z.string(),
  address: z.string(),
  service: z.string(),
  action: z.string(),
  /** The action by its code, where that is more than a word. */
  deed: sentReason.optional().catch(undefined),
  ok: z.boolean(),
  /** What came of it, where that is not plain. */
  detail: orNull(z.string()),
  causes: someReasons,
});
export type AuditEntry = Readonly<z.infer<typeof entry>>;

const kept = 500;
/** Some thousands of entries, and as many in the file before. */
const defaultBytes = 1_000_000;
const longestDetail = 1_000;

export class Audit {
  readonly #file: string;
  readonly #log: Pick<Logger, 'error'>;
  readonly #bytes: number;
  readonly #entries: AuditEntry[];
  /** Whether the file ends in the middle of a line, to which the next would be glued. */
  #isCut: boolean;
  #writing: Promise<unknown> = Promise.resolve();

  private constructor(file: string, log: Pick<Logger, 'error'>, bytes: number, before: string, text: string) {
    this.#file = file;
    this.#log = log;
    this.#bytes = bytes;
    this.#entries = readJsonLines(entry, `${before}\n${text}`).slice(-kept);
    this.#isCut = text !== '' && !text.endsWith('\n');
  }

  /** Opens the list kept in `file`, which is put aside when it is larger than `bytes`. */
  static async open(file: string, log: Pick<Logger, 'error'>, bytes = defaultBytes): Promise<Audit> {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const [before, text] = await Promise.all([readIfThere(asideOf(file)), readIfThere(file)]);
    return new Audit(file, log, bytes, before ?? '', text ?? '');
  }

  /** Whether it was written down. Where it was not, the log says so, and it is shown all the same. */
  add(entry: AuditEntry): Promise<boolean> {
    const added = { ...entry, detail: entry.detail?.slice(0, longestDetail) ?? null };
    this.#entries.push(added);
    if (this.#entries.length > kept) this.#entries.shift();
    const written = this.#writing.then(() => this.#append(added));
    this.#writing = written;
    return written;
  }

  /** The last `limit` entries, newest first. */
  latest(limit: number): AuditEntry[] {
    return this.#entries.slice(-limit).reverse();
  }

  async #append(entry: AuditEntry): Promise<boolean> {
    try {
      if ((await sizeOf(this.#file)) >= this.#bytes) await this.#putAside();
      await appendFile(this.#file, `${this.#isCut ? '\n' : ''}${JSON.stringify(entry)}\n`, { mode: 0o600 });
      this.#isCut = false;
      return true;
    } catch (error) {
      this.#isCut = true; // A disk that runs full may take a part of the line.
      this.#log.error({ err: error, action: entry.action }, 'the audit could not be written');
      return false;
    }
  }

  async #putAside(): Promise<void> {
    await rename(this.#file, asideOf(this.#file));
    this.#isCut = false;
  }
}

/** Where the entries before those in `file` are. */
function asideOf(file: string): string {
  return `${file}.1`;
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
}
