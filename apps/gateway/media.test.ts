import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { demoChat, fileForm, samplePhoto, startStack } from '../testkit/stack.ts';
import { shared } from '../testkit/when-done.ts';

let stack: Awaited<ReturnType<typeof startStack>>;
beforeAll(
  shared(async (whenDone) => void (stack = await startStack('media', { MAX_UPLOAD_MB: '30' }, whenDone))),
);
beforeEach(() => stack.sandbox.post('/reset', {}));
const spool = () => readdirSync(join(stack.dataDir, 'spool/main/media'));

describe('the media gateway', () => {
  const sha256 = (data: Buffer) => createHash('sha256').update(data).digest('hex');

  it('delivers a photo with its caption, and keeps nothing in the spool', async () => {
    const { sandbox, gateway } = stack;
    const photo = readFileSync(samplePhoto);
    const form = fileForm(photo, 'photo.jpg', { chat_id: demoChat, caption: 'Look' });
    expect(await gateway.post('/send_media', form)).toMatchObject({
      status: 200,
      body: { ok: true, status: 'sent' },
    });
    expect((await sandbox.report()).delivered).toMatchObject([
      { text: 'Look', media: { kind: 'photo', size: photo.length, sha256: sha256(photo) } },
    ]);
    await expect.poll(spool).toEqual([]);
  });

  it.each([1, 512 * 1024, 512 * 1024 + 1, 11 * 1024 * 1024 + 7])(
    'delivers a document of %i bytes byte for byte',
    async (size) => {
      const { sandbox, gateway } = stack;
      const data = randomBytes(size);
      const form = fileForm(data, 'отчёт.bin', { chat_id: demoChat });
      expect((await gateway.post('/send_media', form)).status).toBe(200);
      expect((await sandbox.report()).delivered).toMatchObject([
        { media: { kind: 'document', name: 'отчёт.bin', size, sha256: sha256(data) } },
      ]);
    },
  );

  it('sends a picture as a document when asked to', async () => {
    const { sandbox, gateway } = stack;
    const form = fileForm(readFileSync(samplePhoto), 'photo.jpg', { chat_id: demoChat, kind: 'document' });
    expect((await gateway.post('/send', form)).status).toBe(200);
    expect((await sandbox.report()).delivered).toMatchObject([{ media: { kind: 'document' } }]);
  });

  it('uploads once and sends once for the same idempotency key', async () => {
    const { sandbox, gateway } = stack;
    const form = () =>
      fileForm(Buffer.from('the same bytes'), 'a.bin', { chat_id: demoChat, idempotency_key: 'k' });
    const first = await gateway.post('/send', form());
    expect((await gateway.post('/send', form())).body).toEqual(first.body);
    const other = fileForm(Buffer.from('other'), 'a.bin', { chat_id: demoChat, idempotency_key: 'k' });
    expect((await gateway.post('/send', other)).status).toBe(409);
    expect((await sandbox.report()).delivered).toHaveLength(1);
    await expect.poll(spool).toEqual([]);
  });

  it.each([
    [() => fileForm(Buffer.from('x'), 'a', {}), 422, 'no target'],
    [() => fileForm(Buffer.from(''), 'a', { chat_id: demoChat }), 422, 'file is empty'],
    [
      () => fileForm(Buffer.from('text'), 'a.jpg', { chat_id: demoChat, kind: 'photo' }),
      422,
      'is no picture',
    ],
    [() => fileForm(Buffer.from('x'), 'a', { chat_id: demoChat, kind: 'poem' }), 422, 'kind takes'],
    [
      () => fileForm(Buffer.from('x'), 'a', { chat_id: demoChat, caption: 'x'.repeat(1025) }),
      422,
      'caption takes',
    ],
    [() => fileForm(Buffer.from('x'), 'a', { chat_id: -1_009_999_999_999 }), 404, 'is not known'],
    [() => fileForm(Buffer.alloc(31_000_000), 'a', { chat_id: demoChat }), 413, 'larger than'],
    [() => withoutFile({ chat_id: String(demoChat) }), 422, 'file is missing'],
    [() => withManyFields(1000), 422, 'fields'],
  ])('refuses a wrong form with one clear error and leaves no file (%#)', async (form, status, sentence) => {
    const { sandbox, gateway } = stack;
    const answer = await gateway.post('/send_media', form());
    expect(answer.status).toBe(status);
    expect(answer.body.detail).toContain(sentence);
    await expect.poll(spool).toEqual([]);
    expect((await sandbox.report()).delivered).toEqual([]);
  });

  it.each([
    [
      'cut half way',
      `--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nhalf`,
      'b',
      400,
    ],
    ['with a wrong boundary', `--other\r\n\r\n`, 'b', 400],
    ['without a boundary', `--b\r\n\r\n`, '', 400],
  ])('refuses a body %s', async (_, body, boundary, status) => {
    const { gateway } = stack;
    const type = `multipart/form-data${boundary && `; boundary=${boundary}`}`;
    const response = await fetch(`${gateway.url}/send_media`, {
      method: 'POST',
      headers: { 'content-type': type },
      body,
    });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ class: 'bad_request' });
    await expect.poll(spool).toEqual([]);
  });

  it('refuses a body of another type', async () => {
    const { gateway } = stack;
    const plain = { 'content-type': 'text/plain' };
    expect(await gateway.post('/send_media', { chat_id: demoChat }, plain)).toMatchObject({
      status: 415,
      body: { class: 'unsupported_media' },
    });
  });
});

function withoutFile(fields: Record<string, string>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return form;
}

function withManyFields(count: number): FormData {
  const form = new FormData();
  for (let index = 0; index < count; index++) form.set(`field${index}`, 'x');
  return form;
}
