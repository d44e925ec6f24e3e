/** The disk with the outbox is lost, and a caller repeats its request: Telegram knows the random ids that follow from the key. */
import { readFileSync, rmSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { startSandbox, type TestSandbox } from '../testkit/sandbox.ts';
import { demoChat, fileForm, samplePhoto, startTestGateway, type TestGateway } from '../testkit/stack.ts';
import { temporaryFolder } from '../testkit/folder.ts';
import { shared } from '../testkit/when-done.ts';

let sandbox: TestSandbox;
beforeAll(shared(async (whenDone) => void (sandbox = await startSandbox({}, whenDone))));

const photo = readFileSync(samplePhoto);
const key = { 'idempotency-key': 'order-48213' };
const longText = 'A text of several messages. '.repeat(400);

function album(): FormData {
  const form = fileForm(photo, 'first.jpg', { chat_id: demoChat, caption: 'Two' });
  form.delete('file');
  for (const name of ['first', 'second']) form.set(name, new Blob([photo]), `${name}.jpg`);
  form.set('album', JSON.stringify([{ file: 'first' }, { file: 'second' }]));
  return form;
}

describe('a request with the same idempotency key, after DATA_DIR was emptied, sends nothing new', () => {
  it.each([
    ['a text', 'text', 1, () => ({ chat_id: demoChat, text: 'Once' })],
    ['a text in parts', 'text', 3, () => ({ chat_id: demoChat, text: longText, split: true })],
    ['a file', 'media', 1, () => fileForm(photo, 'photo.jpg', { chat_id: demoChat })],
    ['an album', 'media', 2, album],
  ] as const)('of %s', async (_, gateway, count, request) => {
    await sandbox.post('/reset', {});
    const dataDir = temporaryFolder();
    const send = async () => {
      const running = await startTestGateway(gateway, sandbox, dataDir);
      await running.untilWarm();
      const { status, body } = await running.post('/send', request(), key);
      await running.close();
      return { status, ids: body.message_ids, id: body.id };
    };
    const first = await send();
    expect(first).toMatchObject({ status: 200, ids: expect.any(Array) });
    expect(first.ids).toHaveLength(count);
    rmSync(dataDir, { recursive: true });

    const again = await send();
    expect(again.id).not.toBe(first.id); // Nothing was known of it any more.
    expect(again).toMatchObject({ status: 200, ids: first.ids });
    const { delivered, duplicates } = await sandbox.report();
    expect(delivered).toHaveLength(count);
    expect(duplicates).toBe(count);
  });

  it('but one without a key is another message', async () => {
    await sandbox.post('/reset', {});
    const dataDir = temporaryFolder();
    for (let time = 0; time < 2; time++) {
      const running: TestGateway = await startTestGateway('text', sandbox, dataDir);
      await running.untilWarm();
      expect((await running.post('/send', { chat_id: demoChat, text: 'Each time' })).status).toBe(200);
      await running.close();
      rmSync(dataDir, { recursive: true });
    }
    expect((await sandbox.report()).delivered).toHaveLength(2);
  });
});
