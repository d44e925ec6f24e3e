/** upload.*: parts of files on their way in, and files on their way out (core.telegram.org/api/files). */
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { photoSize, referenceProblem, thumbnailSize, type FileName } from '../world/media-store.ts';
import type { DeliveredMedia } from '../world/deliveries.ts';
import type { TlObject } from '../tl/values.ts';
import type { StoredFile } from '../world/uploads.ts';
import { method, type MethodContext, type MethodTable } from './method.ts';
import { RpcError } from '../mtproto/rpc-error.ts';

const kb = 1024;
const mb = 1024 * kb;
/** What a hash of upload.getFileHashes covers, and how many are answered at a time. */
const hashedBytes = 128 * kb;
const maxHashes = 8;

interface SavePart extends TlObject {
  fileId: bigint;
  filePart: number;
  fileTotalParts?: number;
  bytes: Buffer;
}

interface Location extends TlObject, FileName {
  thumbSize: string;
}

interface GetFile extends TlObject {
  location: Location;
  offset: bigint;
  limit: number;
  precise?: boolean;
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

/** No file of the sandbox is handed to a CDN, so that nobody holds a token for one. */
const cdnMethod = method(() => {
  throw new RpcError(400, 'FILE_TOKEN_INVALID');
});

export const fileMethods: MethodTable = {
  'upload.saveFilePart': savePart,
  'upload.saveBigFilePart': savePart,

  'upload.getFile': method<GetFile>(async (context, request) => {
    checkRange(request);
    const { media, file } = locate(context, request.location);
    const bytes = await readRange(file.path, Number(request.offset), request.limit);
    const type = media.mimeType === 'image/jpeg' ? 'storage.fileJpeg' : 'storage.filePartial';
    return { _: 'upload.file', type: { _: type }, mtime: 0, bytes };
  }),

  'upload.getFileHashes': method<GetFile>(async (context, { location, offset }) => {
    if (offset < 0n) throw new RpcError(400, 'OFFSET_INVALID');
    const { file } = locate(context, location);
    const first = Number(offset) - (Number(offset) % hashedBytes);
    const bytes = await readRange(file.path, first, hashedBytes * maxHashes);
    return Array.from({ length: Math.ceil(bytes.length / hashedBytes) }, (_, index) => {
      const part = bytes.subarray(index * hashedBytes, (index + 1) * hashedBytes);
      const hash = createHash('sha256').update(part).digest();
      return { _: 'fileHash', offset: BigInt(first + index * hashedBytes), limit: part.length, hash };
    });
  }),

  /** Nothing in the sandbox is a file of the web. */
  'upload.getWebFile': method(() => {
    throw new RpcError(400, 'LOCATION_INVALID');
  }),

  'upload.getCdnFile': cdnMethod,
  'upload.reuploadCdnFile': cdnMethod,
  'upload.getCdnFileHashes': cdnMethod,
};

/** Throws OFFSET_INVALID or LIMIT_INVALID; `precise` relaxes what both are divided by. */
function checkRange({ offset: start, limit, precise }: GetFile): void {
  const unit = precise ? kb : 4 * kb;
  const offset = Number(start);
  if (offset < 0 || offset % unit !== 0) throw new RpcError(400, 'OFFSET_INVALID');
  const isWithin = Math.floor(offset / mb) === Math.floor((offset + limit - 1) / mb);
  const fits = limit > 0 && limit % unit === 0 && (precise || mb % limit === 0) && isWithin;
  if (!fits) throw new RpcError(400, 'LIMIT_INVALID');
}

/**
 * The file at a location. Throws LOCATION_INVALID, FILE_ID_INVALID, the errors of a file reference, and FILE_MIGRATE_n
 * where the file lives in another data centre.
 */
function locate(
  { state, call }: MethodContext,
  { _: kind, id, accessHash, fileReference, thumbSize }: Location,
): { media: DeliveredMedia; file: StoredFile } {
  const isPhoto = kind === 'inputPhotoFileLocation';
  if (!isPhoto && kind !== 'inputDocumentFileLocation') throw new RpcError(400, 'LOCATION_INVALID');
  const media = state.media.find(id, accessHash);
  if (!media || isPhoto !== (media.kind === 'photo')) throw new RpcError(400, 'FILE_ID_INVALID');
  const problem = referenceProblem(media, fileReference);
  if (problem) throw new RpcError(400, problem);
  const file = fileOf(media, thumbSize);
  if (!file || file.gone) throw new RpcError(400, 'LOCATION_INVALID');
  if (media.dc !== call.session.authKey.dc) throw new RpcError(303, `FILE_MIGRATE_${media.dc}`);
  return { media, file };
}

/** What a size type of a media stands for; a document itself has none. */
function fileOf({ kind, file, thumbnail }: DeliveredMedia, size: string): StoredFile | undefined {
  if (kind === 'photo') return size === photoSize ? file : undefined;
  if (size === thumbnailSize) return thumbnail;
  return size === '' ? file : undefined;
}

async function readRange(path: string, offset: number, limit: number): Promise<Buffer> {
  const file = await open(path);
  try {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(limit), 0, limit, offset);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
