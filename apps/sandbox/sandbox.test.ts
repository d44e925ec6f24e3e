import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { returnBigInt } from 'telegram/Helpers.js';
import { Api } from 'telegram/tl/index.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestClient } from '../testkit/library-client.ts';
import { startSandbox, type TestSandbox } from '../testkit/sandbox.ts';
import { ONE_PIXEL_PNG, peerFor, peerNamed, sendText, uploadAll } from '../testkit/requests.ts';

const demo = '-1003833950795';

let sandbox: TestSandbox;
let client: TestClient;
beforeEach(async () => {
  sandbox = await startSandbox();
  client = await sandbox.connect();
});
afterEach(() => sandbox.dispose());

describe('an account', () => {
  it('is signed in as soon as its auth key is made', async () => {
    const [self] = await client.call<Api.User[]>(new Api.users.GetUsers({ id: [new Api.InputUserSelf()] }));
    expect(self).toMatchObject({ self: true, firstName: 'Vestnik' });
  });

  it('finds three data centres in the configuration, at the address that it reached', async () => {
    const { dcOptions } = await client.call<Api.Config>(new Api.help.GetConfig());
    const ports = [
      [2, sandbox.port],
      [4, sandbox.secondPort],
      [1, sandbox.dc1Port],
    ] as const;
    const shape = (id: number, port: number) => ({ id, port, ipAddress: '127.0.0.1', thisPortOnly: true });
    const [media, others] = [true, false].map((isMedia) =>
      dcOptions.filter(({ mediaOnly }) => mediaOnly === isMedia).map((option) => ({ ...option })),
    );
    expect(others).toMatchObject(
      ports.flatMap(([id, port]) => [
        { ...shape(id, port), static: false, mediaOnly: false },
        { ...shape(id, port), static: true, mediaOnly: false },
      ]),
    );
    expect(media).toMatchObject([{ ...shape(2, sandbox.mediaPort), mediaOnly: true }]);
  });

  it('is refused methods that Telegram does not have, and goes on', async () => {
    await expect(client.call(new Api.account.DeleteAccount({ reason: '' }))).rejects.toMatchObject({
      errorMessage: 'METHOD_INVALID',
    });
    await expect(client.call(new Api.updates.GetState())).resolves.toMatchObject({
      className: 'updates.State',
    });
  });

  it('resolves usernames of its world and refuses others', async () => {
    const resolve = (username: string) => client.call(new Api.contacts.ResolveUsername({ username }));
    await expect(resolve('Vestnik_Demo')).resolves.toMatchObject({ peer: { className: 'PeerChannel' } });
    await expect(resolve('nobody_here')).rejects.toMatchObject({ errorMessage: 'USERNAME_NOT_OCCUPIED' });
  });

  it('walks 250 dialogs in pages, each of them once', async () => {
    await sandbox.post('/world', { dialogs: 250 });
    const seen = new Set<string>();
    for (const folderId of [0, 1]) {
      let cursor = { offsetDate: 0, offsetId: 0, offsetPeer: new Api.InputPeerEmpty() as Api.TypeInputPeer };
      for (;;) {
        const request = new Api.messages.GetDialogs({
          ...cursor,
          excludePinned: cursor.offsetDate > 0,
          folderId,
          limit: 100,
          hash: returnBigInt(0),
        });
        const page = await client.call<Api.messages.DialogsSlice>(request);
        for (const dialog of page.dialogs) seen.add(JSON.stringify((dialog as Api.Dialog).peer));
        const last = page.messages.at(-1) as Api.Message | undefined;
        if (!last || page.dialogs.length < 100) break;
        cursor = { offsetDate: last.date, offsetId: last.id, offsetPeer: peerFor(page, last.peerId) };
      }
    }
    expect(seen.size).toBe(250);
  });
});

it('refuses a key that must sign in first, but tells it the configuration', async () => {
  const strict = await startSandbox({ signIn: 'required' });
  try {
    const { call } = await strict.connect();
    await expect(call(new Api.updates.GetState())).rejects.toMatchObject({
      errorMessage: 'AUTH_KEY_UNREGISTERED',
    });
    await expect(call(new Api.help.GetConfig())).resolves.toBeDefined();
  } finally {
    await strict.dispose();
  }
});

describe('a text', () => {
  it('is delivered once, also when it is asked again with the same random_id', async () => {
    const peer = await peerOf(demo);
    const randomId = returnBigInt(71);
    const first = await client.call<Api.Updates>(sendText(peer, 'Добрый вечер', randomId));
    const again = await client.call<Api.Updates>(sendText(peer, 'Добрый вечер', randomId));
    const idOf = (updates: Api.Updates) => (updates.updates[0] as Api.UpdateMessageID).id;
    expect(idOf(again)).toBe(idOf(first));
    expect(again.updates[1]).toMatchObject({
      className: 'UpdateNewChannelMessage',
      message: { message: 'Добрый вечер' },
    });
    const report = await sandbox.report();
    expect(report.delivered).toMatchObject([{ chat_id: demo, random_id: '71', text: 'Добрый вечер' }]);
    expect(report).toMatchObject({ duplicates: 1, rpc: { 'messages.sendMessage': 2 }, flood_violations: 0 });
  });

  it('for a user is answered short, and in full when asked again', async () => {
    const request = sendText(await peerNamed(client, 'telegram'), 'note', returnBigInt(5));
    expect(await client.call(request)).toMatchObject({ className: 'UpdateShortSentMessage', out: true });
    expect(await client.call(request)).toMatchObject({
      className: 'Updates',
      updates: [{ className: 'UpdateMessageID' }, {}],
    });
  });

  it('for oneself is answered in full, because clients read its chat from the message', async () => {
    expect(await client.call(sendText(new Api.InputPeerSelf(), 'note'))).toMatchObject({
      className: 'Updates',
      updates: [{ className: 'UpdateMessageID' }, { className: 'UpdateNewMessage' }],
    });
  });

  it('is refused where the access hash is wrong, and where the account is banned', async () => {
    await sandbox.post('/world', { dialogs: 10, banned: [demo] });
    const wrong = new Api.InputPeerChannel({
      channelId: returnBigInt('3833950795'),
      accessHash: returnBigInt(1),
    });
    await expect(client.call(sendText(wrong, 'x'))).rejects.toMatchObject({
      errorMessage: 'CHANNEL_INVALID',
    });
    const nobody = new Api.InputPeerUser({ userId: returnBigInt(99), accessHash: returnBigInt(1) });
    await expect(client.call(sendText(nobody, 'x'))).rejects.toMatchObject({
      errorMessage: 'PEER_ID_INVALID',
    });
    await expect(client.call(sendText(await peerOf(demo), 'x'))).rejects.toMatchObject({
      errorMessage: 'USER_BANNED_IN_CHANNEL',
    });
  });

  it('arrives once where the connection is cut after the call, and never where it is cut before', async () => {
    const peer = await peerOf(demo);
    await client.client.disconnect();
    const ask = async (text: string, randomId: number) =>
      (await sandbox.connect(client.session)).call(sendText(peer, text, returnBigInt(randomId)));
    await sandbox.post('/faults', [{ method: 'messages.sendMessage', drop: 'before', times: 1 }]);
    await expect(ask('one', 1)).rejects.toThrow(/lost/);
    expect((await sandbox.report()).delivered).toEqual([]);
    await sandbox.post('/faults', [{ method: 'messages.sendMessage', drop: 'after', times: 1 }]);
    await expect(ask('two', 2)).rejects.toThrow(/lost/);
    await ask('two', 2);
    expect((await sandbox.report()).delivered).toMatchObject([{ text: 'two' }]);
  });
});

describe('media', () => {
  it('is delivered with the size and hash of what was uploaded', async () => {
    const file = await uploadAll(client, ONE_PIXEL_PNG, 'dot.png');
    const media = new Api.InputMediaUploadedPhoto({ file });
    const peer = await peerOf(demo);
    const send = new Api.messages.SendMedia({ peer, media, message: 'dot', randomId: returnBigInt(9) });
    const updates = await client.call<Api.Updates>(send);
    expect(updates.updates[1]).toMatchObject({ message: { media: { className: 'MessageMediaPhoto' } } });
    await client.call(send);
    const { delivered } = await sandbox.report();
    const sha256 = createHash('sha256').update(ONE_PIXEL_PNG).digest('hex');
    const expected = { kind: 'photo', name: 'dot.png', size: ONE_PIXEL_PNG.length, sha256 };
    expect(delivered).toMatchObject([{ text: 'dot', media: expected }]);
  });

  it('may come in parts of any order, and misses none', async () => {
    const content = randomBytes(5 * 512 * 1024 + 100);
    const file = await uploadAll(client, content, 'big.bin', { order: [3, 0, 5, 1, 4, 2] });
    const media = new Api.InputMediaUploadedDocument({
      file,
      mimeType: 'application/octet-stream',
      attributes: [],
    });
    const peer = await peerOf(demo);
    await client.call(new Api.messages.SendMedia({ peer, media, message: '', randomId: returnBigInt(10) }));
    const { delivered } = await sandbox.report();
    const sha256 = createHash('sha256').update(content).digest('hex');
    expect(delivered[0]?.media).toEqual({ kind: 'document', name: 'big.bin', size: content.length, sha256 });
    const gap = await uploadAll(client, content, 'gap.bin', { order: [0, 1, 3, 4, 5] });
    const broken = new Api.InputMediaUploadedDocument({ file: gap, mimeType: 'x/y', attributes: [] });
    const send = new Api.messages.SendMedia({ peer, media: broken, message: '', randomId: returnBigInt(11) });
    await expect(client.call(send)).rejects.toMatchObject({ errorMessage: 'FILE_PART_2_MISSING' });
  });

  it.each(['a.JPG', 'a.webp', 'a.jpe', 'jpg', 'a.jpg.bin', ''])(
    'called %j is not taken as a photo',
    async (name) => {
      const media = new Api.InputMediaUploadedPhoto({ file: await uploadAll(client, ONE_PIXEL_PNG, name) });
      const peer = await peerOf(demo);
      const send = new Api.messages.SendMedia({ peer, media, message: '', randomId: returnBigInt(13) });
      await expect(client.call(send)).rejects.toMatchObject({ errorMessage: 'PHOTO_EXT_INVALID' });
    },
  );

  it('that is no image is refused as a photo', async () => {
    const file = await uploadAll(client, Buffer.from('not an image'), 'fake.jpg');
    const peer = await peerOf(demo);
    const send = new Api.messages.SendMedia({
      peer,
      media: new Api.InputMediaUploadedPhoto({ file }),
      message: '',
      randomId: returnBigInt(12),
    });
    await expect(client.call(send)).rejects.toMatchObject({ errorMessage: 'IMAGE_PROCESS_FAILED' });
  });
});

describe('waits', () => {
  it('of a fault are answered as often as asked, and a call within the wait is a violation', async () => {
    await sandbox.post('/faults', [{ method: 'messages.sendMessage', error: 'FLOOD_WAIT_26', times: 1 }]);
    const peer = await peerOf(demo);
    await expect(client.call(sendText(peer, 'a'))).rejects.toMatchObject({ errorMessage: 'FLOOD_WAIT_26' });
    await client.call(sendText(peer, 'b'));
    const report = await sandbox.report();
    expect(report).toMatchObject({ errors: { FLOOD_WAIT: 1 }, flood_violations: 1 });
    expect(report.violations[0]?.early_ms).toBeGreaterThan(24_000);
  });

  it('hold for calls made after the announcement, not for those under way', async () => {
    await sandbox.post('/limits', { account: { per_second: 1, burst: 1 } });
    const peer = await peerOf(demo);
    const texts = ['a', 'b', 'c'].map((text) => client.call(sendText(peer, text)));
    expect((await Promise.allSettled(texts)).map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'rejected',
    ]);
    expect((await sandbox.report()).flood_violations).toBe(0);
  });

  it('of a method limit are announced once it is exceeded', async () => {
    await sandbox.post('/limits', {
      methods: { 'updates.getState': { count: 2, per_seconds: 60, wait_seconds: 90 } },
    });
    await client.call(new Api.updates.GetState());
    await client.call(new Api.updates.GetState());
    await expect(client.call(new Api.updates.GetState())).rejects.toMatchObject({ seconds: 90 });
    await sandbox.post('/reset');
    await client.call(new Api.updates.GetState());
  });
});

describe('the wire', () => {
  it('answers -404 to a key that it does not know', async () => {
    const socket = createConnection(sandbox.port, '127.0.0.1');
    socket.write(Buffer.concat([Buffer.of(0xef, 10), randomBytes(40)]));
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.subarray(1).readInt32LE()).toBe(-404);
    await once(socket, 'close');
  });

  it('closes the connection of a malformed frame, and no other', async () => {
    const nonsense = [
      Buffer.of(0xef, 0),
      Buffer.concat([Buffer.of(0xef, 10), Buffer.alloc(40)]),
      Buffer.concat([Buffer.of(0xee, 0xee, 0xee, 0xee), Buffer.alloc(8, 0xff)]),
      Buffer.alloc(64, 0x41),
    ];
    for (const bytes of nonsense) {
      const socket = createConnection(sandbox.port, '127.0.0.1');
      socket.write(bytes);
      socket.resume();
      await once(socket, 'close');
    }
    await expect(client.call(new Api.updates.GetState())).resolves.toBeDefined();
  });

  it('knows an auth key again after a restart', async () => {
    await sandbox.restart();
    const again = await sandbox.connect(client.session);
    await expect(again.call(new Api.updates.GetState())).resolves.toBeDefined();
  });
});

/** The input peer of a chat, with its hash, from the dialogs. */
async function peerOf(chatId: string): Promise<Api.TypeInputPeer> {
  const request = new Api.messages.GetDialogs({
    offsetDate: 0,
    offsetId: 0,
    offsetPeer: new Api.InputPeerEmpty(),
    limit: 100,
    hash: returnBigInt(0),
  });
  const page = await client.call<Api.messages.Dialogs>(request);
  const channelId = returnBigInt(chatId.replace('-100', ''));
  return peerFor(page, new Api.PeerChannel({ channelId }));
}
