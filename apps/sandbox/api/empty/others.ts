/** Payments, boosts, stories, bots, calls: nobody here has any. */
import type { TlValue } from '../../tl/values.ts';
import { noChats, noPeers } from './lists.ts';

const noStars = {
  _: 'payments.starsStatus',
  balance: { _: 'starsAmount', amount: 0n, nanos: 0 },
  ...noPeers,
};
const noGifts = { _: 'payments.savedStarGifts', count: 0, gifts: [], ...noPeers };
const noStories = { _: 'stories.stories', count: 0, stories: [], ...noPeers };
const noBoosts = { _: 'premium.boostsList', count: 0, boosts: [], users: [] };
const noBots = { _: 'payments.connectedStarRefBots', count: 0, connectedBots: [], users: [] };

export const emptyOthers: Readonly<Record<string, TlValue>> = {
  'aicompose.getTones': { _: 'aicompose.tones', hash: 0n, tones: [], users: [] },
  'bots.getAdminedBots': [],
  'bots.getBotRecommendations': { _: 'users.users', users: [] },
  'bots.getPopularAppBots': { _: 'bots.popularAppBots', users: [] },
  'payments.clearSavedInfo': true,
  'payments.getConnectedStarRefBots': noBots,
  'payments.getPremiumGiftCodeOptions': [],
  'payments.getResaleStarGifts': { _: 'payments.resaleStarGifts', count: 0, gifts: [], ...noPeers },
  'payments.getSavedInfo': { _: 'payments.savedInfo' },
  'payments.getSavedStarGift': noGifts,
  'payments.getSavedStarGifts': noGifts,
  'payments.getStarGiftActiveAuctions': {
    _: 'payments.starGiftActiveAuctions',
    auctions: [],
    ...noPeers,
  },
  'payments.getStarGiftCollections': { _: 'payments.starGiftCollections', collections: [] },
  'payments.getStarGifts': { _: 'payments.starGifts', hash: 0, gifts: [], ...noPeers },
  'payments.getStarsGiftOptions': [],
  'payments.getStarsGiveawayOptions': [],
  'payments.getStarsStatus': noStars,
  'payments.getStarsSubscriptions': noStars,
  'payments.getStarsTopupOptions': [],
  'payments.getStarsTransactions': noStars,
  'payments.getStarsTransactionsByID': noStars,
  'payments.getSuggestedStarRefBots': {
    _: 'payments.suggestedStarRefBots',
    count: 0,
    suggestedBots: [],
    users: [],
  },
  'phone.getCallConfig': { _: 'dataJSON', data: '{}' },
  'phone.saveCallDebug': true,
  'premium.getBoostsList': noBoosts,
  'premium.getMyBoosts': { _: 'premium.myBoosts', myBoosts: [], ...noPeers },
  'premium.getUserBoosts': noBoosts,
  'stories.canSendStory': { _: 'stories.canSendStoryCount', countRemains: 0 },
  'stories.getAlbums': { _: 'stories.albums', hash: 0n, albums: [] },
  'stories.getAlbumStories': noStories,
  'stories.getAllStories': {
    _: 'stories.allStories',
    count: 0,
    state: '',
    peerStories: [],
    ...noPeers,
    stealthMode: { _: 'storiesStealthMode' },
  },
  'stories.getChatsToSend': noChats,
  'stories.getPinnedStories': noStories,
  'stories.getStoriesArchive': noStories,
  'stories.getStoriesByID': noStories,
  'stories.incrementStoryViews': true,
  'stories.readStories': [],
  'stories.searchPosts': { _: 'stories.foundStories', count: 0, stories: [], ...noPeers },
};
