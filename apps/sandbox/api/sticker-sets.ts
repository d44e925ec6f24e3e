/** Sets of stickers: those that Telegram keeps for its own use are empty here, and there are no others. */
import type { TlObject } from '../tl/values.ts';
import { hashOf } from '../world/names.ts';
import { method, type MethodTable } from './method.ts';
import { RpcError } from '../mtproto/rpc-error.ts';

const keywordsVersion = 1;

interface OfLanguage extends TlObject {
  langCode: string;
  fromVersion?: number;
}

const getKeywords = method<OfLanguage>((_context, { langCode, fromVersion = 0 }) => {
  const versions = { fromVersion, version: keywordsVersion };
  return { _: 'emojiKeywordsDifference', langCode, ...versions, keywords: [] };
});

export const stickerSetMethods: MethodTable = {
  'messages.getStickerSet': method<TlObject & { stickerset: TlObject; hash: number }>(
    (_context, { stickerset, hash }) => {
      const name = /^inputStickerSet([A-Z]\w+)$/.exec(stickerset._)?.[1];
      if (!name || ['ID', 'ShortName', 'Empty'].includes(name)) throw new RpcError(400, 'STICKERSET_INVALID');
      if (hash === 1) return { _: 'messages.stickerSetNotModified' };
      const emoticon = typeof stickerset.emoticon === 'string' ? stickerset.emoticon : '';
      const id = BigInt.asUintN(62, hashOf('sticker set', name, emoticon));
      const named = { id, accessHash: hashOf('sticker set access', id), title: name, shortName: name };
      const set = { _: 'stickerSet', official: true, ...named, count: 0, hash: 1 };
      return { _: 'messages.stickerSet', set, packs: [], keywords: [], documents: [] };
    },
  ),
  'messages.getEmojiKeywords': getKeywords,
  'messages.getEmojiKeywordsDifference': getKeywords,
  'messages.getEmojiURL': method(() => ({ _: 'emojiURL', url: 'https://translations.telegram.org/emoji' })),
};
