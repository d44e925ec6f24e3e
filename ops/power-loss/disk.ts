/** A disk that loses what was not synced: the files of a recording as they stand after the power failed in its midst. */
import { dirname } from 'node:path';
import type { Files } from './files.ts';
import type { Recording } from './recording.ts';

/** Whether something that was not synced is there all the same; asked for each name and each sector of 512 bytes. */
export type Luck = () => boolean;

/** Everything that was not synced is gone. */
export const noLuck: Luck = () => false;

const sector = 512;

/** The files when the power failed just before `line` of the trace. */
export function filesAfter({ folder, before, changes }: Recording, line: number, luck: Luck): Files {
  const names = new Map<string, number>();
  const contents = new Map<number, Content | 'folder'>();
  for (const [path, content] of before) {
    const file = names.size;
    names.set(path, file);
    contents.set(file, content === 'folder' ? content : new Content(content));
  }
  const contentOf = (file: number): Content => {
    if (!contents.has(file)) contents.set(file, new Content());
    return contents.get(file) as Content;
  };
  for (const { change, begin, durable } of changes) {
    if (begin >= line) break;
    const survives = durable < line ? () => true : luck;
    if (change.kind === 'data') contentOf(change.file).write(change.at, change.data, survives);
    else if (!survives()) continue;
    else if (change.kind === 'size') contentOf(change.file).resize(change.size);
    else if (change.file === undefined) names.delete(change.path);
    else {
      names.set(change.path, change.file);
      if (change.kind === 'folder') contents.set(change.file, 'folder');
    }
  }
  const files = new Map<string, Buffer | 'folder'>();
  for (const path of [...names.keys()].sort()) {
    // What is in a folder that is gone is gone with it.
    if (dirname(path) !== folder && !files.has(dirname(path))) continue;
    const content = contents.get(names.get(path)!) ?? contentOf(names.get(path)!);
    files.set(path, content === 'folder' ? content : content.bytes());
  }
  return files;
}

/** The bytes of a file that grows. */
class Content {
  #bytes: Buffer;
  #size: number;

  constructor(bytes: Buffer = Buffer.alloc(0)) {
    this.#bytes = Buffer.from(bytes);
    this.#size = bytes.length;
  }

  bytes(): Buffer {
    return this.#bytes.subarray(0, this.#size);
  }

  resize(size: number): void {
    this.#reach(size);
    this.#bytes.fill(0, size);
    this.#size = size;
  }

  /** Writes those sectors of `data` that survive. */
  write(at: number, data: Buffer, survives: Luck): void {
    for (let from = 0; from < data.length;) {
      const to = Math.min(data.length, (Math.floor((at + from) / sector) + 1) * sector - at);
      if (survives()) {
        this.#reach(at + to);
        data.copy(this.#bytes, at + from, from, to);
        this.#size = Math.max(this.#size, at + to);
      }
      from = to;
    }
  }

  #reach(size: number): void {
    if (size <= this.#bytes.length) return;
    const larger = Buffer.alloc(size * 2);
    this.#bytes.copy(larger, 0, 0, this.#size);
    this.#bytes = larger;
  }
}
