import { expect, it } from 'vitest';
import { servicesByAccount } from './accounts.ts';

const names = ['a', 'b', 'c', 'd'];
const by = (accounts: Record<string, string>) => servicesByAccount(names, (name) => accounts[name] ?? null);

it('takes services for one account as long as no second is known', () => {
  expect(by({})).toEqual([{ account: null, services: names }]);
  expect(by({ c: 'main' })).toEqual([{ account: 'main', services: names }]);
});

it('keeps accounts apart, and leaves out what may be of any', () => {
  expect(by({ a: 'main', b: 'second', d: 'main' })).toEqual([
    { account: 'main', services: ['a', 'd'] },
    { account: 'second', services: ['b'] },
  ]);
});
