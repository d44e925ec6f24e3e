/** help.getCountriesList: calling codes of some countries, and that of Telegram's test numbers. */
import type { TlObject } from '../tl/values.ts';
import { openMethod, type MethodTable } from './method.ts';

const listHash = 1;
/** ISO 3166 code, name, calling code. */
const knownCountries = [
  ['FT', 'Test numbers', '999'],
  ['BR', 'Brazil', '55'],
  ['DE', 'Germany', '49'],
  ['ES', 'Spain', '34'],
  ['FR', 'France', '33'],
  ['GB', 'United Kingdom', '44'],
  ['IN', 'India', '91'],
  ['IT', 'Italy', '39'],
  ['KZ', 'Kazakhstan', '7'],
  ['NL', 'Netherlands', '31'],
  ['PL', 'Poland', '48'],
  ['RU', 'Russian Federation', '7'],
  ['TR', 'Turkey', '90'],
  ['UA', 'Ukraine', '380'],
  ['US', 'USA', '1'],
] as const;

export const countryMethods: MethodTable = {
  'help.getCountriesList': openMethod<TlObject & { hash: number }>((_context, { hash }) => {
    if (hash === listHash) return { _: 'help.countriesListNotModified' };
    const countries = knownCountries.map(([iso2, defaultName, countryCode]) => {
      const countryCodes = [{ _: 'help.countryCode', countryCode }];
      return { _: 'help.country', iso2, defaultName, countryCodes };
    });
    return { _: 'help.countriesList', countries, hash: listHash };
  }),
};
