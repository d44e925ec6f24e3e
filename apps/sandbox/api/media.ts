/** Media of messages: what the client declares about a file, and what the file turns out to be. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { DeliveredMedia } from '../world/deliveries.ts';
import { readPicture } from '../../kit/picture.ts';
import { referenceProblem, type FileName } from '../world/media-store.ts';
import type { TlObject } from '../tl/values.ts';
import type { StoredFile } from '../world/uploads.ts';
import type { Chat } from '../world/chat.ts';
import { hashOf } from '../world/names.ts';
import type { MethodContext } from './method.ts';
import { RpcError } from '../mtproto/rpc-error.ts';
import { specialMedia } from './special-media.ts';

interface InputFile extends TlObject {
  id: bigint;
  parts: number;
  name: string;
  /** Of small files alone; empty where the client leaves the check. */
  md5Checksum?: string;
}

interface InputMedia extends TlObject {
  file: InputFile;
  thumb?: InputFile;
  spoiler?: boolean;
  mimeType?: string;
  attributes?: TlObject[];
}

/** A file, or what stands in a message without one. */
export interface TakenMedia {
  media: DeliveredMedia | undefined;
  special?: TlObject | undefined;
}

const maxPhotoBytes = 10 * 1024 * 1024;
const photoTypes = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp']);
const maxPhotoSides = 10_000;
/** Telegram goes by the name that a photo is uploaded under, and minds the case. */
const photoName = /\.(jpg|jpeg|gif|png|tif|bmp)$/;

/** The media that an input names; uploads are ended. Rejects with the RpcError that Telegram would answer. */
export async function takeMedia(context: MethodContext, chat: Chat, media: TlObject): Promise<TakenMedia> {
  switch (media._) {
    case 'inputMediaUploadedPhoto':
      return { media: await uploadedPhoto(context, media as InputMedia) };
    case 'inputMediaUploadedDocument':
      return { media: await uploadedDocument(context, media as InputMedia) };
    case 'inputMediaPhoto':
    case 'inputMediaDocument':
      return { media: knownMedia(context, media) };
    default:
      return { media: undefined, special: specialMedia(context.state.clock.seconds(), chat, media) };
  }
}

function knownMedia({ state }: MethodContext, media: TlObject): DeliveredMedia {
  const { id, accessHash, fileReference } = media.id as TlObject & FileName;
  const found = state.media.find(id, accessHash);
  if (!found) throw new RpcError(400, 'MEDIA_EMPTY');
  const problem = referenceProblem(found, fileReference);
  if (problem) throw new RpcError(400, problem);
  return media.spoiler ? { ...found, spoiler: true } : found;
}

async function uploadedDocument(context: MethodContext, media: InputMedia): Promise<DeliveredMedia> {
  const { file: input, thumb, mimeType = '', attributes = [], spoiler } = media;
  const thumbnail = thumb && (await finished(context, thumb));
  const file = await finished(context, input);
  const named = attributes.find((attribute) => attribute._ === 'documentAttributeFilename');
  const name = (named?.fileName as string | undefined) ?? input.name;
  const shape = { width: 0, height: 0, attributes: attributes.map(detached), spoiler, thumbnail };
  const described = { ...filePart(context, file), ...shape, kind: kindOf(attributes), name, mimeType };
  return context.state.media.keep(described);
}

async function uploadedPhoto(context: MethodContext, media: InputMedia): Promise<DeliveredMedia> {
  const { state } = context;
  const { file: input, spoiler } = media;
  if (!photoName.test(input.name)) throw new RpcError(400, 'PHOTO_EXT_INVALID');
  const file = await finished(context, input);
  try {
    const picture = file.size > maxPhotoBytes ? undefined : await readPicture(file.path);
    if (!picture || !photoTypes.has(picture.mimeType)) throw new RpcError(400, 'IMAGE_PROCESS_FAILED');
    const { mimeType, size } = picture;
    const { width, height } = size;
    const isTooLong =
      width + height > maxPhotoSides || Math.max(width, height) > 20 * Math.min(width, height);
    if (isTooLong) throw new RpcError(400, 'PHOTO_INVALID_DIMENSIONS');
    const shape = { width, height, mimeType, attributes: [], spoiler, name: input.name };
    return state.media.keep({ ...filePart(context, file), ...shape, kind: 'photo' });
  } catch (error) {
    state.uploads.release(file);
    throw error;
  }
}

/** Ends an upload. Rejects with MD5_CHECKSUM_INVALID, and with what Uploads.finish refuses. */
async function finished({ state, account }: MethodContext, input: InputFile): Promise<StoredFile> {
  const file = await state.uploads.finish(account.id, input.id, input.parts);
  if (!input.md5Checksum) return file;
  const md5 = createHash('md5')
    .update(await readFile(file.path))
    .digest('hex');
  if (md5 === input.md5Checksum.toLowerCase()) return file;
  state.uploads.release(file);
  throw new RpcError(400, 'MD5_CHECKSUM_INVALID');
}

function filePart({ account }: MethodContext, file: StoredFile) {
  return { id: hashOf('media', file.id), size: file.size, sha256: file.sha256, file, dc: account.dc };
}

/** Bytes in attributes are views of whole frames, which must not be kept for them. */
function detached(attribute: TlObject): TlObject {
  const entries = Object.entries(attribute);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, Buffer.isBuffer(value) ? Buffer.from(value) : value]),
  ) as TlObject;
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
