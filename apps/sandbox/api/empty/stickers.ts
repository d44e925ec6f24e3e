/** Stickers, GIFs and emoji: there are none. */
import type { TlValue } from '../../tl/values.ts';

const noSets = { _: 'messages.allStickers', hash: 0n, sets: [] };
const noFeatured = { _: 'messages.featuredStickers', hash: 0n, count: 0, sets: [], unread: [] };
const noFoundSets = { _: 'messages.foundStickerSets', hash: 0n, sets: [] };
const noGroups = { _: 'messages.emojiGroups', hash: 0, groups: [] };

export const emptyStickers: Readonly<Record<string, TlValue>> = {
  'messages.clearRecentStickers': true,
  'messages.getAllStickers': noSets,
  'messages.getArchivedStickers': { _: 'messages.archivedStickers', count: 0, sets: [] },
  'messages.getAttachedStickers': [],
  'messages.getCustomEmojiDocuments': [],
  'messages.getEmojiGroups': noGroups,
  'messages.getEmojiKeywordsLanguages': [],
  'messages.getEmojiProfilePhotoGroups': noGroups,
  'messages.getEmojiStatusGroups': noGroups,
  'messages.getEmojiStickerGroups': noGroups,
  'messages.getEmojiStickers': noSets,
  'messages.getFavedStickers': { _: 'messages.favedStickers', hash: 0n, packs: [], stickers: [] },
  'messages.getFeaturedEmojiStickers': noFeatured,
  'messages.getFeaturedStickers': noFeatured,
  'messages.getMaskStickers': noSets,
  'messages.getMyStickers': { _: 'messages.myStickers', count: 0, sets: [] },
  'messages.getOldFeaturedStickers': noFeatured,
  'messages.getRecentStickers': {
    _: 'messages.recentStickers',
    hash: 0n,
    packs: [],
    stickers: [],
    dates: [],
  },
  'messages.getSavedGifs': { _: 'messages.savedGifs', hash: 0n, gifs: [] },
  'messages.getStickers': { _: 'messages.stickers', hash: 0n, stickers: [] },
  'messages.readFeaturedStickers': true,
  'messages.searchCustomEmoji': { _: 'emojiList', hash: 0n, documentId: [] },
  'messages.searchEmojiStickerSets': noFoundSets,
  'messages.searchStickerSets': noFoundSets,
  'messages.searchStickers': { _: 'messages.foundStickers', hash: 0n, stickers: [] },
};
