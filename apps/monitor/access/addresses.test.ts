/** Addresses and origins through the running monitor. */
import { afterEach, describe, expect, it } from 'vitest';
import { statusByHost } from '../../testkit/ask-by-host.ts';
import { fastClock } from '../../testkit/fast-clock.ts';
import type { AuditEntry } from '../files/audit.ts';
import { basic, getFrom, postTo } from '../testing/ask.ts';
import { startStand, type MonitorStand } from '../testing/stand-ins.ts';

let stand: MonitorStand;
afterEach(() => stand.close());
const from = (address: string, password?: string) => ({
  authorization: basic(password),
  'x-forwarded-for': address,
});

describe('the list of addresses', () => {
  it('keeps out who is not on it, before any password is looked at, and leaves /health and /metrics open', async () => {
    stand = await startStand({ ALLOWED_ADDRESSES: '10.0.0.0/8, 2001:db8::/32' });
    for (const path of ['/', '/api/services', '/api/stream']) {
      const refused = await getFrom(stand.url, path, {});
      expect(refused.status).toBe(403);
      expect(await refused.json()).toMatchObject({
        class: 'forbidden',
        detail: expect.stringContaining('the address 127.0.0.1 may not ask here'),
      });
    }
    // Nobody is believed who merely says that they are somebody else.
    expect((await getFrom(stand.url, '/api/services', from('10.1.2.3'))).status).toBe(403);
    expect((await getFrom(stand.url, '/health', {})).status).toBe(200);
    expect((await getFrom(stand.url, '/metrics', {})).status).toBe(200);
  });

  it('goes by the address that a trusted proxy names, as do the audit and the pauses between guesses', async () => {
    const env = { ALLOWED_ADDRESSES: '10.0.0.0/8', TRUSTED_PROXIES: '127.0.0.1' };
    stand = await startStand(env, fastClock(10));
    expect((await getFrom(stand.url, '/api/services', from('192.0.2.1'))).status).toBe(403);
    for (let i = 0; i < 4; i += 1) await getFrom(stand.url, '/api/services', from('10.0.0.1', `guess ${i}`));
    const guesses = Array.from({ length: 4 }, (_, i) =>
      getFrom(stand.url, '/api/services', from('10.0.0.1', `another ${i}`)),
    );
    const statuses = (await Promise.all(guesses)).map(({ status }) => status);
    expect(statuses.sort()).toEqual([401, 401, 401, 429]);
    expect((await getFrom(stand.url, '/api/services', from('10.0.0.1'))).status).toBe(200);
    expect((await getFrom(stand.url, '/api/services', from('10.0.0.2'))).status).toBe(200);
    await postTo(stand.url, '/api/services/send-text/restart', {}, from('10.0.0.2'));
    const [entry] = (await (await getFrom(stand.url, '/api/audit', from('10.0.0.2'))).json()) as AuditEntry[];
    expect(entry).toMatchObject({ action: 'restart', address: '10.0.0.2' });
  });
});

describe('a name', () => {
  it('that is not known is refused everywhere, also at what is open', async () => {
    stand = await startStand({ MONITOR_ALLOWED_HOSTS: 'monitor' });
    for (const path of ['/metrics', '/health', '/', '/api/services']) {
      const headers = { authorization: basic() };
      expect(await statusByHost(stand.url + path, 'evil.example', headers)).toBe(403);
      for (const host of ['monitor:5099', 'localhost', '127.0.0.1:1'])
        expect(await statusByHost(stand.url + path, host, headers)).toBe(200);
    }
  });
});

describe('a request of a page of another site', () => {
  it.each([
    ['POST', '/api/services/send-text/restart'],
    ['POST', '/api/services/send-text/pause'],
    ['POST', '/api/procedures/clear-flood-wait'],
    ['DELETE', '/api/procedures/clear-flood-wait'],
    ['POST', '/api/diagnostics'],
  ])('is refused: %s %s', async (method, path) => {
    stand = await startStand();
    for (const headers of [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://evil.example' },
    ]) {
      const refused = await fetch(stand.url + path, {
        method,
        headers: { authorization: basic(), ...headers },
      });
      expect(refused.status).toBe(403);
    }
    expect(stand.launcher.asked).toEqual([]);
    expect(stand.text.asked).toEqual([]);
  });
});
