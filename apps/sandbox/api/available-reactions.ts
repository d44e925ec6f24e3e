/**
 * The emoji that messages can be reacted with, and their icons. TDLib lets nobody react before it has this list with all
 * icons. Every reaction shows the same two blank stickers, which can be downloaded as any file.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Account } from '../world/accounts.ts';
import type { DeliveredMedia } from '../world/deliveries.ts';
import type { TlObject } from '../tl/values.ts';
import { hashOf } from '../world/names.ts';
import { mediaObject } from './messages.ts';
import { method, type MethodContext, type MethodTable } from './method.ts';
import { isAvailable, allReactions } from './reaction-objects.ts';
import { RpcError } from '../mtproto/rpc-error.ts';
import { hashOfNumbers } from './tl-hash.ts';

/** The hash of the list, which changes with it. */
const listHash = 1;
const still = icon('still.webp', 'image/webp', 1);
const animated = icon('animated.tgs', 'application/x-tgsticker', 512);

const all = [...allReactions.keys()].map((emoticon) => ({ _: 'reactionEmoji', emoticon }));
const allHash = hashOfNumbers([...allReactions.keys()].flatMap((emoji) => [0, numberOf(emoji)]));
const chosenDefaults = new WeakMap<Account, TlObject>();

const getAll = method<TlObject & { hash: bigint }>((_context, { hash }) =>
  hash === allHash
    ? { _: 'messages.reactionsNotModified' }
    : { _: 'messages.reactions', hash: allHash, reactions: all },
);

export const availableReactionMethods: MethodTable = {
  'messages.getAvailableReactions': method<TlObject & { hash: number }>((context, { hash }) => {
    if (hash === listHash) return { _: 'messages.availableReactionsNotModified' };
    const reactions = [...allReactions].map(([reaction, title]) => {
      const animation = sticker(context, animated, reaction);
      return {
        _: 'availableReaction',
        reaction,
        title,
        staticIcon: sticker(context, still, reaction),
        appearAnimation: animation,
        selectAnimation: animation,
        activateAnimation: animation,
        effectAnimation: animation,
        aroundAnimation: animation,
        centerIcon: animation,
      };
    });
    return { _: 'messages.availableReactions', hash: listHash, reactions };
  }),

  'messages.getTopReactions': getAll,
  'messages.getDefaultTagReactions': getAll,
  'messages.getRecentReactions': method(() => ({ _: 'messages.reactions', hash: 0n, reactions: [] })),

  'messages.setDefaultReaction': method<TlObject & { reaction: TlObject }>(({ account }, { reaction }) => {
    if (!isAvailable(reaction)) throw new RpcError(400, 'REACTION_INVALID');
    chosenDefaults.set(account, reaction);
    return true;
  }),
};

/** The reaction that a double click gives; help.getConfig names it. */
export function defaultReaction(account: Account | undefined): TlObject {
  return (account && chosenDefaults.get(account)) ?? all[0]!;
}

/** What an emoji counts as in the hash of a list of reactions. */
function numberOf(emoji: string): number {
  return createHash('md5').update(emoji).digest().readInt32BE();
}

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
