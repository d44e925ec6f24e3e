/**
 * Files to Telegram, in parts of 512 KB read from the spool a few at a time, so that a file costs the same memory
 * whatever its size. Parts expire on the server: after a crash the whole file is uploaded again.
 */
import { randomBytes } from 'node:crypto';
import { open } from 'node:fs/promises';
import { Api } from 'telegram/tl/index.js';
import type { FileContent } from './account.ts';
import { partBytes, type FilePart, type FileParts } from './file-part.ts';
import type { Patiently } from './patience.ts';
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

/** Uploads a spooled file, each part by `save`. @throws what `save` throws; Error when the file is not there */
export async function uploadFile(
  { parts, save, patiently }: UploadMeans,
  media: NamedFile,
): Promise<Api.TypeInputFile> {
  const fileId = long(randomBytes(8).readBigInt64LE().toString());
  const count = Math.max(1, Math.ceil(media.sizeBytes / partBytes));
  const isBig = media.sizeBytes > bigFileBytes;
  const file = await open(media.file, 'r');
  let next = 0;
  const savePart = (filePart: number) => async (part: FilePart) => {
    const request = isBig
      ? new Api.upload.SaveBigFilePart({ fileId, filePart, fileTotalParts: count, bytes })
      : new Api.upload.SaveFilePart({ fileId, filePart, bytes });
    const position = filePart * partBytes;
    await part.fill(request, file, position, Math.min(partBytes, media.sizeBytes - position));
    await save(part);
  };
  const worker = async () => {
    while (next < count) {
      const one = savePart(next++);
      // Others use its memory while it waits.
      await patiently(() => parts.use(one));
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(partsInFlight, count) }, worker));
  } finally {
    next = count;
    await file.close();
  }
  return isBig
    ? new Api.InputFileBig({ id: fileId, parts: count, name: media.name })
    : new Api.InputFile({ id: fileId, parts: count, name: media.name, md5Checksum: '' });
}
