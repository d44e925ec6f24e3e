/**
 * Files to Telegram, in parts of 512 KB read from the spool a few at a time, so that a file costs the same memory
 * whatever its size. Parts live on the server for hours, and belong to the account: only those that it lacks are sent.
 */
import { randomBytes } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { Api } from 'telegram/tl/index.js';
import type { FileContent } from '../model/account.ts';
import { uploadPartBytes } from '../model/telegram-limits.ts';
import type { FilePart, FileParts } from './file-part.ts';
import type { Patiently } from './flood-retry.ts';
import { long } from './peers.ts';

export interface NamedFile extends FileContent {
  readonly name: string;
}

export interface UploadMeans {
  readonly parts: FileParts;
  readonly save: (part: FilePart) => Promise<unknown>;
  readonly patiently: Patiently;
}

const partsInFlight = 4;
const bigFileBytes = 10 * 1024 * 1024;
const bytes = Buffer.alloc(0);

/** One spooled file on its way to Telegram. */
export class FileUpload {
  /** What a message names it by once all of it is saved. */
  readonly input: Api.TypeInputFile;
  readonly #file: NamedFile;
  readonly #id = long(randomBytes(8).readBigInt64LE().toString());
  readonly #isBig: boolean;
  /** 1 for each part that is saved. */
  readonly #saved: Uint8Array;

  constructor(file: NamedFile) {
    const { name, sizeBytes } = file;
    const id = this.#id;
    const parts = Math.max(1, Math.ceil(sizeBytes / uploadPartBytes));
    this.#file = file;
    this.#saved = new Uint8Array(parts);
    this.#isBig = sizeBytes > bigFileBytes;
    this.input = this.#isBig
      ? new Api.InputFileBig({ id, parts, name })
      : new Api.InputFile({ id, parts, name, md5Checksum: '' });
  }

  get path(): string {
    return this.#file.file;
  }

  /** Telegram misses a part: the next `save` sends it again. */
  lose(part: number): void {
    if (part < this.#saved.length) this.#saved[part] = 0;
  }

  /** Sends the parts that are not saved, each by `save`. @throws what that throws; Error when the file is not there */
  async save(means: UploadMeans): Promise<void> {
    const file = await open(this.#file.file, 'r');
    const count = this.#saved.length;
    let next = 0;
    const worker = async () => {
      while (next < count) {
        const part = next++;
        if (this.#saved[part]) continue;
        await this.#savePart(part, file, means);
        this.#saved[part] = 1;
      }
    };
    try {
      await Promise.all(Array.from({ length: Math.min(partsInFlight, count) }, worker));
    } finally {
      next = count;
      await file.close();
    }
  }

  /** Others use the memory of a part while it waits. */
  #savePart(filePart: number, file: FileHandle, { parts, save, patiently }: UploadMeans): Promise<unknown> {
    const fileId = this.#id;
    const request = this.#isBig
      ? new Api.upload.SaveBigFilePart({ fileId, filePart, fileTotalParts: this.#saved.length, bytes })
      : new Api.upload.SaveFilePart({ fileId, filePart, bytes });
    const position = filePart * uploadPartBytes;
    const length = Math.min(uploadPartBytes, this.#file.sizeBytes - position);
    return patiently(() =>
      parts.use(async (part) => {
        await part.fill(request, file, position, length);
        await save(part);
      }),
    );
  }
}
