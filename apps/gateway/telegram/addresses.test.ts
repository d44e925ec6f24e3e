import { expect, it } from 'vitest';
import { Addresses } from './addresses.ts';

const [one, two] = [
  { host: '192.0.2.1', port: 443 },
  { host: '192.0.2.2', port: 443 },
];
const all = [one, two];

it('an address is left after two failures in a row, and come back to in turn', () => {
  const addresses = new Addresses(one);
  expect(addresses.note('failed', all)).toBe(false);
  expect(addresses.note('answered', all)).toBe(false);
  expect(addresses.note('failed', all)).toBe(false);
  expect(addresses.note('failed', all)).toBe(true);
  expect(addresses.current).toEqual(two);
  addresses.note('failed', all);
  addresses.note('failed', all);
  expect(addresses.current).toEqual(one);
});

it('an address whose server fails every call is left at once', () => {
  const addresses = new Addresses(one);
  addresses.distrust();
  expect(addresses.note('answered', all)).toBe(true);
  expect(addresses.current).toEqual(two);
});

it('an address that no server names any more leads to the first that one does', () => {
  const addresses = new Addresses({ host: '192.0.2.9', port: 443 });
  addresses.distrust();
  addresses.note('failed', all);
  expect(addresses.current).toEqual(one);
});

it('the only address is kept', () => {
  const addresses = new Addresses(one);
  for (let again = 0; again < 5; again++) expect(addresses.note('failed', [one])).toBe(false);
  expect(addresses.current).toEqual(one);
});
