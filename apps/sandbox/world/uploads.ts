/**
 * Uploaded files. Parts go straight to disk and into a running SHA-256; those that come ahead of their turn wait in
 * files of their own. Memory holds only what is being written.
 */
import { createHash, randomUUID, type Hash } from 'node:crypto';
import { appendFile, mkdir, readFile, rm, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { RpcError } from '../mtproto/rpc-error.ts';

/** A finished file on disk. `gone` is set when the folder's bound made room. */
export interface StoredFile {
  id: string;
  path: string;
  size: number;
  sha256: string;
  gone: boolean;
  /** How many messages show it. */
  uses: number;
}

const maxPartBytes = 512 * 1024;
const maxParts = 8000;
const maxUnfinished = 200;
const maxStoredBytes = 2 * 1024 * 1024 * 1024;

interface Upload {
  path: string;
  hash: Hash;
  size: number;
  /** The number of the part that the file on disk ends before. */
  next: number;
  /** Parts ahead of their turn, with their sizes. */
  waiting: Map<number, number>;
  partBytes: number;
  totalParts: number | undefined;
  /** Writes follow one another. */
  chain: Promise<void>;
}

/** One part as a client sent it; `totalParts` only from saveBigFilePart (-1: not known yet). */
export interface Part {
  fileId: bigint;
  part: number;
  totalParts: number | undefined;
  bytes: Buffer;
}

/** The uploads of one server, in one folder, which is emptied at start. */
export class Uploads {
  readonly #folder: string;
  readonly #unfinished = new Map<string, Upload>();
  readonly #stored = new Map<string, StoredFile>();
  #storedBytes = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async open(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
    await mkdir(this.#folder, { recursive: true });
  }

  /** Takes one part. Rejects with the RpcError that Telegram would answer. */
  async savePart(account: bigint, part: Part): Promise<void> {
    checkPart(part);
    const upload = this.#uploadOf(`${account}:${part.fileId}`);
    if (part.totalParts !== undefined && part.totalParts > 0) upload.totalParts = part.totalParts;
    checkSize(upload, part);
    const written = upload.chain.then(() => writePart(upload, part));
    upload.chain = written.catch(() => {});
    await written;
  }

  /** Ends an upload that a message names. Rejects with FILE_PARTS_INVALID or FILE_PART_n_MISSING. */
  async finish(account: bigint, fileId: bigint, parts: number): Promise<StoredFile> {
    if (parts < 1 || parts > maxParts) throw new RpcError(400, 'FILE_PARTS_INVALID');
    const key = `${account}:${fileId}`;
    const upload = this.#unfinished.get(key);
    if (!upload) throw new RpcError(400, 'FILE_PART_0_MISSING');
    await upload.chain;
    if (upload.next < parts) throw new RpcError(400, `FILE_PART_${upload.next}_MISSING`);
    if (upload.next > parts) throw new RpcError(400, 'FILE_PARTS_INVALID');
    this.#unfinished.delete(key);
    return this.#store(upload);
  }

  /** A finished file by its id, unless it made room. */
  find(id: string): StoredFile | undefined {
    return this.#stored.get(id);
  }

  /** Lets one message's hold on a file go; with the last one the file is removed. */
  unuse(file: StoredFile | undefined): void {
    if (file && --file.uses <= 0) this.release(file);
  }

  /** Removes a finished file. */
  release(file: StoredFile): void {
    if (file.gone) return;
    file.gone = true;
    this.#stored.delete(file.id);
    this.#storedBytes -= file.size;
    void unlink(file.path).catch(() => {});
  }

  /** Removes the whole folder. */
  async close(): Promise<void> {
    await Promise.all([...this.#unfinished.values()].map((upload) => upload.chain));
    await rm(this.#folder, { recursive: true, force: true });
  }

  #uploadOf(key: string): Upload {
    const existing = this.#unfinished.get(key);
    if (existing) return existing;
    for (const [oldest, upload] of this.#unfinished) {
      if (this.#unfinished.size < maxUnfinished) break;
      this.#unfinished.delete(oldest);
      void upload.chain.then(() => removeUpload(upload));
    }
    const upload: Upload = {
      path: join(this.#folder, randomUUID()),
      hash: createHash('sha256'),
      size: 0,
      next: 0,
      waiting: new Map(),
      partBytes: 0,
      totalParts: undefined,
      chain: Promise.resolve(),
    };
    this.#unfinished.set(key, upload);
    return upload;
  }

  #store(upload: Upload): StoredFile {
    const { path, size } = upload;
    const file = { id: randomUUID(), path, size, sha256: upload.hash.digest('hex'), gone: false, uses: 0 };
    for (const oldest of this.#stored.values()) {
      if (this.#storedBytes + size <= maxStoredBytes) break;
      this.release(oldest);
    }
    this.#stored.set(file.id, file);
    this.#storedBytes += size;
    return file;
  }
}

function checkPart({ part, totalParts, bytes }: Part): void {
  if (part < 0 || part >= maxParts) throw new RpcError(400, 'FILE_PART_INVALID');
  if (bytes.length === 0) throw new RpcError(400, 'FILE_PART_EMPTY');
  if (bytes.length > maxPartBytes) throw new RpcError(400, 'FILE_PART_TOO_BIG');
  if (totalParts === undefined || totalParts === -1) return;
  if (totalParts < 1 || totalParts > maxParts) throw new RpcError(400, 'FILE_PARTS_INVALID');
  if (part >= totalParts) throw new RpcError(400, 'FILE_PART_INVALID');
  const isLast = part === totalParts - 1;
  const divides = bytes.length % 1024 === 0 && maxPartBytes % bytes.length === 0;
  if (!isLast && !divides) throw new RpcError(400, 'FILE_PART_SIZE_INVALID');
}

/** All parts but the last have one size, and the last is no larger; which part is the last is known of big files only. */
function checkSize(upload: Upload, { part, bytes }: Part): void {
  if (upload.totalParts === undefined) return;
  const isLast = upload.totalParts === part + 1;
  const isRight = isLast ? bytes.length <= upload.partBytes : bytes.length === upload.partBytes;
  if (upload.partBytes > 0 && !isRight) throw new RpcError(400, 'FILE_PART_SIZE_CHANGED');
  if (!isLast) upload.partBytes = bytes.length;
}

/** A part that is already in the file was sent twice: the first one counts. */
async function writePart(upload: Upload, { part, bytes }: Part): Promise<void> {
  if (part < upload.next || upload.waiting.has(part)) return;
  if (part > upload.next) {
    upload.waiting.set(part, bytes.length);
    await appendFile(waitingPath(upload, part), bytes);
    return;
  }
  await append(upload, bytes);
  while (upload.waiting.delete(upload.next)) {
    const path = waitingPath(upload, upload.next);
    await append(upload, await readFile(path));
    await unlink(path);
  }
}

async function append(upload: Upload, bytes: Buffer): Promise<void> {
  await appendFile(upload.path, bytes);
  upload.hash.update(bytes);
  upload.size += bytes.length;
  upload.next++;
}

function waitingPath(upload: Upload, part: number): string {
  return `${upload.path}.${part}`;
}

async function removeUpload(upload: Upload): Promise<void> {
  const parts = [...upload.waiting.keys()].map((part) => waitingPath(upload, part));
  await Promise.all([upload.path, ...parts].map((path) => rm(path, { force: true })));
}
