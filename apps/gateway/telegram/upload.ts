/**
 * Files to Telegram, in parts of 512 KB read from the spool a few at a time, so that a file costs the same memory
 * whatever its size. Parts expire on the server: after a crash the whole file is uploaded again.
 */
import { randomBytes } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { Api } from 'telegram/tl/index.js';
import { long } from './peers.ts';
import type { FileContent } from './account.ts';

export interface NamedFile extends FileContent {
  readonly name: string;
}

const partBytes = 512 * 1024;
const partsInFlight = 4;
const bigFileBytes = 10 * 1024 * 1024;

/** Uploads a spooled file, each part by `save`. @throws what `save` throws; Error when the file is not there */
export async function uploadFile(
  save: (part: Api.AnyRequest) => Promise<unknown>,
  media: NamedFile,
): Promise<Api.TypeInputFile> {
  const fileId = long(randomBytes(8).readBigInt64LE().toString());
  const parts = Math.max(1, Math.ceil(media.sizeBytes / partBytes));
  const isBig = media.sizeBytes > bigFileBytes;
  const file = await open(media.file, 'r');
  let next = 0;
  try {
    const worker = async () => {
      const buffer = Buffer.allocUnsafe(Math.min(partBytes, media.sizeBytes)); // The library copies what it is given.
      while (next < parts) {
        const filePart = next++;
        const bytes = await readPart(file, filePart, media.sizeBytes, buffer);
        const request = isBig
          ? new Api.upload.SaveBigFilePart({ fileId, filePart, fileTotalParts: parts, bytes })
          : new Api.upload.SaveFilePart({ fileId, filePart, bytes });
        await save(request);
      }
    };
    await Promise.all(Array.from({ length: Math.min(partsInFlight, parts) }, worker));
  } finally {
    next = parts;
    await file.close();
  }
  return isBig
    ? new Api.InputFileBig({ id: fileId, parts, name: media.name })
    : new Api.InputFile({ id: fileId, parts, name: media.name, md5Checksum: '' });
}

async function readPart(file: FileHandle, part: number, sizeBytes: number, buffer: Buffer): Promise<Buffer> {
  const position = part * partBytes;
  const length = Math.min(partBytes, sizeBytes - position);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, position + filled);
    if (bytesRead === 0) throw new Error(`the spooled file is shorter than the ${sizeBytes} bytes it had`);
    filled += bytesRead;
  }
  return buffer.subarray(0, length);
}
