/** The boxes of an MP4 or MOV (ISO/IEC 14496-12, 4.2). */
import type { FileWindow } from './file-window.ts';

export interface Box {
  readonly type: string;
  /** Of what the box holds. */
  readonly start: number;
  readonly end: number;
}

/** Walks the boxes of one file, `budget` of them at most: one that is all tiny boxes is not worth reading. */
export class BoxReader {
  readonly #file: FileWindow;
  #budget: number;

  constructor(file: FileWindow, budget: number) {
    this.#file = file;
    this.#budget = budget;
  }

  get whole(): Box {
    return { type: '', start: 0, end: this.#file.size };
  }

  /** The boxes right inside another. */
  async *inside(within: Box): AsyncGenerator<Box> {
    let at = within.start;
    while (at + 8 <= within.end && this.#budget-- > 0) {
      const head = await this.#file.read(at, 16);
      if (head.length < 8) return;
      const short = head.readUInt32BE(0);
      const isLong = short === 1 && head.length === 16;
      const length = isLong ? Number(head.readBigUInt64BE(8)) : short === 0 ? within.end - at : short;
      const box = { type: head.toString('latin1', 4, 8), start: at + (isLong ? 16 : 8), end: at + length };
      if (length < (isLong ? 16 : 8) || box.end > within.end) return;
      yield box;
      at = box.end;
    }
  }

  /** Those of a type. */
  async *ofType(within: Box, type: string): AsyncGenerator<Box> {
    for await (const box of this.inside(within)) if (box.type === type) yield box;
  }

  /** The first box along a path of types. */
  async find(within: Box, ...[type, ...rest]: string[]): Promise<Box | undefined> {
    if (type === undefined) return within;
    for await (const box of this.ofType(within, type)) return this.find(box, ...rest);
    return undefined;
  }

  /** What a box holds, up to `length` bytes; nothing of one that is not there. */
  async content(box: Box | undefined, length: number): Promise<Buffer> {
    return box ? this.#file.read(box.start, Math.min(length, box.end - box.start)) : Buffer.alloc(0);
  }

  /** What a box holds from `offset` on, as up to `rows` rows of `width` bytes. */
  async *rows({ start, end }: Box, offset: number, width: number, rows = Infinity): AsyncGenerator<Buffer> {
    for (let row = 0, at = start + offset; row < rows && at + width <= end; row++, at += width) {
      const bytes = await this.#file.read(at, width);
      if (bytes.length < width) return;
      yield bytes;
    }
  }
}
