/** Messages of which nobody says what became of them: asked again for as long as that makes sense, then given up. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../testkit/folder.ts';
import { movableClock, type MovableClock } from '../testkit/movable-clock.ts';
import { startSandbox, type TestSandbox } from '../testkit/sandbox.ts';
import { demoChat, fileForm, startTestGateway, type Answer, type TestGateway } from '../testkit/stack.ts';
import { until } from '../testkit/until.ts';

interface Reason {
  readonly code: string;
  readonly since: string;
  readonly until: string | null;
}

const otherChat = -4021;
const method = 'messages.sendMessage';
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** Of a message that is to outlast hours of the moved clock. */
const week = 604_800;

async function start(gateway: 'text' | 'media' = 'text') {
  const sandbox = await startSandbox();
  const clock = movableClock();
  const dataDir = temporaryFolder();
  const begin = () => startTestGateway(gateway, sandbox, dataDir, {}, undefined, clock);
  const running = await begin();
  await running.untilWarm();
  return { sandbox, clock, gateway: running, begin };
}

const sendText = (gateway: TestGateway, fields: Record<string, unknown>) =>
  gateway.post('/send_text', { chat_id: demoChat, text: 'a', wait: 0, expires_in: week, ...fields });

/** Lets minutes pass, `steps` times `stepMs` at once, until the message is settled. How long that took. */
async function untilOver(
  gateway: TestGateway,
  clock: MovableClock,
  id: unknown,
  { steps, stepMs, meanwhile }: { steps: number; stepMs: number; meanwhile?: () => unknown },
) {
  const startedAt = clock.now();
  const last = await until(
    'the message is settled',
    async () => {
      for (let step = 0; step < steps; step++) {
        clock.advance(stepMs);
        await sleep(10);
      }
      await meanwhile?.();
      const answer = await gateway.get(`/messages/${String(id)}`);
      return !['queued', 'sending'].includes(String(answer.body.status)) && answer;
    },
    100_000,
  );
  return { body: last.body, tookMs: clock.now() - startedAt };
}

async function untilSent(gateway: TestGateway, clock: MovableClock, id: unknown) {
  const { body } = await untilOver(gateway, clock, id, { steps: 2, stepMs: minuteMs });
  expect(body.status).toBe('sent');
}

const fault = (sandbox: TestSandbox, ...faults: object[]) => sandbox.post('/faults', faults);

describe('a message that Telegram neither sends nor says to have sent', () => {
  it('is given up after 24 h of asking, restarts and set clocks not counted, and its chat goes on', async () => {
    const { sandbox, clock, gateway, begin } = await start();
    await fault(sandbox, { method, peer: demoChat, error: 'RANDOM_ID_DUPLICATE', carry_out: true });
    const { body: first } = await sendText(gateway, {});
    const { body: second } = await sendText(gateway, { text: 'b' });
    await until('it was asked for', async () => (await sandbox.report()).rpc[method]! > 2);
    clock.set(30 * hourMs);
    clock.advance(minuteMs);
    await until('it was asked for again', async () => (await sandbox.report()).rpc[method]! > 4);
    await gateway.close();
    clock.advance(30 * hourMs);
    const again = await begin();
    await until('it was asked for by the next one', async () => (await sandbox.report()).rpc[method]! > 6);
    expect((await again.get(`/messages/${String(first.id)}`)).body).toMatchObject({ ok: true });

    const { body, tookMs } = await untilOver(again, clock, first.id, { steps: 40, stepMs: 2 * minuteMs });
    expect(body).toMatchObject({ status: 'failed', class: 'outcome_unknown', retryable: false });
    expect(body.detail).toMatch(
      /24 h of asking \(Telegram answered RANDOM_ID_DUPLICATE to messages.sendMessage\)/,
    );
    expect(tookMs).toBeGreaterThan(23 * hourMs);
    await sandbox.post('/faults', []);
    await untilSent(again, clock, second.id);
    expect((await sandbox.report()).delivered.map(({ text }) => text)).toEqual(['a', 'b']);
  }, 120_000);

  it('is sent, and not expired, where its time is over before Telegram says that it was sent', async () => {
    const { sandbox, clock, gateway } = await start();
    await fault(sandbox, { method, error: 'INTERNAL', carry_out: true, times: 3 });
    const { body } = await sendText(gateway, { expires_in: 1 });
    await until('it was asked for', async () => (await sandbox.report()).rpc[method]! > 0);
    clock.advance(2_000);
    await gateway.untilStatus(body.id, 'sent');
    const { delivered, duplicates } = await sandbox.report();
    expect(delivered).toHaveLength(1);
    expect(duplicates).toBeGreaterThan(0);
  });
});

describe('the same error of the server to one message', () => {
  it('ends it after 10 minutes while others are sent, with the method and the error, and its chat goes on', async () => {
    const { sandbox, clock, gateway } = await start();
    await fault(sandbox, { method, peer: demoChat, error: 'INTERNAL' });
    const { body: first } = await sendText(gateway, {});
    const { body: second } = await sendText(gateway, { text: 'b' });
    const others = () => sendText(gateway, { chat_id: otherChat });
    const { body, tookMs } = await untilOver(gateway, clock, first.id, {
      steps: 3,
      stepMs: minuteMs / 2,
      meanwhile: others,
    });
    expect(body).toMatchObject({ status: 'failed', class: 'outcome_unknown', retryable: false });
    expect(body.detail).toContain('INTERNAL to messages.sendMessage');
    expect(tookMs).toBeGreaterThanOrEqual(10 * minuteMs);
    await sandbox.post('/faults', []);
    await untilSent(gateway, clock, second.id);
  }, 60_000);

  it.each([
    {
      what: 'is asked again for longer where no other call of its kind succeeds',
      error: 'INTERNAL',
      peer: undefined,
    },
    {
      what: 'is asked again for longer where it is one that passes',
      error: 'WORKER_BUSY_TOO_LONG_RETRY',
      peer: demoChat,
    },
  ])(
    '$what',
    async ({ error, peer }) => {
      const { sandbox, clock, gateway } = await start();
      await fault(sandbox, { method, peer, error });
      const { body } = await sendText(gateway, {});
      const startedAt = clock.now();
      let step = 0;
      const isAskedForLong = async () => {
        clock.advance(minuteMs / 2);
        if (step++ % 10 === 0) await sendText(gateway, { chat_id: otherChat });
        const { errors } = await sandbox.report();
        return clock.now() - startedAt > 20 * minuteMs && (errors[error] ?? 0) > 15;
      };
      await until('Telegram was asked again and again, for longer than ten minutes', isAskedForLong, 60_000);
      expect((await gateway.get(`/messages/${String(body.id)}`)).body.status).toMatch(/queued|sending/);
      await sandbox.post('/faults', []);
      await untilSent(gateway, clock, body.id);
    },
    90_000,
  );

  it('uploads no file and no item of an album again', async () => {
    const { sandbox, clock, gateway } = await start('media');
    await fault(
      sandbox,
      { error: 'INTERNAL', method: 'messages.sendMedia', times: 4 },
      { error: 'INTERNAL', method: 'messages.sendMultiMedia', times: 4 },
    );
    const send = (fields: Record<string, string | number>) =>
      gateway.post(
        '/send_media',
        fileForm(Buffer.from('file'), 'a.bin', { chat_id: demoChat, wait: 0, ...fields }),
      );
    const item = { base64: Buffer.from('item').toString('base64'), kind: 'document' };
    const answers = [
      await send({}),
      await gateway.post('/send_media', { chat_id: otherChat, wait: 0, album: [item, item] }),
    ] satisfies Answer[];
    // An upload that the clock overtakes is begun anew.
    await until('both were uploaded and refused', async () => {
      const { rpc } = await sandbox.report();
      return rpc['messages.sendMedia']! > 0 && rpc['messages.sendMultiMedia']! > 0;
    });
    for (const { body } of answers) await untilSent(gateway, clock, body.id);
    const { rpc } = await sandbox.report();
    expect(rpc).toMatchObject({
      'messages.sendMedia': 5,
      'messages.sendMultiMedia': 5,
      'messages.uploadMedia': 2,
      'upload.saveFilePart': 3,
    });
  });
});

describe('an album of which Telegram does not name every item', () => {
  it('is sent once, with null for an item that is not found in the chat, a note, and a count', async () => {
    const { sandbox, gateway } = await start('media');
    await fault(
      sandbox,
      { omit_item: 2, times: 1 },
      { method: 'channels.getMessages', error: 'CHANNEL_PRIVATE' },
    );
    const item = { base64: Buffer.from('item').toString('base64'), kind: 'document' };
    const { status, body } = await gateway.post('/send_media', {
      chat_id: demoChat,
      album: [item, item, item],
    });
    const notes = [expect.stringMatching(/^Telegram did not name items 2 of the album/)];
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { message_ids: [expect.any(Number), null, expect.any(Number)], notes },
    });
    const note_causes = [{ code: 'album_incomplete', values: { items: '2' } }];
    expect((await gateway.get(`/messages/${String(body.id)}`)).body).toMatchObject({ notes, note_causes });
    // It is answered while its settling is still being written.
    const counted = async () => (await gateway.get('/stats')).body.notes;
    await expect.poll(counted).toEqual({ album_incomplete: 1 });
    const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
    expect(metrics).toMatch(/messages_total\{.*outcome="album_incomplete".*\} 1$/m);
    const { delivered, rpc } = await sandbox.report();
    expect({ delivered: delivered.length, calls: rpc['messages.sendMultiMedia'] }).toEqual({
      delivered: 3,
      calls: 1,
    });
  });
});

describe('a connection that is cut', () => {
  it('lets a split text go on with the part that it took along, and asks for no part again that was sent', async () => {
    const { sandbox, gateway } = await start();
    const slow = { method, delay_ms: 1, times: 2 };
    await fault(sandbox, slow, { method, drop: 'before', times: 1 });
    const text = 'word '.repeat(3_000);
    const { status, body } = await sendText(gateway, { text, split: true, wait: 30 });
    expect({ status, body }).toMatchObject({ status: 200, body: { attempts: 2 } });
    const { delivered, duplicates, rpc } = await sandbox.report();
    expect({ parts: delivered.length, duplicates, calls: rpc[method] }).toEqual({
      parts: 4,
      duplicates: 0,
      calls: 5,
    });
    expect(body.message_ids).toEqual(delivered.map(({ message_id }) => Number(message_id)));
  });

  it('makes no pause of a message longer: what Telegram then says of it is asked again as at first', async () => {
    const { sandbox, clock, gateway } = await start();
    await fault(sandbox, { method, drop: 'before', times: 4 }, { method, error: 'INTERNAL', times: 2 });
    const { body } = await sendText(gateway, {});
    const met = await until('Telegram answered', async () => {
      // So pass the pauses before new connections.
      if (((await sandbox.report()).rpc[method] ?? 0) < 5) clock.advance(500);
      const { reason } = (await gateway.get(`/messages/${String(body.id)}`)).body as {
        reason: Reason | null;
      };
      return reason?.code === 'telegram_error' && reason.until !== null && { ...reason, until: reason.until };
    });
    expect(Date.parse(met.until) - Date.parse(met.since)).toBeLessThan(1_000);
    expect((await gateway.untilStatus(body.id, 'sent')).body).toMatchObject({ attempts: 7 });
  });
});
