/** The checks of the last days, in memory and in a file of JSON lines that is written anew before it grows too long. */
import { appendFile, mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { readIfThere } from '../files/state-file.ts';
import { readJsonLines } from '../model/answers.ts';
import { healthCheck } from './check.ts';

const keptCheck = healthCheck.extend({ service: z.string() });
export type KeptCheck = Readonly<z.infer<typeof keptCheck>>;

/** Two days of one check a minute. */
const keptForEach = 2_880;

export class CheckHistory {
  readonly #file: string;
  readonly #byService: ReadonlyMap<string, KeptCheck[]>;
  #lines = 0;
  #writing: Promise<void> = Promise.resolve();

  private constructor(file: string, services: readonly string[]) {
    this.#file = file;
    this.#byService = new Map(services.map((name) => [name, []]));
  }

  /** Opens what is kept in `file` of these services; what is kept of others is dropped. */
  static async open(file: string, services: readonly string[]): Promise<CheckHistory> {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const history = new CheckHistory(file, services);
    for (const check of readJsonLines(keptCheck, (await readIfThere(file)) ?? '')) history.#remember(check);
    await history.#compact(); // Also takes away a line that a crash has cut, which the next would be glued to.
    return history;
  }

  /** Resolves when it is written; it is shown also where that fails. */
  add(check: KeptCheck): Promise<void> {
    this.#remember(check);
    const written = this.#writing.then(() => this.#append(check));
    this.#writing = written.catch(() => {});
    return written;
  }

  /** The checks of one service since `sinceMs` (milliseconds since the epoch), oldest first. */
  since(service: string, sinceMs: number): KeptCheck[] {
    const checks = this.#byService.get(service) ?? [];
    const first = checks.findIndex(({ at }) => Date.parse(at) >= sinceMs);
    return first === -1 ? [] : checks.slice(first);
  }

  /** When any service was last checked, in milliseconds since the epoch. */
  get lastAt(): number | undefined {
    const last = [...this.#byService.values()].flatMap((checks) => checks.at(-1)?.at ?? []);
    return last.length === 0 ? undefined : Math.max(...last.map((at) => Date.parse(at)));
  }

  #remember(check: KeptCheck): void {
    const checks = this.#byService.get(check.service);
    checks?.push(check);
    if (checks && checks.length > keptForEach) checks.shift();
  }

  async #append(check: KeptCheck): Promise<void> {
    if (this.#lines >= 2 * keptForEach * this.#byService.size) return this.#compact();
    await appendFile(this.#file, `${JSON.stringify(check)}\n`, { mode: 0o600 });
    this.#lines += 1;
  }

  async #compact(): Promise<void> {
    const checks = [...this.#byService.values()].flat();
    const lines = checks.map((check) => `${JSON.stringify(check)}\n`);
    await writeFile(`${this.#file}.new`, lines.join(''), { mode: 0o600 });
    await rename(`${this.#file}.new`, this.#file);
    this.#lines = lines.length;
  }
}
