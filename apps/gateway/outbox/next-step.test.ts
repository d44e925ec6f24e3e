import { describe, expect, it } from 'vitest';
import { plainText } from '../model/formatted-text.ts';
import type { Gate } from '../pacing/gates.ts';
import type { PeerAddress } from '../model/account.ts';
import { nextStep } from './next-step.ts';
import { untilKnown, type StoredMessage } from '../model/message.ts';

const now = 1_000_000;

function message(changes: Partial<StoredMessage> = {}): StoredMessage {
  return {
    id: 'm1',
    seq: 1,
    chat: '7',
    randomIds: ['1'],
    idempotencyKey: undefined,
    fingerprint: 'f',
    content: { texts: [plainText('hello')], options: {} },
    status: 'queued',
    acceptedAt: 0,
    expiresAt: now + 1_000,
    notBefore: 0,
    attempts: 0,
    maybeSent: false,
    messageIds: [],
    sentAt: undefined,
    failure: undefined,
    ...changes,
  };
}

const user = (chatId: string): PeerAddress => ({ chatId, kind: 'user', accessHash: '1' });
const open = { closedFor: () => undefined };
const closed = (gate: Gate) => ({ closedFor: () => gate });

/** What the tables say of every chat, and whether the first walk is still under way. */
const tables = (found: PeerAddress | 'missing' | undefined, isWalking = false) => ({
  find: () => found,
  ownerOf: () => (typeof found === 'object' ? { peer: found } : found),
  mayBecomeKnown: () => isWalking,
});

const flooded: Gate = { scope: 'method:messages.sendMessage', until: now + 26_000, reason: 'FLOOD_WAIT_26' };

describe('the next step for a message', () => {
  it('is to send it when its chat is known', () => {
    expect(nextStep(tables(user('7')), open, message(), now)).toEqual({ does: 'send', peer: user('7') });
  });

  it('is to give it up when its time is over, though its chat is known', () => {
    expect(nextStep(tables(user('7')), open, message({ expiresAt: now }), now)).toEqual({ does: 'expire' });
  });

  it.each([{ maybeSent: true }, { status: 'sending' as const }])(
    'is to ask again for one that may have been sent, however old: %j',
    (may) => {
      const old = message({ expiresAt: now - 1, ...may });
      expect(nextStep(tables(user('7')), open, old, now)).toMatchObject({ does: 'send' });
    },
  );

  it('is to wait for the gate that is closed for it, and say which', () => {
    expect(nextStep(tables(user('7')), closed(flooded), message(), now)).toMatchObject({
      does: 'hold',
      notBefore: flooded.until,
      failure: { class: 'flood_wait', detail: expect.stringContaining('26 s') },
    });
  });

  it('asks for the gate of the method it is sent with', () => {
    const file = { spooled: 's', sizeBytes: 1, name: 'a.png', mimeType: 'image/png', kind: 'photo' } as const;
    const asked: unknown[] = [];
    const gates = { closedFor: (scope: unknown) => void asked.push(scope) };
    for (const media of [[file], [file, file]]) {
      const content = { media, caption: plainText(''), options: {} };
      nextStep(tables(user('7')), gates, message({ content }), now);
    }
    expect(asked).toEqual([
      { method: 'messages.sendMedia', chatId: '7' },
      { method: 'messages.sendMultiMedia', chatId: '7' },
    ]);
  });

  it('is to put it in line for the chat that its name stands for', () => {
    const step = nextStep(tables(user('7')), open, message({ chat: '@anna' }), now);
    expect(step).toEqual({ does: 'move', to: '7' });
  });

  it.each(['9', '@anna'])('is to wait while %s may still come with the first walk', (chat) => {
    const step = nextStep(tables(undefined, true), open, message({ chat }), now);
    expect(step).toMatchObject({ does: 'hold', notBefore: untilKnown });
  });

  it('is to look a name up once the walk is whole, and to fail an id', () => {
    expect(nextStep(tables(undefined), open, message({ chat: '@anna' }), now)).toEqual({
      does: 'look_up',
      name: '@anna',
    });
    const step = nextStep(tables(undefined), open, message({ chat: '9' }), now);
    expect(step).toMatchObject({ does: 'fail', failure: { class: 'cannot_resolve' } });
  });

  it('is to fail a name that Telegram does not know, also while the walk is under way', () => {
    const step = nextStep(tables('missing', true), open, message({ chat: '@nobody' }), now);
    expect(step).toMatchObject({ does: 'fail', failure: { class: 'cannot_resolve' } });
  });

  it('follows a basic group that has become a supergroup, but for what may be in the old one already', () => {
    const supergroup: PeerAddress = { chatId: '-1000000000040', kind: 'channel', accessHash: '5' };
    const step = (maybeSent: boolean) =>
      nextStep(tables(supergroup), open, message({ chat: '-40', maybeSent }), now);
    expect(step(false)).toEqual({ does: 'move', to: supergroup.chatId });
    expect(step(true)).toEqual({ does: 'send', peer: { chatId: '-40', kind: 'chat', accessHash: '0' } });
  });
});
