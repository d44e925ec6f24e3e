/** A location from either gateway to Telegram and back: its fields, what they become, and what holds it. */
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { foreignClient } from '../../testkit/mtcute.ts';
import { demoChat, startStack, startTestGateway, type GatewayClient } from '../../testkit/stack.ts';
import { temporaryFolder } from '../../testkit/folder.ts';
import { shared } from '../../testkit/when-done.ts';

let sandbox: Awaited<ReturnType<typeof startStack>>['sandbox'];
let gateways: Record<'text' | 'media', GatewayClient>;
beforeAll(
  shared(async (whenDone) => {
    const stack = await startStack('text', {}, whenDone);
    sandbox = stack.sandbox;
    const media = await startTestGateway('media', sandbox, temporaryFolder(whenDone), {}, whenDone);
    await media.untilWarm();
    gateways = { text: stack.gateway, media };
  }),
);
beforeEach(() => sandbox.post('/reset', {}));

const oslo = { latitude: 59.9139, longitude: 10.7522 };

describe.each(['text', 'media'] as const)('a location over the %s gateway', (name) => {
  const send = (body: object, path = '/send') => gateways[name].post(path, { chat_id: demoChat, ...body });

  it('reaches the chat, and is read there by another client', async () => {
    const answer = await send({ location: { ...oslo, horizontal_accuracy: 64.2 }, silent: true });
    expect(answer).toMatchObject({
      status: 200,
      body: { status: 'sent', message_ids: [expect.any(Number)] },
    });
    const { delivered, rpc } = await sandbox.report();
    const shown = { kind: 'geo', ...oslo, accuracy_m: 65 };
    expect(delivered).toMatchObject([{ text: '', media: shown }]);
    expect(rpc['messages.sendMedia']).toBe(1);
    const other = await foreignClient(sandbox);
    await other.start();
    for await (const _ of other.iterDialogs()); // So that it knows the chat.
    const [message] = await other.getMessages(demoChat, Number(answer.body.message_id));
    expect(message?.media).toMatchObject({ type: 'location', ...oslo, radius: 65 });
  });

  it('is live for a while where that is asked', async () => {
    expect((await send({ location: { ...oslo, live_period: 60 } })).status).toBe(200);
    expect((await sandbox.report()).delivered).toMatchObject([{ media: { kind: 'geolive', ...oslo } }]);
  });

  it('comes in a form as its JSON', async () => {
    const form = new URLSearchParams({ chat_id: String(demoChat), location: JSON.stringify(oslo) });
    const response = await fetch(`${gateways[name].url}/send_${name}`, { method: 'POST', body: form });
    expect(response.status).toBe(200);
    expect((await sandbox.report()).delivered).toMatchObject([{ media: { kind: 'geo', ...oslo } }]);
  });

  it('is sent once for one idempotency key', async () => {
    const body = { location: oslo, idempotency_key: `${name} here` };
    const answers = [await send(body), await send(body)];
    expect(answers[1]!.body.id).toBe(answers[0]!.body.id);
    expect((await send({ ...body, location: { ...oslo, latitude: 0 } })).status).toBe(409);
    expect((await sandbox.report()).delivered).toHaveLength(1);
  });

  it.each<[object, string]>([
    [{ location: 'Oslo' }, 'location takes an object with latitude and longitude'],
    [{ location: { latitude: 91, longitude: 0 } }, 'location.latitude takes degrees from -90 to 90'],
    [{ location: { latitude: 0 } }, 'location.longitude takes degrees from -180 to 180'],
    [
      { location: { ...oslo, horizontal_accuracy: 1501 } },
      'location.horizontal_accuracy takes metres from 0',
    ],
    [{ location: { ...oslo, live_period: 59 } }, 'location.live_period takes seconds from 60 to 86400'],
    [{ location: { ...oslo, height: 3 } }, 'location.height is not a field'],
    [
      { location: oslo, [name === 'text' ? 'text' : 'caption']: 'here' },
      `${name === 'text' ? 'text' : 'caption'} stands beside location: a location goes alone`,
    ],
  ])('is refused as %j', async (body, detail) => {
    expect(await send(body)).toMatchObject({
      status: 422,
      body: { class: 'bad_request', detail: expect.stringContaining(detail) },
    });
  });

  it('waits for the gate of messages.sendMedia, and a text does not', async () => {
    await sandbox.post('/faults', [{ method: 'messages.sendMedia', error: 'FLOOD_WAIT_3000', times: 1 }]);
    const waiting = await send({ location: oslo });
    expect(waiting).toMatchObject({
      status: 202,
      body: { reason: { code: 'flood_wait', values: { method: 'messages.sendMedia' } } },
    });
    const behind = await send({ location: oslo, chat_id: 'me', wait: 0 });
    expect(behind.body).toMatchObject({ reason: { values: { method: 'messages.sendMedia' } } });
    if (name === 'text') {
      expect((await send({ text: 'on time', chat_id: 777000 })).status).toBe(200);
      expect((await gateways.text.get('/health')).body).toMatchObject({ status: 'ok', reasons: [] });
    }
    expect((await sandbox.report()).flood_violations).toBe(0);
  });

  it('is in the documentation', async () => {
    const page = await (await fetch(`${gateways[name].url}/docs`)).text();
    expect(page).toContain('A point on the map');
  });
});
