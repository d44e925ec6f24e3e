/** Messages through the monitor's real router, asked of gateways that stand in. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AuditEntry } from '../files/audit.ts';
import { basic, getFrom, postTo } from '../testing/ask.ts';
import { startStand, type MonitorStand } from '../testing/stand-ins.ts';

const id = '5f0b1f0e-0000-4000-8000-000000000001';
const base = '/api/services/send-text/messages';

let stand: MonitorStand;
beforeEach(async () => void (stand = await startStand()));
afterEach(() => stand.close());

const remove = (path: string) =>
  fetch(stand.url + path, { method: 'DELETE', headers: { authorization: basic() } });

describe('messages', () => {
  it('are listed with the filters that were asked for, as the gateway answers', async () => {
    const body = { messages: [{ id, status: 'failed' }], next: 7 };
    stand.text.pages['/messages?status=failed&chat_id=-1001&limit=2'] = { status: 200, body };
    const answer = await getFrom(stand.url, `${base}?status=failed&chat_id=-1001&limit=2`);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual(body);
  });

  it('are shown one by one, and what the gateway says of one that is gone is passed on', async () => {
    stand.text.pages[`/messages/${id}`] = { status: 200, body: { id, status: 'sent' } };
    expect(await (await getFrom(stand.url, `${base}/${id}`)).json()).toEqual({ id, status: 'sent' });
    const gone = await getFrom(stand.url, `${base}/other`);
    expect(gone.status).toBe(404);
    expect(gone.headers.get('content-type')).toMatch('application/problem+json');
    expect(await gone.json()).toEqual({ detail: 'there is nothing here' });
    expect(stand.text.requestIds).toContain(gone.headers.get('x-request-id'));
  });

  it('are retried and cancelled, and it is written down by whom', async () => {
    expect((await postTo(stand.url, `${base}/${id}/retry`)).status).toBe(200);
    expect((await postTo(stand.url, `${base}/retry?status=failed`)).status).toBe(200);
    stand.text.answer = { status: 409, body: { detail: 'it was sent' } };
    expect((await remove(`${base}/${id}`)).status).toBe(409);
    expect(stand.text.asked).toEqual([
      `POST /messages/${id}/retry`,
      'POST /messages/retry?status=failed',
      `DELETE /messages/${id}`,
    ]);
    const audit = (await (await getFrom(stand.url, '/api/audit')).json()) as AuditEntry[];
    expect(audit.map(({ action, ok }) => [action, ok])).toEqual([
      ['cancel-message', false],
      ['retry-messages', true],
      ['retry-message', true],
    ]);
    expect(audit[2]!.detail).toContain(id);
  });

  it('are asked for by nothing but what is on the list', async () => {
    for (const path of [`${base}?evil=1`, `${base}/a%2F..%2Fpause`, `${base}/..%2Fstats`]) {
      expect((await getFrom(stand.url, path)).status, path).toBe(422);
    }
    const twice = await postTo(stand.url, `${base}/retry?status=failed&chat_id=1&chat_id=2`);
    expect(twice.status).toBe(422);
    expect(await twice.json()).toMatchObject({ detail: 'chat_id may be given once' });
    expect((await getFrom(stand.url, '/api/services/sandbox/messages')).status).toBe(404);
    expect((await remove(base)).status).toBe(405);
    expect(stand.text.asked).toEqual([]);
  });

  it('of a gateway that is down or wants a token are told of as such, not as a wrong password', async () => {
    stand.text.pages['/messages'] = { status: 401, body: { detail: 'no token' } };
    const refused = await getFrom(stand.url, base);
    expect(refused.status).toBe(503);
    expect(await refused.json()).toMatchObject({
      detail: expect.stringContaining('GATEWAY_TOKEN') as string,
    });
    await stand.text.close();
    expect(await (await getFrom(stand.url, base)).json()).toMatchObject({ class: 'unavailable' });
  });
});
