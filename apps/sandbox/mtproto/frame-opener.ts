/** Decrypts large frames on a thread of its own, so that no other connection waits while the part of a file is opened. */
import { Worker } from 'node:worker_threads';

/** So long, a frame takes half a millisecond to open. */
export const largeFrameBytes = 64 * 1024;

/** What the thread is asked. */
export interface FrameToOpen {
  number: number;
  authKey: Uint8Array;
  frame: Uint8Array<ArrayBuffer>;
}

/** What it answers: the plain bytes, where the frame was written with that key. */
export interface OpenedFrame {
  number: number;
  plain: Uint8Array<ArrayBuffer> | undefined;
}

/** The thread, started with the first large frame. To be closed by whoever made it. */
export class FrameOpener {
  readonly #waiting = new Map<number, (plain: Buffer | undefined) => void>();
  #thread: Worker | undefined;
  #asked = 0;

  /** The plain bytes of a client's frame; undefined where it was not written with this key, or the thread is gone. */
  open(authKey: Buffer, frame: Buffer): Promise<Buffer | undefined> {
    const { promise, resolve } = Promise.withResolvers<Buffer | undefined>();
    // In memory of its own, which changes hands.
    const own = new Uint8Array(frame);
    const number = ++this.#asked;
    this.#waiting.set(number, resolve);
    this.#thread ??= this.#start();
    this.#thread.postMessage({ number, authKey, frame: own } satisfies FrameToOpen, [own.buffer]);
    return promise;
  }

  async close(): Promise<void> {
    await this.#thread?.terminate();
  }

  #start(): Worker {
    const thread = new Worker(new URL('frame-opener-thread.ts', import.meta.url));
    thread.on('message', ({ number, plain }: OpenedFrame) => {
      const resolve = this.#waiting.get(number);
      this.#waiting.delete(number);
      resolve?.(plain && Buffer.from(plain.buffer, plain.byteOffset, plain.byteLength));
    });
    thread.on('exit', () => {
      this.#thread = undefined;
      for (const resolve of this.#waiting.values()) resolve(undefined);
      this.#waiting.clear();
    });
    return thread;
  }
}
