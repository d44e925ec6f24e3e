/** messages.editMessage: the text, its formatting, and the media of messages that were sent or wait for their time. */
import { isDeepStrictEqual } from 'node:util';
import type { Account } from '../world/accounts.ts';
import { contentOf, type Content, type DeliveredMedia, type Delivery } from '../world/deliveries.ts';
import type { Session } from '../mtproto/session.ts';
import type { SandboxState } from '../world/state.ts';
import type { TlObject } from '../tl/values.ts';
import { isChannel, type Chat } from '../world/chat.ts';
import { albumGroups } from './albums.ts';
import { announce } from './answers.ts';
import { noteTop, use } from './deliver.ts';
import { takeMedia, type TakenMedia } from './media.ts';
import { messageObject } from './messages.ts';
import { takeText } from './message-text.ts';
import { method, type MethodContext, type MethodTable } from './method.ts';
import { chatOf } from './peers.ts';
import { closePoll } from './polls.ts';
import { RpcError } from '../mtproto/rpc-error.ts';
import { editScheduled } from './scheduled.ts';
import { maxCaption, maxText } from './send.ts';
import { findWritten } from './written.ts';

/** Kinds of media that may take one another's place (core.telegram.org/method/messages.editMessage) */
const replaceable = new Set<DeliveredMedia['kind']>(['photo', 'document', 'video', 'audio', 'animation']);

interface EditMessage extends TlObject {
  peer: TlObject;
  id: number;
  message?: string;
  media?: TlObject;
  entities?: TlObject[];
  /** Names a message that waits; it may be the time that it waits for already. */
  scheduleDate?: number;
}

export const editMethods: MethodTable = {
  'messages.editMessage': method<EditMessage>(async (context, request) => {
    const { state, account, call } = context;
    const { peer, id, media, scheduleDate } = request;
    const chat = chatOf(account, peer);
    if (scheduleDate !== undefined) {
      return editScheduled(context, chat, id, scheduleDate, async (waiting) => {
        const taken = media ? await replacedMedia(context, chat, waiting, media) : contentOf(waiting);
        return edited(account, waiting, request, taken);
      });
    }
    const written = findWritten(state, account, chat, id);
    if (!written) throw new RpcError(400, 'MESSAGE_ID_INVALID');
    const { delivery } = written;
    if (!delivery || delivery.from !== undefined) throw new RpcError(403, 'MESSAGE_AUTHOR_REQUIRED');
    if (delivery.action) throw new RpcError(400, 'MESSAGE_ID_INVALID');
    if (media?._ === 'inputMediaPoll') return closePoll(context, chat, delivery);
    /** An edit of the text alone is done at once, before calls that come with it. */
    const taken = media ? await replacedMedia(context, chat, delivery, media) : contentOf(delivery);
    const content = edited(account, delivery, request, taken);
    if (isSame(content, contentOf(delivery))) throw new RpcError(400, 'MESSAGE_NOT_MODIFIED');
    const other = delivery.twin && state.accounts.find(delivery.twin.account);
    const theirs = delivery.twin && other?.world.chats.get(delivery.twin.chatId);
    if (other && theirs) change(state, other, theirs, delivery.twin!, content, undefined);
    return change(state, account, chat, delivery, content, call.session);
  }),

  'messages.readHistory': method<TlObject & { peer: TlObject }>(({ account }, { peer }) => {
    chatOf(account, peer);
    return { _: 'messages.affectedMessages', pts: account.pts, ptsCount: 0 };
  }),

  'channels.readHistory': method<TlObject & { channel: TlObject }>(({ account }, { channel }) => {
    chatOf(account, channel);
    return true;
  }),

  'messages.setTyping': method<TlObject & { peer: TlObject }>(({ account }, { peer }) => {
    chatOf(account, peer);
    return true;
  }),
};

/** What a message is to show after an edit. A text that is given replaces the formatting as well. */
function edited(
  account: Account,
  delivery: Delivery,
  { message, entities }: EditMessage,
  { media, special }: TakenMedia,
): Content {
  const now = contentOf(delivery);
  const isChanged = message !== undefined || entities !== undefined;
  const { text, entities: all } = isChanged ? takeText(account, message ?? now.text, entities) : now;
  const hasMedia = Boolean(media ?? special);
  if (text === '' && !hasMedia) throw new RpcError(400, 'MESSAGE_EMPTY');
  if (hasMedia && text.length > maxCaption) throw new RpcError(400, 'MEDIA_CAPTION_TOO_LONG');
  if (text.length > maxText) throw new RpcError(400, 'MESSAGE_TOO_LONG');
  return { text, entities: all, media, special };
}

function change(
  state: SandboxState,
  account: Account,
  chat: Chat,
  delivery: Delivery,
  content: Content,
  except: Session | undefined,
): TlObject {
  const before = delivery.edited?.media;
  if (content.media && content.media !== delivery.media && content.media !== before) use(content.media);
  if (before && before !== delivery.media && before !== content.media) {
    for (const file of [before.file, before.thumbnail]) state.uploads.unuse(file);
  }
  delivery.edited = { ...content, at: Date.now() };
  if (chat.top === delivery) noteTop(chat, delivery);
  state.events.emit({ type: 'chat', account: account.id, chatId: chat.id });
  const name = isChannel(chat) ? 'updateEditChannelMessage' : 'updateEditMessage';
  const message = messageObject(account, delivery, chat);
  return announce(state, account, chat, { _: name, message, ptsCount: 1 }, except);
}

function isSame(one: Content, other: Content): boolean {
  return (
    one.text === other.text &&
    one.media === other.media &&
    isDeepStrictEqual(one.special, other.special) &&
    isDeepStrictEqual((one.entities ?? []).map(plain), (other.entities ?? []).map(plain))
  );
}

/** An entity without the fields that it lacks, which may stand there as undefined. */
function plain(entity: TlObject): [string, unknown][] {
  return Object.entries(entity)
    .filter(([, value]) => value !== undefined && value !== false)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

/**
 * The new media of a message. Rejects with MEDIA_PREV_INVALID where what it has cannot be replaced, MEDIA_NEW_INVALID where
 * what is given cannot replace anything, MEDIA_GROUPED_INVALID where it does not go with the rest of an album.
 */
async function replacedMedia(
  context: MethodContext,
  chat: Chat,
  delivery: Delivery,
  input: TlObject,
): Promise<TakenMedia> {
  const { media, special } = contentOf(delivery);
  const isLive = special?._ === 'messageMediaGeoLive';
  if (media && !replaceable.has(media.kind)) throw new RpcError(400, 'MEDIA_PREV_INVALID');
  if (special && !isLive && special._ !== 'messageMediaWebPage')
    throw new RpcError(400, 'MEDIA_PREV_INVALID');
  const taken = await takeMedia(context, chat, input);
  if (!taken.media) {
    const isRight = isLive
      ? taken.special?._ === special._
      : !media && taken.special?._ === 'messageMediaWebPage';
    if (!isRight) throw new RpcError(400, 'MEDIA_NEW_INVALID');
    return taken;
  }
  if (isLive || !replaceable.has(taken.media.kind)) throw new RpcError(400, 'MEDIA_NEW_INVALID');
  const isOfAlbum = delivery.groupedId !== undefined && media !== undefined;
  const isOfKind = isOfAlbum && albumGroups[media.kind] === albumGroups[taken.media.kind];
  if (isOfAlbum && !isOfKind) throw new RpcError(400, 'MEDIA_GROUPED_INVALID');
  return taken;
}
