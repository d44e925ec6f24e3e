import { returnBigInt } from 'telegram/Helpers.js';
import { Api } from 'telegram/tl/index.js';
import { expect, it } from 'vitest';
import { sendText } from '../../testkit/requests.ts';
import { startSandbox } from '../../testkit/sandbox.ts';

it('says that an account is frozen, which may read and not write, and that it is no more', async () => {
  const sandbox = await startSandbox();
  const { call } = await sandbox.connect();
  const account = { phone: '9996620001', first_name: 'Vestnik' };
  const config = (hash: number) => call<Api.help.AppConfig>(new Api.help.GetAppConfig({ hash }));
  const keysOf = ({ config: all }: Api.help.AppConfig) => (all as Api.JsonObject).value.map(({ key }) => key);
  const [self, randomId] = [new Api.InputPeerSelf(), returnBigInt(1)];
  const freeze = ['freeze_since_date', 'freeze_until_date', 'freeze_appeal_url'];
  const free = await config(0);
  await sandbox.post('/accounts', { ...account, frozen: true });
  const frozen = await config(free.hash);
  expect(keysOf(frozen)).toEqual([...keysOf(free), ...freeze]);
  expect((await config(frozen.hash)).className).toBe('help.AppConfigNotModified');
  await call(new Api.users.GetUsers({ id: [new Api.InputUserSelf()] }));
  const refusal = { code: 420, errorMessage: 'FROZEN_METHOD_INVALID' };
  await expect(call(sendText(self, 'a', randomId))).rejects.toMatchObject(refusal);
  await sandbox.post('/accounts', account);
  expect(keysOf(await config(frozen.hash))).toEqual(keysOf(free));
  await call(sendText(self, 'b', randomId));
});

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
