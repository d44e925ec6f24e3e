/** A small state kept as one JSON file, replaced as a whole: a crash leaves the old one or the new one. */
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

export class StateFile<T> {
  readonly #file: string;
  #writing: Promise<void> = Promise.resolve();

  private constructor(file: string) {
    this.#file = file;
  }

  /** The file, and what it holds: `initial` where there is none, or none that can be read, which is put aside. */
  static async open<T>(file: string, initial: T): Promise<{ file: StateFile<T>; value: T }> {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const text = await readIfThere(file);
    if (text === undefined) return { file: new StateFile(file), value: initial };
    try {
      return { file: new StateFile(file), value: JSON.parse(text) as T };
    } catch {
      await rename(file, `${file}.unreadable`);
      return { file: new StateFile(file), value: initial };
    }
  }

  /** Resolves when `value`, as it is now, is on disk. Writes follow one another in the order they were asked for. */
  write(value: T): Promise<void> {
    const text = JSON.stringify(value);
    const written = this.#writing.then(() => this.#replace(text));
    this.#writing = written.catch(() => {});
    return written;
  }

  async #replace(text: string): Promise<void> {
    const beside = `${this.#file}.new`;
    const handle = await open(beside, 'w', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(beside, this.#file);
  }
}

/** The text of a file; undefined where there is none. */
export async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
