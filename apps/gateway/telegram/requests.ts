/** The requests that send: a text, a medium, or an album. */
import { Api } from 'telegram/tl/index.js';
import { plainText, type FormattedText } from '../model/formatted-text.ts';
import type { SendOptions } from '../model/message.ts';
import { OutcomeUnknown } from '../model/telegram-error.ts';
import type { Outgoing, PeerAddress } from '../model/account.ts';
import { messageEntities, type FindUser } from './entities.ts';
import { inputPeer, long } from './peers.ts';
import { fromPlain } from './tl-objects.ts';

/** The request for a message whose files, where it has any, have become `media`. */
export function sendRequest(
  peer: PeerAddress,
  { method, randomIds, text, laterTexts = [], input, options }: Outgoing,
  media: readonly Api.TypeInputMedia[],
  findUser: FindUser,
): Api.messages.SendMessage | Api.messages.SendMedia | Api.messages.SendMultiMedia {
  const target = { peer: inputPeer(peer), ...sendFlags(options) };
  const randomId = long(randomIds[0]!);
  switch (method) {
    case 'messages.sendMessage': {
      const noWebpage = options.linkPreview === false && { noWebpage: true };
      return new Api.messages.SendMessage({ ...target, ...saying(text, findUser), ...noWebpage, randomId });
    }
    case 'messages.sendMedia': {
      const only = input ? fromPlain<Api.TypeInputMedia>(input) : media[0]!;
      return new Api.messages.SendMedia({ ...target, ...saying(text, findUser), media: only, randomId });
    }
    case 'messages.sendMultiMedia': {
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
  }
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
