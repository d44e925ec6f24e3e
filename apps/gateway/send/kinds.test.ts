import { describe, expect, it } from 'vitest';
import type { MessageContent } from '../model/message.ts';
import { countOf, methodOf, outgoingOf, sendMethodsOf, textsOf } from './kinds.ts';

const file = { spooled: 's1', sizeBytes: 3, name: 'a.txt', mimeType: 'text/plain', kind: 'document' };
const said = (text: string) => ({ text, entities: [] });

/** As version 0.1 wrote them. */
const kept: [string, string, { method: string; texts: string[]; count: number; calls: number }][] = [
  [
    'a text',
    JSON.stringify({ texts: [said('a')], options: { silent: true } }),
    { method: 'messages.sendMessage', texts: ['a'], count: 1, calls: 1 },
  ],
  [
    'a text in two messages',
    JSON.stringify({ texts: [said('a'), said('b')], options: {}, notes: ['n'] }),
    { method: 'messages.sendMessage', texts: ['a', 'b'], count: 2, calls: 2 },
  ],
  [
    'a file',
    JSON.stringify({ media: [file], caption: said('c'), options: {} }),
    { method: 'messages.sendMedia', texts: ['c'], count: 1, calls: 1 },
  ],
  [
    'an album',
    JSON.stringify({ media: [file, file], caption: said('c'), options: {} }),
    { method: 'messages.sendMultiMedia', texts: ['c'], count: 2, calls: 1 },
  ],
  [
    'an album with captions of its own',
    JSON.stringify({ media: [file, file], caption: said('c'), laterCaptions: [said('d')], options: {} }),
    { method: 'messages.sendMultiMedia', texts: ['c', 'd'], count: 2, calls: 1 },
  ],
];

describe('what an earlier version kept', () => {
  it.each(kept)('of %s is sent as it was', (_, json, expected) => {
    const content = JSON.parse(json) as MessageContent;
    const randomIds = Array.from({ length: expected.count }, (_, index) => `${index + 1}`);
    const calls = outgoingOf({ content, randomIds }, (spooled) => `/spool/${spooled}`);
    expect({
      method: methodOf({ content }),
      texts: textsOf(content).map(({ text }) => text),
      count: countOf(content),
      calls: calls.length,
    }).toEqual(expected);
    expect(calls.flatMap((call) => call.randomIds)).toEqual(randomIds);
    const files = calls.flatMap((call) => call.files.map(({ file, name }) => `${file} ${name}`));
    expect(files).toEqual(content.media?.map(() => '/spool/s1 a.txt') ?? []);
    for (const { method, options } of calls)
      expect({ method, options }).toEqual({ method: expected.method, options: content.options });
  });
});

it('a message of a later version is not taken for another kind', () => {
  expect(() => methodOf({ content: { hologram: {}, options: {} } })).toThrow('hologram');
});

it('a gateway sends with the methods of its kinds, and is there for those of its own', () => {
  expect(sendMethodsOf('text')).toEqual({
    all: ['messages.sendMedia', 'messages.sendMessage'],
    main: ['messages.sendMessage'],
  });
  const media = ['messages.sendMedia', 'messages.sendMultiMedia'];
  expect(sendMethodsOf('media').all).toEqual(media);
  expect(sendMethodsOf('media').main.toSorted()).toEqual(media);
});
