import { expect, it } from 'vitest';
import { readArguments } from './arguments.ts';

const all = {
  '--old-text': 'tg-text',
  '--old-media': 'tg-media.service',
  '--text-session': '/old/text.session',
  '--media-session': '/old/media.session',
};
const read = (change: Record<string, string> = {}) =>
  readArguments(Object.entries({ ...all, ...change }).flat());

it('takes names of units with and without their ending, and nothing at all to go on', () => {
  expect(read().options).toMatchObject({
    oldUnits: { text: 'tg-text.service', media: 'tg-media.service' },
    pauseS: 45,
    watchS: 300,
  });
  expect(readArguments(['--back'])).toMatchObject({ options: undefined, goesBack: true });
});

it.each([
  [{ '--old-media': 'tg-text' }, 'two different units'],
  [{ '--old-text': 'vestnik-send-text' }, '--old-text takes the unit of an old service'],
  [{ '--old-text': 'tg.timer' }, '--old-text takes the name of a service'],
  [{ '--old-text': '--force' }, '--old-text'],
  [{ '--media-session': '/old/text.session' }, 'each gateway has a session of its own'],
  [{ '--pause': '10' }, '--pause takes whole seconds from 30 to 60, not 10'],
  [{ '--watch': 'long' }, '--watch takes whole seconds from 10 to 3600, not long'],
])('refuses %o and says what it takes', (change, words) => {
  expect(() => read(change)).toThrow(words);
});

it('names what is missing, and takes nothing beside --back', () => {
  expect(() => readArguments(['--old-text', 'tg-text'])).toThrow('missing: --old-media, --text-session');
  expect(() => readArguments([...Object.entries(all).flat(), '--back'])).toThrow('--back takes no other');
});
