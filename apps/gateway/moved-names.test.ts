/** Names that change hands and access hashes that hold no more, over TCP: a message goes to whom has its name when it is sent. */
import { Api } from 'telegram/tl/index.js';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../testkit/folder.ts';
import { movableClock } from '../testkit/movable-clock.ts';
import { peerNamed } from '../testkit/requests.ts';
import { startSandbox } from '../testkit/sandbox.ts';
import { fileForm, startTestGateway, type Answer } from '../testkit/stack.ts';
import { until } from '../testkit/until.ts';

const [anna, boris] = ['7001', '7002'];
const hourMs = 3_600_000;
const lookUp = 'contacts.resolveUsername';

/** A warm gateway whose clock can be put forward, and two users, of whom the first one has the name. */
async function setUp(more: Record<string, string> = {}) {
  const sandbox = await startSandbox();
  await sandbox.post('/world', { usernames: { anna }, unknown: [anna, boris] });
  const clock = movableClock();
  let hoursAhead = 0;
  const folder = temporaryFolder();
  const start = (gateway: 'text' | 'media') =>
    startTestGateway(gateway, sandbox, folder, more, undefined, clock);
  const gateway = await start('text');
  await gateway.untilWarm();
  const client = await sandbox.connect();
  const peer = await peerNamed(client, 'anna');
  await sandbox.post('/reset');
  const send = (text: string, target: object = { username: 'anna' }) =>
    gateway.post('/send', { ...target, text });
  return {
    sandbox,
    gateway,
    start,
    send,
    goAhead: (hours: number) => {
      hoursAhead += hours;
      clock.advance(hours * hourMs);
    },
    move: () => sandbox.patch('/world', { usernames: { anna: boris } }),
    /** Takes the first user out of the dialogs, so that no walk comes by. */
    leave: () => client.call(new Api.messages.DeleteHistory({ peer, maxId: 0 })),
    useUpBudget: () => send('a', { username: `nobody_${hoursAhead}` }),
    lookups: async () => (await sandbox.report()).rpc[lookUp] ?? 0,
    delivered: async () => (await sandbox.report()).delivered.map(({ chat_id, text }) => [chat_id, text]),
  };
}

const sentTo = (chat: string) => ({ status: 200, body: { status: 'sent', chat_id: Number(chat) } });
const notesOf = ({ body }: Answer) => body.notes as string[] | undefined;

describe('a username that moved to another user', () => {
  it('leads there once a walk shows its owner without it', async () => {
    const { gateway, send, move, goAhead } = await setUp();
    expect(await send('a')).toMatchObject(sentTo(anna));
    await move();
    goAhead(1);
    await until('a walk has shown it', async () => {
      const answer = await send('b');
      return answer.body.chat_id === Number(boris) && answer.status === 200;
    });
    expect((await gateway.get('/stats')).body.queue).toMatchObject({ depth: 0 });
  });

  it('is asked for again after a day in which nothing showed it', async () => {
    const { send, move, leave, goAhead, lookups } = await setUp();
    expect(await send('a')).toMatchObject(sentTo(anna));
    await leave();
    await move();
    goAhead(23);
    expect(await send('b')).toMatchObject(sentTo(anna));
    expect(await lookups()).toBe(1);
    await leave();
    goAhead(2);
    expect(await send('c')).toMatchObject(sentTo(boris));
    expect(await lookups()).toBe(2);
  });

  it('leads to the owner last known where it cannot be asked for, and a note says how old that is', async () => {
    const { send, leave, goAhead, useUpBudget, gateway } = await setUp({ LOOKUPS_PER_DAY: '1' });
    const first = await send('a');
    expect(notesOf(first)).toBeUndefined();
    await leave();
    goAhead(30);
    await useUpBudget();
    const answer = await send('b');
    expect(answer).toMatchObject(sentTo(anna));
    const note = expect.stringMatching(/^@anna could not be looked up again.* with the name 1 d 6 h ago$/);
    expect(notesOf(answer)).toEqual([note]);
    expect(notesOf(await gateway.get(`/messages/${String(answer.body.id)}`))).toEqual([note]);
  });

  it('is waited for where it cannot be asked for and its owner was last seen more than a week ago', async () => {
    const { send, move, leave, goAhead, useUpBudget, gateway, delivered } = await setUp({
      LOOKUPS_PER_DAY: '1',
    });
    await send('a');
    await leave();
    await move();
    goAhead(8 * 24);
    await useUpBudget();
    const short = await gateway.post('/send', { username: 'anna', text: 'b', wait: 0, expires_in: 3 });
    const { body } = await gateway.untilStatus(short.body.id, 'expired');
    expect(body.detail).toMatch(
      /budget for looking up names is used up .* its owner was last seen 8 d 0 h ago/,
    );
    const answer = await gateway.post('/send', { username: 'anna', text: 'b', wait: 1, expires_in: 200_000 });
    expect(answer).toMatchObject({ status: 202, body: { status: 'queued', chat_id: '@anna' } });
    expect(await send('to the chat itself', { chat_id: anna })).toMatchObject(sentTo(anna));
    goAhead(24);
    await gateway.untilStatus(answer.body.id, 'sent');
    expect(await delivered()).toContainEqual([boris, 'b']);
  });

  it('takes along what waits for it, in order, and nothing that is addressed by the id', async () => {
    const { send, move, leave, goAhead, gateway, delivered } = await setUp();
    await send('0');
    await leave();
    await gateway.post('/pause');
    const later = async (text: string, target: object) =>
      (await gateway.post('/send', { ...target, text, wait: 0, expires_in: 200_000 })).body.id;
    await later('1', { username: 'anna' });
    await later('2', { chat_id: anna });
    await later('3', { username: 'anna' });
    await later('5', { username: 'anna' });
    await move();
    goAhead(25);
    await gateway.post('/resume');
    await gateway.untilSettled();
    const all = await delivered();
    expect(all.filter(([chat]) => chat === anna)).toEqual([
      [anna, '0'],
      [anna, '2'],
    ]);
    expect(all.filter(([chat]) => chat === boris).map(([, text]) => text)).toEqual(['1', '3', '5']);
  });

  it('takes nothing along that may have been sent already', async () => {
    const { sandbox, send, move, leave, goAhead, gateway } = await setUp();
    await send('a');
    await leave();
    const fault = { method: 'messages.sendMessage', error: 'RPC_CALL_FAIL', carry_out: true, times: 4 };
    await sandbox.post('/faults', [fault]);
    const { body } = await gateway.post('/send', { username: 'anna', text: 'b', wait: 0 });
    await sandbox.untilReport(({ errors }) => (errors.RPC_CALL_FAIL ?? 0) > 0);
    await move();
    await leave();
    goAhead(25);
    expect((await gateway.untilStatus(body.id, 'sent')).body).toMatchObject({ chat_id: Number(anna) });
    const { delivered, duplicates } = await sandbox.report();
    expect(delivered.map(({ chat_id, text }) => [chat_id, text])).toEqual([
      [anna, 'a'],
      [anna, 'b'],
    ]);
    expect(duplicates).toBeGreaterThan(0);
    expect(await send('c')).toMatchObject(sentTo(boris));
  });
});

describe('a username that moves while a file for it is uploaded', () => {
  it('takes the file to its new owner', async () => {
    const { sandbox, gateway, start, send, move, goAhead, delivered } = await setUp();
    const media = await start('media');
    await send('a');
    await sandbox.post('/faults', [{ method: 'upload.saveFilePart', delay_ms: 6_000, times: 1 }]);
    const form = fileForm(Buffer.from('a'), 'a.bin', {
      username: 'anna',
      caption: 'b',
      wait: 0,
      expires_in: 200_000,
    });
    const { body } = await media.post('/send_media', form);
    await sandbox.untilReport(({ rpc }) => rpc['upload.saveFilePart'] === 1);
    await move();
    const warmedAt = async () =>
      ((await gateway.get('/stats')).body.cache as { warmed_at: string }).warmed_at;
    const before = await warmedAt();
    goAhead(1);
    await until('a walk has shown it', async () => (await warmedAt()) !== before);
    const sent = await media.untilStatus(body.id, 'sent');
    expect(sent.body).toMatchObject({ chat_id: Number(boris) });
    expect(await delivered()).toEqual([
      [anna, 'a'],
      [boris, 'b'],
    ]);
  });
});

describe('an access hash that holds no more', () => {
  it.each([{ username: 'anna' }, { chat_id: anna }])(
    'is asked for once, by %j, and it goes out',
    async (target) => {
      const { sandbox, send, lookups } = await setUp();
      await send('a');
      await sandbox.patch('/world', { new_hashes: [anna] });
      const answer = await send('b', target);
      expect(answer).toMatchObject({ ...sentTo(anna), body: { attempts: 1 } });
      expect(await lookups()).toBe(2);
      expect((await sandbox.report()).errors).toEqual({ PEER_ID_INVALID: 1 });
      expect(await send('c', target)).toMatchObject(sentTo(anna));
      expect(await lookups()).toBe(2);
    },
  );

  it('leads to the new owner where its name has moved as well', async () => {
    const { sandbox, send, move, delivered } = await setUp();
    await send('a');
    await move();
    await sandbox.patch('/world', { new_hashes: [anna] });
    expect(await send('b')).toMatchObject(sentTo(boris));
    expect(await delivered()).toContainEqual([boris, 'b']);
  });

  it('is final where the name leads to the same chat, and asked for no more', async () => {
    const { sandbox, send, lookups } = await setUp();
    await send('a');
    await sandbox.post('/faults', [{ method: 'messages.sendMessage', error: 'PEER_ID_INVALID' }]);
    for (let time = 0; time < 3; time++) {
      expect(await send('b')).toMatchObject({ status: 404, body: { class: 'cannot_resolve' } });
    }
    expect(await lookups()).toBe(2);
  });
});
