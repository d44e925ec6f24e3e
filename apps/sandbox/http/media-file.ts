/** Files of messages over HTTP: whole, or the range that a player asks for. Whatever they hold, they run nothing. */
import { createReadStream } from 'node:fs';
import type { Context } from 'koa';
import { Problem } from '../../kit/errors.ts';
import type { DeliveredMedia, Delivery } from '../world/deliveries.ts';
import { readPicture } from '../../kit/picture.ts';
import type { SandboxState } from '../world/state.ts';

/** Shown in the page; all else is a download. */
const inlineTypes =
  /^(image\/(jpeg|png|gif|webp)|video\/(mp4|webm|quicktime|ogg)|audio\/[a-z0-9.+-]+)(;.*)?$/;

/** What is served of a media. */
type Served = Pick<DeliveredMedia, 'name' | 'mimeType' | 'size' | 'file'>;

/** The media with this file in any message, waiting ones included. */
export function findMedia(
  { deliveries, incoming, scheduled }: SandboxState,
  id: string,
): DeliveredMedia | undefined {
  const named = ({ media, edited }: Delivery) => {
    return media?.file.id === id ? media : edited?.media?.file.id === id ? edited.media : undefined;
  };
  for (const kept of [deliveries.all(), incoming.all(), scheduled.all()]) {
    const found = kept.findLast(named);
    if (found) return named(found);
  }
  return undefined;
}

/** The picture that was sent to stand for a file, where it is one. */
export async function posterOf(media: DeliveredMedia | undefined): Promise<Served | undefined> {
  const file = media?.thumbnail;
  const shape = file && !file.gone ? await readPicture(file.path) : undefined;
  return file && shape && { name: 'poster', mimeType: shape.mimeType, size: file.size, file };
}

/** Answers with a file, or 404 where it made room, or 416 where the range lies outside of it. */
export function sendMedia(context: Context, media: Served | undefined): void {
  if (!media || media.file.gone) throw new Problem('not_found', 'this file is not kept any more');
  const isInline = inlineTypes.test(media.mimeType) && context.query.download === undefined;
  context.set('Content-Security-Policy', "sandbox; default-src 'none'");
  context.set('Cache-Control', 'private, max-age=3600');
  context.set('Accept-Ranges', 'bytes');
  context.attachment(media.name || 'file', { type: isInline ? 'inline' : 'attachment' });
  context.type = isInline ? media.mimeType : 'application/octet-stream';
  const range = rangeOf(context.get('Range'), media.size);
  if (range === 'outside') {
    context.set('Content-Range', `bytes */${media.size}`);
    throw new Problem('bad_request', `the file has ${media.size} bytes`, { status: 416 });
  }
  const { start, end } = range ?? { start: 0, end: media.size - 1 };
  if (range) {
    context.status = 206;
    context.set('Content-Range', `bytes ${start}-${end}/${media.size}`);
  }
  context.body = createReadStream(media.file.path, { start, end });
  context.length = end - start + 1;
}

/** One range as RFC 9110 has it; anything else than one range of bytes is answered whole. */
export function rangeOf(
  header: string,
  size: number,
): { start: number; end: number } | 'outside' | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header.trim());
  const [, from = '', to = ''] = match ?? [];
  if (!match || (from === '' && to === '')) return undefined;
  const start = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (from !== '' && to !== '' && Number(to) < Number(from)) return undefined;
  return start > end ? 'outside' : { start, end };
}
