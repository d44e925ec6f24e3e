/** An uploaded file as the medium it is to become. */
import { Api } from 'telegram/tl/index.js';
import type { MediaContent } from './account.ts';

/** A photo, or a document with the attributes of its kind. */
export function inputMedia(
  { kind, mimeType, name }: MediaContent,
  file: Api.TypeInputFile,
): Api.TypeInputMedia {
  if (kind === 'photo') return new Api.InputMediaUploadedPhoto({ file });
  return new Api.InputMediaUploadedDocument({
    file,
    forceFile: true,
    mimeType,
    attributes: [new Api.DocumentAttributeFilename({ fileName: name })],
  });
}
