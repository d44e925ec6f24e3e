/** Every method that this server has. Any other is METHOD_INVALID, as with Telegram. */
import { settingMethods } from './account-settings.ts';
import { authMethods, openAuthMethods } from './auth.ts';
import { authorizationMethods, openAuthorizationMethods } from './authorizations.ts';
import { availableReactionMethods } from './available-reactions.ts';
import { chatMethods } from './chats.ts';
import { contactMethods } from './contacts.ts';
import { countryMethods } from './countries.ts';
import { deletionMethods } from './deletions.ts';
import { dialogChangeMethods } from './dialog-changes.ts';
import { dialogMethods } from './dialogs.ts';
import { draftMethods } from './drafts.ts';
import { editMethods } from './edits.ts';
import { emptyAccount } from './empty/account.ts';
import { emptyHelp } from './empty/help.ts';
import { emptyMessages } from './empty/messages.ts';
import { emptyOthers } from './empty/others.ts';
import { refusals } from './empty/refusals.ts';
import { emptyStickers } from './empty/stickers.ts';
import { fileMethods } from './files.ts';
import { folderMethods } from './folders.ts';
import { forwardMethods } from './forward.ts';
import { globalSearchMethods } from './global-search.ts';
import { helpMethods, openHelpMethods } from './help.ts';
import { historyMethods } from './history.ts';
import { messageQueryMethods } from './message-queries.ts';
import { joiningMethods } from './joining.ts';
import { memberMethods } from './members.ts';
import { answering, merged, refusing, type MethodTable } from './method.ts';
import { peopleMethods } from './people.ts';
import { pinMethods } from './pins.ts';
import { pollMethods } from './polls.ts';
import { notifyMethods } from './notify-settings.ts';
import { openQrMethods, qrMethods } from './qr.ts';
import { reactionMethods } from './reactions.ts';
import { scheduledMethods } from './scheduled.ts';
import { sendMethods } from './send.ts';
import { stickerSetMethods } from './sticker-sets.ts';
import { topicChangeMethods } from './topic-changes.ts';
import { topicMethods } from './topics.ts';
import { updateMethods } from './updates.ts';
import { userMethods } from './users.ts';

/** Methods that need no account. */
export const openMethods: MethodTable = merged(
  answering(emptyHelp),
  countryMethods,
  openHelpMethods,
  openAuthMethods,
  openAuthorizationMethods,
  openQrMethods,
);

/** All methods by name. */
export const methods: MethodTable = merged(
  openMethods,
  authMethods,
  authorizationMethods,
  availableReactionMethods,
  chatMethods,
  contactMethods,
  deletionMethods,
  dialogChangeMethods,
  dialogMethods,
  draftMethods,
  editMethods,
  fileMethods,
  folderMethods,
  forwardMethods,
  helpMethods,
  globalSearchMethods,
  historyMethods,
  joiningMethods,
  messageQueryMethods,
  notifyMethods,
  memberMethods,
  peopleMethods,
  pinMethods,
  pollMethods,
  qrMethods,
  reactionMethods,
  scheduledMethods,
  sendMethods,
  settingMethods,
  stickerSetMethods,
  topicChangeMethods,
  topicMethods,
  updateMethods,
  userMethods,
  answering({ ...emptyAccount, ...emptyMessages, ...emptyOthers, ...emptyStickers }),
  refusing(refusals),
);
