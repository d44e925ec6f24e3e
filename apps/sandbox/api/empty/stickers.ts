/** Stickers, GIFs and emoji: there are none. */
import type { TlValue } from '../../tl/values.ts';

const NO_SETS = { _: 'messages.allStickers', hash: 0n, sets: [] };
const NO_FEATURED = { _: 'messages.featuredStickers', hash: 0n, count: 0, sets: [], unread: [] };
const NO_FOUND_SETS = { _: 'messages.foundStickerSets', hash: 0n, sets: [] };
const NO_GROUPS = { _: 'messages.emojiGroups', hash: 0, groups: [] };

export const EMPTY_STICKERS: Readonly<Record<string, TlValue>> = {
  'messages.clearRecentStickers': true,
  'messages.getAllStickers': NO_SETS,
  'messages.getArchivedStickers': { _: 'messages.archivedStickers', count: 0, sets: [] },
  'messages.getAttachedStickers': [],
  'messages.getCustomEmojiDocuments': [],
  'messages.getEmojiGroups': NO_GROUPS,
  'messages.getEmojiKeywordsLanguages': [],
  'messages.getEmojiProfilePhotoGroups': NO_GROUPS,
  'messages.getEmojiStatusGroups': NO_GROUPS,
  'messages.getEmojiStickerGroups': NO_GROUPS,
  'messages.getEmojiStickers': NO_SETS,
  'messages.getFavedStickers': { _: 'messages.favedStickers', hash: 0n, packs: [], stickers: [] },
  'messages.getFeaturedEmojiStickers': NO_FEATURED,
  'messages.getFeaturedStickers': NO_FEATURED,
  'messages.getMaskStickers': NO_SETS,
  'messages.getMyStickers': { _: 'messages.myStickers', count: 0, sets: [] },
  'messages.getOldFeaturedStickers': NO_FEATURED,
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
  'messages.searchEmojiStickerSets': NO_FOUND_SETS,
  'messages.searchStickerSets': NO_FOUND_SETS,
  'messages.searchStickers': { _: 'messages.foundStickers', hash: 0n, stickers: [] },
};
