import { expect, it } from 'vitest';
import { messageEntities } from './entities.ts';

it.each([
  ['', {}],
  ['r', { relative: true }],
  ['wDT', { dayOfWeek: true, longDate: true, longTime: true }],
  ['Wdt', { dayOfWeek: true, shortDate: true, shortTime: true }],
])('a time of the format %j is told to Telegram by the flags %j', (dateTimeFormat, flags) => {
  const place = { offset: 2, length: 3 };
  const entity = { ...place, type: 'date_time' as const, unixTime: 1_647_531_900, dateTimeFormat };
  const [made] = messageEntities([entity], () => undefined);
  const none = ['relative', 'shortTime', 'longTime', 'shortDate', 'longDate', 'dayOfWeek'].map((name) => [
    name,
  ]);
  const all = { ...Object.fromEntries(none), ...flags } as Record<string, unknown>;
  expect({ ...made }).toMatchObject({ ...place, ...all, date: 1_647_531_900 });
});
