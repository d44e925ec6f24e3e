/** Who did what, when, and what came of it: a file of JSON lines, the last of them in memory. */
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';

export interface AuditEntry {
  readonly at: string;
  readonly user: string;
  readonly address: string;
  readonly service: string;
  readonly action: string;
  readonly ok: boolean;
  /** What came of it, where that is not plain. */
  readonly detail: string | null;
}

const kept = 500;

export class Audit {
  readonly #file: string;
  readonly #entries: AuditEntry[];

  private constructor(file: string, entries: AuditEntry[]) {
    this.#file = file;
    this.#entries = entries;
  }

  /** Opens the list kept in `file`. */
  static async open(file: string): Promise<Audit> {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    return new Audit(file, parseEntries(await readIfThere(file)).slice(-kept));
  }

  async add(entry: AuditEntry): Promise<void> {
    this.#entries.push(entry);
    if (this.#entries.length > kept) this.#entries.shift();
    await appendFile(this.#file, `${JSON.stringify(entry)}\n`, { mode: 0o600 });
  }

  /** The last `limit` entries, newest first. */
  latest(limit: number): AuditEntry[] {
    return this.#entries.slice(-limit).reverse();
  }
}

/** A line that was cut by a crash is passed over. */
function parseEntries(text: string): AuditEntry[] {
  return text.split('\n').flatMap((line) => {
    try {
      return [JSON.parse(line) as AuditEntry];
    } catch {
      return [];
    }
  });
}

async function readIfThere(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
