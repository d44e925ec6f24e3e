/**
 * The emoji that messages can be reacted with, and their icons. TDLib lets nobody react before it has this list with all
 * icons. Every reaction shows the same two blank stickers, which can be downloaded as any file.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { DeliveredMedia } from '../deliveries.ts';
import type { TlObject } from '../tl/values.ts';
import { hashOf } from '../world-names.ts';
import { mediaObject } from './messages.ts';
import { method, type MethodContext, type MethodTable } from './method.ts';

const TITLES = new Map([
  ['👍', 'Thumbs Up'],
  ['👎', 'Thumbs Down'],
  ['❤', 'Red Heart'],
  ['🔥', 'Fire'],
  ['🎉', 'Party Popper'],
  ['😁', 'Beaming Face'],
  ['😢', 'Crying Face'],
  ['🤔', 'Thinking Face'],
]);
/** The hash of the list, which changes with it. */
const LIST_HASH = 1;
const STILL = icon('still.webp', 'image/webp', 1);
const ANIMATED = icon('animated.tgs', 'application/x-tgsticker', 512);

/** Whether a message can be reacted with this emoji. */
export function isReaction(emoticon: string): boolean {
  return TITLES.has(emoticon);
}

export const availableReactionMethods: MethodTable = {
  'messages.getAvailableReactions': method<TlObject & { hash: number }>((context, { hash }) => {
    if (hash === LIST_HASH) return { _: 'messages.availableReactionsNotModified' };
    const reactions = [...TITLES].map(([reaction, title]) => {
      const animation = sticker(context, ANIMATED, reaction);
      return {
        _: 'availableReaction',
        reaction,
        title,
        staticIcon: sticker(context, STILL, reaction),
        appearAnimation: animation,
        selectAnimation: animation,
        activateAnimation: animation,
        effectAnimation: animation,
        aroundAnimation: animation,
        centerIcon: animation,
      };
    });
    return { _: 'messages.availableReactions', hash: LIST_HASH, reactions };
  }),

  'messages.getTopReactions': method<TlObject & { limit: number }>((_, { limit }) => {
    const reactions = [...TITLES.keys()].map((emoticon) => ({ _: 'reactionEmoji', emoticon }));
    return { _: 'messages.reactions', hash: 0n, reactions: reactions.slice(0, limit) };
  }),
};

/** A file in the folder of icons, without its place in a data centre. */
function icon(name: string, mimeType: string, side: number) {
  const path = fileURLToPath(new URL(`../reaction-icons/${name}`, import.meta.url));
  const bytes = readFileSync(path);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { name, mimeType, width: side, height: side, path, size: bytes.length, sha256 };
}

/** An icon as a document that can be fetched from the account's data centre. */
function sticker(
  { state, account }: MethodContext,
  { path, ...described }: ReturnType<typeof icon>,
  alt: string,
): TlObject {
  const { name, width: w, height: h, size, sha256 } = described;
  const id = `${name} of data centre ${account.dc}`;
  const media: DeliveredMedia = {
    ...described,
    id: hashOf('media', id),
    kind: 'document',
    dc: account.dc,
    spoiler: undefined,
    attributes: [
      { _: 'documentAttributeImageSize', w, h },
      { _: 'documentAttributeSticker', alt, stickerset: { _: 'inputStickerSetEmpty' } },
    ],
    file: { id, path, size, sha256, gone: false, uses: 1 },
  };
  return mediaObject(state.media.keep(media), 0).document as TlObject;
}
