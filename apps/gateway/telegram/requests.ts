/** The requests that send: one text, one file, or an album. */
import { Api } from 'telegram/tl/index.js';
import { plainText, type FormattedText } from '../model/formatted-text.ts';
import type { SendOptions } from '../model/message.ts';
import { OutcomeUnknown } from '../model/telegram-error.ts';
import type { Outgoing, PeerAddress } from '../model/account.ts';
import { messageEntities, type FindUser } from './entities.ts';
import { inputPeer, long } from './peers.ts';

/** The request for a message whose media, if any, are `media`; none sends the text by itself. */
export function sendRequest(
  peer: PeerAddress,
  { randomIds, text, laterTexts = [], options }: Outgoing,
  media: readonly Api.TypeInputMedia[],
  findUser: FindUser,
): Api.messages.SendMessage | Api.messages.SendMedia | Api.messages.SendMultiMedia {
  const target = { peer: inputPeer(peer), ...sendFlags(options) };
  const said = saying(text, findUser);
  const [only, second] = media;
  if (!only) {
    const noWebpage = options.linkPreview === false && { noWebpage: true };
    return new Api.messages.SendMessage({ ...target, ...said, ...noWebpage, randomId: long(randomIds[0]!) });
  }
  if (!second)
    return new Api.messages.SendMedia({ ...target, ...said, media: only, randomId: long(randomIds[0]!) });
  const captions = [text, ...laterTexts];
  const multiMedia = media.map(
    (item, index) =>
      new Api.InputSingleMedia({
        media: item,
        randomId: long(randomIds[index]!),
        ...saying(captions[index], findUser),
      }),
  );
  return new Api.messages.SendMultiMedia({ ...target, multiMedia });
}

function saying(formatted: FormattedText = plainText(''), findUser: FindUser) {
  const entities = messageEntities(formatted.entities, findUser);
  return { message: formatted.text, ...(entities.length > 0 && { entities }) };
}

/** What was uploaded, as an album takes it. @throws OutcomeUnknown for an answer without it, which sent nothing */
export function albumItem(uploaded: Api.TypeMessageMedia, spoiler: boolean): Api.TypeInputMedia {
  const flags = spoiler && { spoiler: true };
  if (uploaded instanceof Api.MessageMediaPhoto && uploaded.photo instanceof Api.Photo) {
    const { id, accessHash, fileReference } = uploaded.photo;
    return new Api.InputMediaPhoto({ ...flags, id: new Api.InputPhoto({ id, accessHash, fileReference }) });
  }
  if (uploaded instanceof Api.MessageMediaDocument && uploaded.document instanceof Api.Document) {
    const { id, accessHash, fileReference } = uploaded.document;
    return new Api.InputMediaDocument({
      ...flags,
      id: new Api.InputDocument({ id, accessHash, fileReference }),
    });
  }
  throw new OutcomeUnknown(`the answer ${uploaded.className} to messages.uploadMedia has no media`);
}

/** The topic that a forum has from the start. It is where a message goes that names none, and it takes no reply. */
const generalTopic = 1;

function sendFlags({ replyTo, silent, scheduleAt, ...options }: SendOptions) {
  const topicId = options.topicId === generalTopic ? undefined : options.topicId;
  const replyToMsgId = replyTo ?? topicId;
  return {
    ...(replyToMsgId !== undefined && {
      replyTo: new Api.InputReplyToMessage({
        replyToMsgId,
        ...(topicId !== undefined && replyTo !== undefined && { topMsgId: topicId }),
      }),
    }),
    ...(silent && { silent: true }),
    ...(scheduleAt !== undefined && { scheduleDate: scheduleAt }),
  };
}
