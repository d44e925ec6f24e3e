/** First messages to strangers, over TCP: Telegram's PEER_FLOOD, which holds back nobody else, and a daily budget of one's own. */
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../testkit/folder.ts';
import { movableClock } from '../testkit/movable-clock.ts';
import { startSandbox } from '../testkit/sandbox.ts';
import { demoChat, fileForm, startTestGateway, type GatewayClient } from '../testkit/stack.ts';
import { until } from '../testkit/until.ts';

const hourMs = 3_600_000;
/** Longer than any caller waits, so that who did not answer at once would not answer at all. */
const longWait = 300;
const usernames = { anna: '7001', boris: '7002', clara: '7003', dora: '7004' };
const expires = { expires_in: 200_000 };

async function setUp(more: Record<string, string> = {}) {
  const sandbox = await startSandbox();
  await sandbox.post('/world', { usernames, unknown: Object.values(usernames) });
  const clock = movableClock();
  const folder = temporaryFolder();
  const start = (gateway: 'text' | 'media') =>
    startTestGateway(gateway, sandbox, folder, more, undefined, clock);
  const [text, media] = [await start('text'), await start('media')];
  await Promise.all([text, media].map((gateway) => gateway.untilWarm()));
  await sandbox.post('/reset');
  const send = (target: object, wait = longWait) =>
    text.post('/send', { ...target, ...expires, text: 'a', wait });
  const known = async () => {
    const { chats } = await sandbox.get<{ chats: { chat_id: string; kind: string; in_dialogs: boolean }[] }>(
      '/world',
    );
    return chats.find(
      ({ chat_id, kind, in_dialogs }) => kind === 'user' && in_dialogs && chat_id !== '777000',
    )!.chat_id;
  };
  return { sandbox, clock, text, media, send, known, start };
}

const stats = async (gateway: GatewayClient) =>
  (await gateway.get('/stats')).body as {
    floods: { scope: string; reason: string; seconds: number; holds: boolean }[];
    strangers: { per_day: number; used: number; next_at: string | null };
  };

describe('PEER_FLOOD', () => {
  it('holds back first messages to strangers alone, in both gateways, until the gate opens', async () => {
    const { sandbox, clock, text, media, send, known } = await setUp();
    await sandbox.post('/limits', { strangers: { count: 1, per_seconds: 86_400 } });
    expect((await send({ username: 'anna' })).status).toBe(200);
    const refused = await send({ username: 'boris' });
    expect(refused).toMatchObject({ status: 202, body: { status: 'queued' } });
    expect(Date.parse(String(refused.body.not_before)) - clock.now()).toBeGreaterThan(5 * hourMs);

    const form = fileForm(Buffer.from('a'), 'a.bin', { username: 'clara', wait: longWait, ...expires });
    const byOther = await media.post('/send_media', form);
    expect(byOther.status).toBe(202);
    const all = [{ chat_id: demoChat }, { chat_id: -4021 }, { chat_id: 'me' }, { username: 'anna' }];
    for (const target of [...all, { chat_id: await known() }]) expect((await send(target)).status).toBe(200);
    expect(
      (await media.post('/send_media', fileForm(Buffer.from('a'), 'a.bin', { chat_id: demoChat }))).status,
    ).toBe(200);

    expect((await sandbox.report()).errors).toEqual({ PEER_FLOOD: 1 });
    for (const gateway of [text, media]) {
      expect((await stats(gateway)).floods).toMatchObject([
        { scope: 'strangers', reason: 'PEER_FLOOD', holds: true },
      ]);
      const health = await gateway.get('/health');
      expect(health).toMatchObject({ status: 200, body: { status: 'degraded' } });
      expect(health.body.reasons).toEqual([
        expect.stringMatching(
          /^Telegram refuses first messages to people .* all others go on; write to @SpamBot/,
        ),
      ]);
    }
    const metrics = await (await fetch(`${text.url}/metrics`)).text();
    expect(metrics).toMatch(/^telegram_gateway_flood_gate_seconds\{.*scope="strangers".*\} 2\d{4}/m);

    await sandbox.post('/limits', {});
    clock.advance(6 * hourMs);
    await text.untilStatus(refused.body.id, 'sent');
    await media.untilStatus(byOther.body.id, 'sent');
    expect((await sandbox.report()).errors).toEqual({ PEER_FLOOD: 1 });
  });

  it('lets a stranger through who has written meanwhile', async () => {
    const { sandbox, clock, text, send } = await setUp();
    await sandbox.post('/limits', { strangers: { count: 0, per_seconds: 86_400 } });
    const { body } = await send({ username: 'boris' });
    await sandbox.post('/incoming', { chat_id: usernames.boris, text: 'hello' });
    const warmedAt = async () => ((await text.get('/stats')).body.cache as { warmed_at: string }).warmed_at;
    const before = await warmedAt();
    clock.advance(hourMs);
    await until('a walk has seen the dialog', async () => (await warmedAt()) !== before);
    clock.advance(hourMs / 6);
    await text.untilStatus(body.id, 'sent');
    expect((await sandbox.report()).errors).toEqual({ PEER_FLOOD: 1 });
  });

  it('of a chat that is no stranger holds back that chat as well, and is met once', async () => {
    const { sandbox, send, text } = await setUp();
    await sandbox.post('/faults', [
      { method: 'messages.sendMessage', peer: demoChat, error: 'PEER_FLOOD', times: 1 },
    ]);
    expect((await send({ chat_id: demoChat })).status).toBe(202);
    expect((await send({ chat_id: demoChat })).status).toBe(202);
    expect((await send({ chat_id: -4021 })).status).toBe(200);
    const scopes = (await stats(text)).floods.map(({ scope }) => scope);
    expect(scopes.toSorted()).toEqual([`chat:${demoChat}`, 'strangers']);
    expect((await sandbox.report()).rpc['messages.sendMessage']).toBe(2);
  });
});

describe('the budget of first messages', () => {
  it('lets so many go in a day, over restarts and in both gateways, and says when the next one may', async () => {
    const { sandbox, clock, text, media, send, start } = await setUp({ STRANGERS_PER_DAY: '2' });
    const startedAt = clock.now();
    expect((await stats(text)).strangers).toEqual({ per_day: 2, used: 0, next_at: null });
    expect((await send({ username: 'anna' })).status).toBe(200);
    const form = fileForm(Buffer.from('a'), 'a.bin', { username: 'boris' });
    expect((await media.post('/send_media', form)).status).toBe(200);
    for (const target of [
      { username: 'anna' },
      { username: 'boris' },
      { chat_id: demoChat },
      { chat_id: 'me' },
    ]) {
      expect((await send(target)).status).toBe(200);
    }
    const { strangers } = await stats(text);
    expect(strangers).toMatchObject({ per_day: 2, used: 2 });
    expect(Date.parse(strangers.next_at!) - startedAt).toBeGreaterThanOrEqual(24 * hourMs);

    const waiting = await send({ username: 'clara' });
    expect(waiting).toMatchObject({ status: 202, body: { status: 'queued', not_before: strangers.next_at } });
    await text.close();
    const again = await start('text');
    await until('it is signed in', async () => (await again.get('/health')).status === 200);
    expect((await stats(again)).strangers).toEqual(strangers);
    expect((await again.get(`/messages/${String(waiting.body.id)}`)).body).toMatchObject({
      not_before: strangers.next_at,
    });

    clock.advance(25 * hourMs);
    await again.untilStatus(waiting.body.id, 'sent');
    expect((await sandbox.report()).errors).toEqual({});
  });

  it('is not closed for longer than a day by a clock that was set back', async () => {
    const { clock, text, send } = await setUp({ STRANGERS_PER_DAY: '1' });
    expect((await send({ username: 'anna' })).status).toBe(200);
    const now = clock.now();
    clock.set(-400 * 24 * hourMs);
    const { body } = await send({ username: 'boris' });
    expect(Date.parse(String(body.not_before)) - now).toBeLessThanOrEqual(24 * hourMs + 5_000);
    clock.advance(25 * hourMs);
    await text.untilStatus(body.id, 'sent');
  });
});
