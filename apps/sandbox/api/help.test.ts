import { Api } from 'telegram/tl/index.js';
import { expect, it } from 'vitest';
import { startSandbox } from '../../testkit/sandbox.ts';

it('says that there is neither advertising nor a change of the terms, and when to ask again', async () => {
  const sandbox = await startSandbox();
  const { call } = await sandbox.connect();
  const promo = await call<Api.help.PromoDataEmpty>(new Api.help.GetPromoData());
  const terms = await call<Api.help.TermsOfServiceUpdateEmpty>(new Api.help.GetTermsOfServiceUpdate());
  expect([promo.className, terms.className]).toEqual([
    'help.PromoDataEmpty',
    'help.TermsOfServiceUpdateEmpty',
  ]);
  for (const { expires } of [promo, terms]) expect(expires).toBeGreaterThan(Date.now() / 1000);
});
