/** upload.*: parts of files on their way in, and files on their way out. */
import { open } from 'node:fs/promises';
import type { TlObject } from '../tl/values.ts';
import { method, type MethodTable } from './method.ts';
import { RpcError } from './rpc-error.ts';

const MAX_READ_BYTES = 1024 * 1024;

interface SavePart extends TlObject {
  fileId: bigint;
  filePart: number;
  fileTotalParts?: number;
  bytes: Buffer;
}

interface GetFile extends TlObject {
  location: TlObject & { id: bigint; accessHash: bigint; thumbSize: string };
  offset: bigint;
  limit: number;
}

const savePart = method<SavePart>(async ({ state, account }, request) => {
  await state.uploads.savePart(account.id, {
    fileId: request.fileId,
    part: request.filePart,
    totalParts: request.fileTotalParts,
    bytes: request.bytes,
  });
  return true;
});

export const fileMethods: MethodTable = {
  'upload.saveFilePart': savePart,
  'upload.saveBigFilePart': savePart,

  'upload.getFile': method<GetFile>(async ({ state }, { location, offset, limit }) => {
    const isPhoto = location._ === 'inputPhotoFileLocation';
    if (!isPhoto && location._ !== 'inputDocumentFileLocation') throw new RpcError(400, 'LOCATION_INVALID');
    if (limit <= 0 || limit > MAX_READ_BYTES) throw new RpcError(400, 'LIMIT_INVALID');
    if (offset < 0n) throw new RpcError(400, 'OFFSET_INVALID');
    const media = state.media.find(location.id, location.accessHash);
    const file = location.thumbSize !== '' && !isPhoto ? media?.thumbnail : media?.file;
    if (!media || !file || file.gone) throw new RpcError(400, 'FILE_REFERENCE_EXPIRED');
    const bytes = await readRange(file.path, Number(offset), limit);
    const type = media.mimeType === 'image/jpeg' ? 'storage.fileJpeg' : 'storage.filePartial';
    return { _: 'upload.file', type: { _: type }, mtime: 0, bytes };
  }),
};

async function readRange(path: string, offset: number, limit: number): Promise<Buffer> {
  const file = await open(path);
  try {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(limit), 0, limit, offset);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
