/** account.*: what nobody here has, and notes that a server takes without showing them again. */
import type { TlValue } from '../../tl/values.ts';
import { NO_PEERS } from './lists.ts';

const DOWNLOAD = {
  _: 'autoDownloadSettings',
  photoSizeMax: 1_048_576,
  videoSizeMax: 10_485_760n,
  fileSizeMax: 1_048_576n,
  videoUploadMaxbitrate: 50,
  smallQueueActiveOperationsMax: 0,
  largeQueueActiveOperationsMax: 0,
};
const NO_SAVING = { _: 'autoSaveSettings' };
const NO_EMOJI = { _: 'emojiList', hash: 0n, documentId: [] };
const NO_STATUSES = { _: 'account.emojiStatuses', hash: 0n, statuses: [] };
const NO_THEMES = { _: 'account.themes', hash: 0n, themes: [] };

export const EMPTY_ACCOUNT: Readonly<Record<string, TlValue>> = {
  'account.clearRecentEmojiStatuses': true,
  'account.deleteAutoSaveExceptions': true,
  'account.getAllSecureValues': [],
  'account.getAutoDownloadSettings': {
    _: 'account.autoDownloadSettings',
    low: DOWNLOAD,
    medium: DOWNLOAD,
    high: DOWNLOAD,
  },
  'account.getAutoSaveSettings': {
    _: 'account.autoSaveSettings',
    usersSettings: NO_SAVING,
    chatsSettings: NO_SAVING,
    broadcastsSettings: NO_SAVING,
    exceptions: [],
    ...NO_PEERS,
  },
  'account.getBusinessChatLinks': { _: 'account.businessChatLinks', links: [], ...NO_PEERS },
  'account.getChannelDefaultEmojiStatuses': NO_STATUSES,
  'account.getChannelRestrictedStatusEmojis': NO_EMOJI,
  'account.getChatThemes': NO_THEMES,
  'account.getCollectibleEmojiStatuses': NO_STATUSES,
  'account.getConnectedBots': { _: 'account.connectedBots', connectedBots: [], users: [] },
  'account.getDefaultBackgroundEmojis': NO_EMOJI,
  'account.getDefaultEmojiStatuses': NO_STATUSES,
  'account.getDefaultGroupPhotoEmojis': NO_EMOJI,
  'account.getDefaultProfilePhotoEmojis': NO_EMOJI,
  'account.getMultiWallPapers': [],
  'account.getPaidMessagesRevenue': { _: 'account.paidMessagesRevenue', starsAmount: 0n },
  'account.getPasskeys': { _: 'account.passkeys', passkeys: [] },
  'account.getRecentEmojiStatuses': NO_STATUSES,
  'account.getSavedMusicIds': { _: 'account.savedMusicIds', ids: [] },
  'account.getSavedRingtones': { _: 'account.savedRingtones', hash: 0n, ringtones: [] },
  'account.getThemes': NO_THEMES,
  'account.getUniqueGiftChatThemes': { _: 'account.chatThemes', hash: 0n, themes: [], ...NO_PEERS },
  'account.getWallPapers': { _: 'account.wallPapers', hash: 0n, wallpapers: [] },
  'account.getWebAuthorizations': { _: 'account.webAuthorizations', authorizations: [], users: [] },
  'account.getWebBrowserSettings': {
    _: 'account.webBrowserSettings',
    externalExceptions: [],
    inappExceptions: [],
    hash: 0n,
  },
  'account.invalidateSignInCodes': true,
  'account.registerDevice': true,
  'account.reportPeer': true,
  'account.reportProfilePhoto': true,
  'account.resetWallPapers': true,
  'account.resetWebAuthorizations': true,
  'account.unregisterDevice': true,
  'account.updateDeviceLocked': true,
  'account.updateStatus': true,
};
