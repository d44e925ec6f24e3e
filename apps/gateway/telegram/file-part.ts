/**
 * One part of a file as the request that saves it, in memory that is used again for the next part: the library copies
 * the bytes of its own requests five times before it sends them.
 */
import type { FileHandle } from 'node:fs/promises';
import { Api } from 'telegram/tl/index.js';
import type { BinaryReader } from 'telegram/extensions/BinaryReader.js';
import { uploadPartBytes } from '../model/telegram-limits.ts';

const longestHead = 64;
/** What TL writes for bytes of length 0, at the end of a request. */
const noBytes = 4;

/** `upload.saveFilePart` or `saveBigFilePart`, asking for no updates. To be filled, sent, and filled again. */
export class FilePart {
  readonly classType = 'request';
  readonly #memory = Buffer.allocUnsafeSlow(longestHead + uploadPartBytes);
  #className = '';
  #length = 0;

  get className(): string {
    return this.#className;
  }

  /** Takes `request`, which has no bytes, with `length` of them from `position` of the file. @throws where it is shorter */
  async fill(
    request: Api.upload.SaveFilePart | Api.upload.SaveBigFilePart,
    file: FileHandle,
    position: number,
    length: number,
  ): Promise<void> {
    this.#className = request.className;
    const head = new Api.InvokeWithoutUpdates({ query: request }).getBytes();
    const lengthAt = head.copy(this.#memory, 0, 0, head.length - noBytes);
    const isShort = length < 254;
    const start = lengthAt + (isShort ? 1 : 4);
    if (isShort) this.#memory.writeUInt8(length, lengthAt);
    else this.#memory.writeUInt32LE(254 + length * 256, lengthAt);
    await readWhole(file, this.#memory.subarray(start, start + length), position);
    this.#length = Math.ceil((start + length) / 4) * 4;
    this.#memory.fill(0, start + length, this.#length);
  }

  /** As the library's sender asks for it; valid until it is filled again. */
  getBytes(): Buffer {
    return this.#memory.subarray(0, this.#length);
  }

  readResult(reader: BinaryReader): unknown {
    return reader.tgReadObject();
  }
}

async function readWhole(file: FileHandle, into: Buffer, position: number): Promise<void> {
  let filled = 0;
  while (filled < into.length) {
    const { bytesRead } = await file.read(into, filled, into.length - filled, position + filled);
    if (bytesRead === 0) throw new Error(`the spooled file ends ${into.length - filled} bytes too early`);
    filled += bytesRead;
  }
}

/** The parts that all uploads of an account share, so that many files at once take no more memory than one. */
export class FileParts {
  readonly #most: number;
  readonly #free: FilePart[] = [];
  readonly #waiting: ((part: FilePart) => void)[] = [];
  #made = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Lends a part to `work`, in the order of asking. */
  async use<T>(work: (part: FilePart) => Promise<T>): Promise<T> {
    const part = await this.#take();
    try {
      return await work(part);
    } finally {
      const next = this.#waiting.shift();
      if (next) next(part);
      else this.#free.push(part);
    }
  }

  #take(): FilePart | Promise<FilePart> {
    const free = this.#free.pop();
    if (free) return free;
    if (this.#made === this.#most) return new Promise((resolve) => this.#waiting.push(resolve));
    this.#made++;
    return new FilePart();
  }
}
