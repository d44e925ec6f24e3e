/** A file read through a window, so that neither its size nor its length matters for memory; a deadline bounds the time. */
import { open } from 'node:fs/promises';

export interface FileWindow {
  readonly size: number;
  /** The bytes at `at`: fewer than `length` only at the end of the file. */
  read(at: number, length: number): Promise<Buffer>;
}

const maxReadingMs = 10_000;

export class ReadsTooLong extends Error {
  constructor() {
    super(`takes longer than ${maxReadingMs} ms to read`);
  }
}

/**
 * Opens the file for `use`. `windowBytes` are read at a time: few for a reader that jumps, many for one that goes through.
 * @throws ReadsTooLong, from `read`
 */
export async function withWindow<T>(
  path: string,
  windowBytes: number,
  use: (file: FileWindow) => Promise<T>,
): Promise<T> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const deadline = performance.now() + maxReadingMs;
    let window: Buffer = Buffer.alloc(0);
    let start = 0;
    const read = async (at: number, length: number) => {
      if (at < start || at + length > start + window.length) {
        if (performance.now() > deadline) throw new ReadsTooLong();
        const wanted = Math.max(0, Math.min(Math.max(length, windowBytes), size - at));
        const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(wanted), 0, wanted, at);
        window = buffer.subarray(0, bytesRead);
        start = at;
      }
      return window.subarray(at - start, at - start + length);
    };
    return await use({ size, read });
  } finally {
    await file.close();
  }
}
