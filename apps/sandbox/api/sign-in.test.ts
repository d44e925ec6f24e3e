import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { TelegramClient } from '@mtcute/node';
import { Api } from 'telegram/tl/index.js';
import { connectClient, type TestClient } from '../../testkit/library-client.ts';
import { startSandbox, type TestSandbox } from '../../testkit/sandbox.ts';
import { ONE_PIXEL_PNG, uploadAll } from '../../testkit/requests.ts';
import { foreignClient, type ForeignClientOptions } from '../../testkit/mtcute.ts';

const ownPhone = '9996620001';
const phoneWithPassword = '9996620002';
const phoneElsewhere = '9996640001';
const phoneOfDc1 = '9996610001';

let sandbox: TestSandbox;
const foreign: TelegramClient[] = [];
beforeEach(async () => {
  sandbox = await startSandbox({ signIn: 'required' });
});
afterEach(async () => {
  await Promise.all(foreign.splice(0).map((client) => client.destroy()));
  await sandbox.dispose();
});

describe('a client of the other library', () => {
  it.each([
    ['the padding of today', {}],
    ['the padding of before', { oldPadding: true }],
    ['temporary keys', { network: { usePfs: true } }],
  ] as [string, ForeignClientOptions][])('signs in by code, with %s', async (_, options) => {
    const client = await stranger(options);
    const self = await client.start({ phone: ownPhone, code: () => newestCode(ownPhone) });
    expect(self).toMatchObject({ isSelf: true, firstName: 'Vestnik', phoneNumber: ownPhone });
  });

  it('signs in by password, and is refused a wrong one', async () => {
    const client = await stranger();
    let tries = 0;
    const self = await client.start({
      phone: phoneWithPassword,
      code: () => newestCode(phoneWithPassword),
      password: () => (++tries === 1 ? 'wrong' : 'sandbox'),
      invalidCodeCallback: () => {},
    });
    expect([tries, self.firstName]).toEqual([2, 'Lantern']);
  });

  it('signs in by a QR code that another session accepts', async () => {
    const client = await stranger();
    const accept = () => sandbox.post('/login-tokens/accept', { phone: ownPhone });
    const self = await client.signInQr({ onUrlUpdated: () => void accept() });
    expect(self.firstName).toBe('Vestnik');
  });

  it.each([
    [4, phoneElsewhere, 'Harbour'],
    [1, phoneOfDc1, 'Beacon'],
  ])('is sent to data centre %i, where its account lives', async (dc, phone, name) => {
    const client = await stranger();
    const self = await client.start({ phone, code: () => newestCode(phone) });
    expect(self.firstName).toBe(name);
    expect(await sandbox.get('/sessions')).toMatchObject([{ phone, dc }]);
  });
});

describe('our client', () => {
  it('is told to go elsewhere for an account of another data centre', async () => {
    const { call } = await sandbox.connect();
    await expect(call(sendCode(phoneElsewhere))).rejects.toMatchObject({ errorMessage: 'PHONE_MIGRATE_4' });
  });

  it('is refused codes that are wrong, used up, cancelled, or of nobody', async () => {
    const { call } = await sandbox.connect();
    const ask = async (phone: string) => (await call<Api.auth.SentCode>(sendCode(phone))).phoneCodeHash;
    const signIn = (phoneNumber: string, phoneCodeHash: string, phoneCode: string) =>
      call(new Api.auth.SignIn({ phoneNumber, phoneCodeHash, phoneCode }));
    const hash = await ask(ownPhone);
    await expect(signIn(ownPhone, hash, 'x')).rejects.toMatchObject({ errorMessage: 'PHONE_CODE_INVALID' });
    const code = await newestCode(ownPhone);
    await signIn(ownPhone, hash, code);
    await expect(signIn(ownPhone, hash, code)).rejects.toMatchObject({ errorMessage: 'PHONE_CODE_EXPIRED' });
    const cancelled = await ask(ownPhone);
    await call(new Api.auth.CancelCode({ phoneNumber: ownPhone, phoneCodeHash: cancelled }));
    await expect(signIn(ownPhone, cancelled, '1')).rejects.toMatchObject({
      errorMessage: 'PHONE_CODE_EXPIRED',
    });
    const stranger = await ask('9996629999');
    await expect(signIn('9996629999', stranger, await newestCode('9996629999'))).rejects.toMatchObject({
      errorMessage: 'PHONE_NUMBER_UNOCCUPIED',
    });
    await expect(call(sendCode('+7 what'))).rejects.toMatchObject({ errorMessage: 'PHONE_NUMBER_INVALID' });
  });

  it('lists its sessions, revokes one, and that one is out', async () => {
    const [first, second] = [await signedIn(ownPhone), await signedIn(ownPhone)];
    const { authorizations } = await first.call<Api.account.Authorizations>(
      new Api.account.GetAuthorizations(),
    );
    expect(authorizations.map(({ current }) => current).sort()).toEqual([false, true]);
    const { hash } = authorizations.find(({ current }) => !current)!;
    await first.call(new Api.account.ResetAuthorization({ hash }));
    await expect(second.call(new Api.updates.GetState())).rejects.toMatchObject({
      errorMessage: 'SESSION_REVOKED',
    });
    await first.call(new Api.auth.LogOut());
    await expect(first.call(new Api.updates.GetState())).rejects.toMatchObject({
      errorMessage: 'AUTH_KEY_UNREGISTERED',
    });
  });

  it('loses a session that is revoked from outside', async () => {
    const client = await signedIn(ownPhone);
    const [session] = await sandbox.get<{ hash: string }[]>('/sessions');
    await sandbox.post('/sessions/revoke', session && { hash: session.hash });
    await expect(client.call(new Api.updates.GetState())).rejects.toMatchObject({
      errorMessage: 'SESSION_REVOKED',
    });
  });
});

describe('two data centres', () => {
  it('an authorization is carried to the other one, where files pass and all else is sent home', async () => {
    const client = await signedIn(ownPhone);
    const elsewhere = await sandbox.connectSecond();
    const getState = () => elsewhere.call(new Api.updates.GetState());
    await expect(getState()).rejects.toMatchObject({ errorMessage: 'AUTH_KEY_UNREGISTERED' });
    const exported = await client.call<Api.auth.ExportedAuthorization>(
      new Api.auth.ExportAuthorization({ dcId: 4 }),
    );
    await elsewhere.call(new Api.auth.ImportAuthorization({ id: exported.id, bytes: exported.bytes }));
    await expect(getState()).rejects.toMatchObject({ errorMessage: 'USER_MIGRATE_2' });
    await expect(uploadAll(elsewhere, ONE_PIXEL_PNG, 'dot.png')).resolves.toBeDefined();
    const again = elsewhere.call(
      new Api.auth.ImportAuthorization({ id: exported.id, bytes: exported.bytes }),
    );
    await expect(again).rejects.toMatchObject({ errorMessage: 'AUTH_BYTES_INVALID' });
  });

  it.each([
    ['is signed out', 'AUTH_KEY_UNREGISTERED', false],
    ['is revoked', 'SESSION_REVOKED', false],
    ['is revoked after a restart', 'SESSION_REVOKED', true],
  ])('a key that was carried there ends when the one that it follows %s', async (how, error, restarts) => {
    let client = await signedIn(ownPhone);
    let elsewhere = await sandbox.connectSecond();
    const exported = await client.call<Api.auth.ExportedAuthorization>(
      new Api.auth.ExportAuthorization({ dcId: 4 }),
    );
    await elsewhere.call(new Api.auth.ImportAuthorization({ id: exported.id, bytes: exported.bytes }));
    const { authorizations } = await client.call<Api.account.Authorizations>(
      new Api.account.GetAuthorizations(),
    );
    expect(authorizations).toHaveLength(1);
    if (restarts) {
      await sandbox.restart();
      client = await sandbox.connect(client.session);
      elsewhere = await connectClient({ ...sandbox, port: sandbox.secondPort }, elsewhere.session);
      onTestFinished(() => elsewhere.client.destroy());
    }
    if (how === 'is signed out') await client.call(new Api.auth.LogOut());
    else await sandbox.post('/sessions/revoke', { hash: await homeHash() });
    await expect(uploadAll(elsewhere, ONE_PIXEL_PNG, 'dot.png')).rejects.toMatchObject({
      errorMessage: error,
    });
  });
});

it('a key that was signed in by itself can sign in as another account', async () => {
  const automatic = await startSandbox();
  try {
    const { call } = await automatic.connect();
    await automatic.post('/accounts', { phone: '9996620077', first_name: 'Orchard' });
    const phoneNumber = '9996620077';
    const { phoneCodeHash } = await call<Api.auth.SentCode>(sendCode(phoneNumber));
    const [sent] = await automatic.get<{ code: string }[]>('/codes');
    await call(new Api.auth.SignIn({ phoneNumber, phoneCodeHash, phoneCode: sent!.code }));
    const [self] = await call<Api.User[]>(new Api.users.GetUsers({ id: [new Api.InputUserSelf()] }));
    expect(self).toMatchObject({ self: true, firstName: 'Orchard', phone: phoneNumber });
  } finally {
    await automatic.dispose();
  }
});

async function stranger(options: ForeignClientOptions = {}): Promise<TelegramClient> {
  const client = await foreignClient(sandbox, options);
  foreign.push(client);
  return client;
}

async function signedIn(phoneNumber: string): Promise<TestClient> {
  const client = await sandbox.connect();
  const { phoneCodeHash } = await client.call<Api.auth.SentCode>(sendCode(phoneNumber));
  const phoneCode = await newestCode(phoneNumber);
  await client.call(new Api.auth.SignIn({ phoneNumber, phoneCodeHash, phoneCode }));
  return client;
}

function sendCode(phoneNumber: string): Api.auth.SendCode {
  return new Api.auth.SendCode({
    phoneNumber,
    apiId: 1,
    apiHash: 'hash',
    settings: new Api.CodeSettings({}),
  });
}

/** What names the session at data centre 2. */
async function homeHash(): Promise<string> {
  const sessions = await sandbox.get<{ hash: string; dc: number }[]>('/sessions');
  return sessions.find(({ dc }) => dc === 2)!.hash;
}

async function newestCode(phone: string): Promise<string> {
  const codes = await sandbox.get<{ phone: string; code: string }[]>('/codes');
  return codes.findLast((sent) => sent.phone === phone)!.code;
}
