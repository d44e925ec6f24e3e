/** Uploaded media of messages: what the client declares about a file, and what the file turns out to be. */
import type { DeliveredMedia } from '../deliveries.ts';
import { imageSizeOf } from '../image-size.ts';
import type { TlObject } from '../tl/values.ts';
import type { MethodContext } from './method.ts';
import { RpcError } from './rpc-error.ts';

interface InputMedia extends TlObject {
  file: TlObject & { id: bigint; parts: number; name: string };
  mimeType?: string;
  attributes?: TlObject[];
}

const MAX_PHOTO_BYTES = 10 * 1024 * 1024;
const MAX_PHOTO_SIDES = 10_000;

/** Ends the upload that `media` names. Rejects with the RpcError that Telegram would answer. */
export async function takeMedia(context: MethodContext, media: TlObject): Promise<DeliveredMedia> {
  const isPhoto = media._ === 'inputMediaUploadedPhoto';
  if (!isPhoto && media._ !== 'inputMediaUploadedDocument') throw new RpcError(400, 'MEDIA_INVALID');
  const { file: input, mimeType, attributes = [] } = media as InputMedia;
  const { uploads } = context.state;
  const file = await uploads.finish(context.account.id, input.id, input.parts);
  const shared = { name: input.name, size: file.size, sha256: file.sha256, file };
  if (!isPhoto) {
    const named = attributes.find((attribute) => attribute._ === 'documentAttributeFilename');
    const name = (named?.fileName as string | undefined) ?? input.name;
    const kind = kindOf(attributes);
    return { ...shared, kind, name, mimeType: mimeType ?? '', attributes, width: 0, height: 0 };
  }
  try {
    const size = file.size > MAX_PHOTO_BYTES ? undefined : await imageSizeOf(file.path);
    if (!size) throw new RpcError(400, 'IMAGE_PROCESS_FAILED');
    const { width, height } = size;
    const isTooLong =
      width + height > MAX_PHOTO_SIDES || Math.max(width, height) > 20 * Math.min(width, height);
    if (isTooLong) throw new RpcError(400, 'PHOTO_INVALID_DIMENSIONS');
    return { ...shared, kind: 'photo', mimeType: size.mimeType, attributes: [], width, height };
  } catch (error) {
    uploads.release(file);
    throw error;
  }
}

function kindOf(attributes: readonly TlObject[]): DeliveredMedia['kind'] {
  const find = (name: string) => attributes.find((attribute) => attribute._ === name);
  const video = find('documentAttributeVideo');
  const audio = find('documentAttributeAudio');
  if (find('documentAttributeAnimated')) return 'animation';
  if (video) return video.roundMessage ? 'video_note' : 'video';
  if (audio) return audio.voice ? 'voice' : 'audio';
  return 'document';
}
