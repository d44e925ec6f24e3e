/** upload.*: parts of files. */
import type { TlObject } from '../tl/values.ts';
import { method, type MethodTable } from './method.ts';

interface SavePart extends TlObject {
  fileId: bigint;
  filePart: number;
  fileTotalParts?: number;
  bytes: Buffer;
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

export const uploadMethods: MethodTable = {
  'upload.saveFilePart': savePart,
  'upload.saveBigFilePart': savePart,
};
