/** What the fields of a fault suggest. */

/** Errors that senders meet most. */
export const PRESETS = [
  'FLOOD_WAIT_26',
  'FLOOD_WAIT_300',
  'SLOWMODE_WAIT_10',
  'PEER_FLOOD',
  'USER_BANNED_IN_CHANNEL',
  'CHAT_WRITE_FORBIDDEN',
  'CHANNEL_PRIVATE',
  'PERSISTENT_TIMESTAMP_OUTDATED',
  'AUTH_KEY_UNREGISTERED',
  'AUTH_KEY_DUPLICATED',
  'RPC_CALL_FAIL',
  'Timedout',
];

/** Methods that senders call. */
export const METHODS = [
  'messages.sendMessage',
  'messages.sendMedia',
  'messages.sendMultiMedia',
  'messages.forwardMessages',
  'messages.editMessage',
  'messages.deleteMessages',
  'messages.getDialogs',
  'messages.getHistory',
  'messages.getScheduledHistory',
  'messages.getForumTopics',
  'messages.getPinnedDialogs',
  'contacts.resolveUsername',
  'contacts.getContacts',
  'channels.getChannels',
  'channels.getMessages',
  'users.getUsers',
  'users.getFullUser',
  'upload.saveFilePart',
  'upload.saveBigFilePart',
  'updates.getState',
  'updates.getDifference',
  'updates.getChannelDifference',
  'help.getConfig',
  'auth.sendCode',
  'auth.signIn',
  'auth.checkPassword',
  'auth.exportLoginToken',
];
