/** What an answer to a send proves. */
import { Api } from 'telegram/tl/index.js';
import { expect, it } from 'vitest';
import { AnswerUnclear } from '../model/telegram-error.ts';
import { long } from './peers.ts';
import { findSent } from './find-message-ids.ts';

const named = new Api.UpdateMessageID({ id: 7, randomId: long('1') });
const message = (date: number) =>
  new Api.Message({ id: 7, peerId: new Api.PeerUser({ userId: long('5') }), date, message: 'a' });
const answer = (...updates: Api.TypeUpdate[]) =>
  new Api.Updates({ updates, users: [], chats: [], date: 100, seq: 0 });

it('a message to be scheduled is held where the answer shows it, until its time', () => {
  const held = answer(named, new Api.UpdateNewScheduledMessage({ message: message(900) }));
  expect(findSent(held, ['1'], true)).toEqual({ messageIds: [7], date: 900 });
});

it('a message to be scheduled whose time has come is sent', () => {
  const sent = answer(named, new Api.UpdateNewMessage({ message: message(101), pts: 1, ptsCount: 1 }));
  expect(findSent(sent, ['1'], true)).toEqual({ messageIds: [7], date: 101 });
});

it('an id alone proves that a message was sent, and not that one is held', () => {
  expect(findSent(answer(named), ['1'])).toEqual({ messageIds: [7], date: 100 });
  expect(() => findSent(answer(named), ['1'], true)).toThrow(AnswerUnclear);
});
