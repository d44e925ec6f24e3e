import { Api } from 'telegram/tl/index.js';
import { describe, expect, it } from 'vitest';
import type { SendOptions } from '../model/message.ts';
import { sendRequest } from './requests.ts';

const request = (options: SendOptions) => {
  const peer = { chatId: '-4021', kind: 'chat', accessHash: '0' } as const;
  const text = { text: 'a', entities: [] };
  const method = 'messages.sendMessage';
  const sent = sendRequest(peer, { method, randomIds: ['1'], text, files: [], options }, [], () => undefined);
  return sent as Api.messages.SendMessage;
};

describe('the request of a text', () => {
  it('asks for nothing special when there are no options', () => {
    const { silent, noWebpage, replyTo, scheduleDate, entities } = request({});
    expect({ silent, noWebpage, replyTo, scheduleDate, entities }).toEqual({});
  });

  it('is silent, without a preview and for later where it is told so', () => {
    expect(request({ silent: true, linkPreview: false, scheduleAt: 5 })).toMatchObject({
      silent: true,
      noWebpage: true,
      scheduleDate: 5,
    });
  });

  it.each<[SendOptions, { replyToMsgId: number; topMsgId?: number }]>([
    [{ replyTo: 7 }, { replyToMsgId: 7 }],
    [{ topicId: 2 }, { replyToMsgId: 2 }],
    [
      { replyTo: 7, topicId: 2 },
      { replyToMsgId: 7, topMsgId: 2 },
    ],
    [{ replyTo: 7, topicId: 1 }, { replyToMsgId: 7 }],
  ])('answers a message, in a topic, or both: %j', (options, expected) => {
    const { replyTo } = request(options);
    expect(replyTo).toBeInstanceOf(Api.InputReplyToMessage);
    const { replyToMsgId, topMsgId } = replyTo as Api.InputReplyToMessage;
    expect({ replyToMsgId, ...(topMsgId !== undefined && { topMsgId }) }).toEqual(expected);
  });
});
