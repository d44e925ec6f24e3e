/** account.*: what nobody here has, and notes that a server takes without showing them again. */
import type { TlValue } from '../../tl/values.ts';
import { noPeers } from './lists.ts';

const download = {
  _: 'autoDownloadSettings',
  photoSizeMax: 1_048_576,
  videoSizeMax: 10_485_760n,
  fileSizeMax: 1_048_576n,
  videoUploadMaxbitrate: 50,
  smallQueueActiveOperationsMax: 0,
  largeQueueActiveOperationsMax: 0,
};
const noSaving = { _: 'autoSaveSettings' };
const noEmoji = { _: 'emojiList', hash: 0n, documentId: [] };
const noStatuses = { _: 'account.emojiStatuses', hash: 0n, statuses: [] };
const noThemes = { _: 'account.themes', hash: 0n, themes: [] };

export const emptyAccount: Readonly<Record<string, TlValue>> = {
  'account.clearRecentEmojiStatuses': true,
  'account.deleteAutoSaveExceptions': true,
  'account.getAllSecureValues': [],
  'account.getAutoDownloadSettings': {
    _: 'account.autoDownloadSettings',
    low: download,
    medium: download,
    high: download,
  },
  'account.getAutoSaveSettings': {
    _: 'account.autoSaveSettings',
    usersSettings: noSaving,
    chatsSettings: noSaving,
    broadcastsSettings: noSaving,
    exceptions: [],
    ...noPeers,
  },
  'account.getBusinessChatLinks': { _: 'account.businessChatLinks', links: [], ...noPeers },
  'account.getChannelDefaultEmojiStatuses': noStatuses,
  'account.getChannelRestrictedStatusEmojis': noEmoji,
  'account.getChatThemes': noThemes,
  'account.getCollectibleEmojiStatuses': noStatuses,
  'account.getConnectedBots': { _: 'account.connectedBots', connectedBots: [], users: [] },
  'account.getDefaultBackgroundEmojis': noEmoji,
  'account.getDefaultEmojiStatuses': noStatuses,
  'account.getDefaultGroupPhotoEmojis': noEmoji,
  'account.getDefaultProfilePhotoEmojis': noEmoji,
  'account.getMultiWallPapers': [],
  'account.getPaidMessagesRevenue': { _: 'account.paidMessagesRevenue', starsAmount: 0n },
  'account.getPasskeys': { _: 'account.passkeys', passkeys: [] },
  'account.getRecentEmojiStatuses': noStatuses,
  'account.getSavedMusicIds': { _: 'account.savedMusicIds', ids: [] },
  'account.getSavedRingtones': { _: 'account.savedRingtones', hash: 0n, ringtones: [] },
  'account.getThemes': noThemes,
  'account.getUniqueGiftChatThemes': { _: 'account.chatThemes', hash: 0n, themes: [], ...noPeers },
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
