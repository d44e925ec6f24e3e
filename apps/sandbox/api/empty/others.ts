/** Payments, boosts, stories, bots, calls: nobody here has any. */
import type { TlValue } from '../../tl/values.ts';
import { NO_CHATS, NO_PEERS } from './lists.ts';

const NO_STARS = {
  _: 'payments.starsStatus',
  balance: { _: 'starsAmount', amount: 0n, nanos: 0 },
  ...NO_PEERS,
};
const NO_GIFTS = { _: 'payments.savedStarGifts', count: 0, gifts: [], ...NO_PEERS };
const NO_STORIES = { _: 'stories.stories', count: 0, stories: [], ...NO_PEERS };
const NO_BOOSTS = { _: 'premium.boostsList', count: 0, boosts: [], users: [] };
const NO_BOTS = { _: 'payments.connectedStarRefBots', count: 0, connectedBots: [], users: [] };

export const EMPTY_OTHERS: Readonly<Record<string, TlValue>> = {
  'aicompose.getTones': { _: 'aicompose.tones', hash: 0n, tones: [], users: [] },
  'bots.getAdminedBots': [],
  'bots.getBotRecommendations': { _: 'users.users', users: [] },
  'bots.getPopularAppBots': { _: 'bots.popularAppBots', users: [] },
  'payments.clearSavedInfo': true,
  'payments.getConnectedStarRefBots': NO_BOTS,
  'payments.getPremiumGiftCodeOptions': [],
  'payments.getResaleStarGifts': { _: 'payments.resaleStarGifts', count: 0, gifts: [], ...NO_PEERS },
  'payments.getSavedInfo': { _: 'payments.savedInfo' },
  'payments.getSavedStarGift': NO_GIFTS,
  'payments.getSavedStarGifts': NO_GIFTS,
  'payments.getStarGiftActiveAuctions': {
    _: 'payments.starGiftActiveAuctions',
    auctions: [],
    ...NO_PEERS,
  },
  'payments.getStarGiftCollections': { _: 'payments.starGiftCollections', collections: [] },
  'payments.getStarGifts': { _: 'payments.starGifts', hash: 0, gifts: [], ...NO_PEERS },
  'payments.getStarsGiftOptions': [],
  'payments.getStarsGiveawayOptions': [],
  'payments.getStarsStatus': NO_STARS,
  'payments.getStarsSubscriptions': NO_STARS,
  'payments.getStarsTopupOptions': [],
  'payments.getStarsTransactions': NO_STARS,
  'payments.getStarsTransactionsByID': NO_STARS,
  'payments.getSuggestedStarRefBots': {
    _: 'payments.suggestedStarRefBots',
    count: 0,
    suggestedBots: [],
    users: [],
  },
  'phone.getCallConfig': { _: 'dataJSON', data: '{}' },
  'phone.saveCallDebug': true,
  'premium.getBoostsList': NO_BOOSTS,
  'premium.getMyBoosts': { _: 'premium.myBoosts', myBoosts: [], ...NO_PEERS },
  'premium.getUserBoosts': NO_BOOSTS,
  'stories.canSendStory': { _: 'stories.canSendStoryCount', countRemains: 0 },
  'stories.getAlbums': { _: 'stories.albums', hash: 0n, albums: [] },
  'stories.getAlbumStories': NO_STORIES,
  'stories.getAllStories': {
    _: 'stories.allStories',
    count: 0,
    state: '',
    peerStories: [],
    ...NO_PEERS,
    stealthMode: { _: 'storiesStealthMode' },
  },
  'stories.getChatsToSend': NO_CHATS,
  'stories.getPinnedStories': NO_STORIES,
  'stories.getStoriesArchive': NO_STORIES,
  'stories.getStoriesByID': NO_STORIES,
  'stories.incrementStoryViews': true,
  'stories.readStories': [],
  'stories.searchPosts': { _: 'stories.foundStories', count: 0, stories: [], ...NO_PEERS },
};
