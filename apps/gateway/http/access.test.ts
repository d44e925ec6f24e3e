import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { readGatewayConfig } from '../settings.ts';
import { demoChat, startStack, startTestGateway, type TestGateway } from '../../testkit/stack.ts';
import { temporaryFolder } from '../../testkit/folder.ts';
import { shared } from '../../testkit/when-done.ts';

const secrets = { crm: 'crm-crm-crm-crm-crm', ops: 'ops-ops-ops-ops-ops', all: 'all-all-all-all-all' };
const sha256 = createHash('sha256').update(secrets.ops).digest('hex');
const tokens = `crm:send:${secrets.crm},ops:read+control:sha256=${sha256},all:send+read+control:${secrets.all}`;

let stack: Awaited<ReturnType<typeof startStack>>;
beforeAll(
  shared(async (whenDone) => void (stack = await startStack('text', { API_TOKENS: tokens }, whenDone))),
);

async function call(method: string, path: string, token?: string, headers: Record<string, string> = {}) {
  const response = await fetch(stack.gateway.url + path, {
    method,
    headers: {
      'content-type': 'application/json',
      ...(token && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(method === 'POST' && { body: JSON.stringify({ chat_id: demoChat, text: 'a' }) }),
  });
  return { status: response.status, headers: response.headers, body: await response.text() };
}

describe('a gateway with tokens', () => {
  it.each([
    ['GET', '/health', 200, 200, 200],
    ['GET', '/metrics', 401, 403, 200],
    ['GET', '/stats', 401, 403, 200],
    ['GET', '/messages/none', 401, 404, 404],
    ['POST', '/send_text', 401, 200, 403],
    ['POST', '/send', 401, 200, 403],
    ['POST', '/pause', 401, 403, 200],
    ['POST', '/resume', 401, 403, 200],
    ['POST', '/reload_cache', 401, 403, 429],
  ])('answers %s %s with %i to nobody, %i to a sender, %i to an operator', async (method, path, ...codes) => {
    const answers = [
      await call(method, path),
      await call(method, path, secrets.crm),
      await call(method, path, secrets.ops),
    ];
    expect(answers.map(({ status }) => status)).toEqual(codes);
  });

  it('says what is missing, as RFC 6750 has it', async () => {
    const none = await call('GET', '/stats');
    expect(none.headers.get('www-authenticate')).toBe('Bearer realm="vestnik"');
    expect(JSON.parse(none.body)).toMatchObject({ class: 'unauthorized', retryable: false });
    const wrong = await call('GET', '/stats', 'wrong-wrong-wrong');
    expect(wrong.headers.get('www-authenticate')).toContain('error="invalid_token"');
    expect(wrong.body).not.toContain('wrong-wrong-wrong');
    const scope = await call('GET', '/stats', secrets.crm);
    expect(scope.headers.get('www-authenticate')).toContain('error="insufficient_scope", scope="read"');
    expect(JSON.parse(scope.body)).toMatchObject({
      class: 'forbidden',
      detail: 'the token crm has not the scope read that this needs',
    });
  });

  it('still refuses what a browser sends for a page of another site', async () => {
    const answer = await call('POST', '/send', secrets.all, { 'sec-fetch-site': 'cross-site' });
    expect(answer.status).toBe(403);
  });
});

describe('a gateway', () => {
  let limited: TestGateway;
  beforeAll(
    shared(async (whenDone) => {
      const more = {
        TRUSTED_PROXIES: '127.0.0.1',
        RATE_LIMIT_PER_S: '2',
        METRICS_OPEN: 'true',
        API_TOKENS: tokens,
      };
      limited = await startTestGateway('text', stack.sandbox, temporaryFolder(whenDone), more, whenDone);
      await limited.untilWarm();
    }),
  );
  const stats = (headers: Record<string, string>) => fetch(`${limited.url}/stats`, { headers });

  it('answers who asks too often with rate_limited, each address and token by itself', async () => {
    const from = (address: string) => stats({ 'x-forwarded-for': address });
    const codes = [];
    for (let request = 0; request < 3; request++) codes.push((await from('198.51.100.1')).status);
    expect(codes).toEqual([401, 401, 429]);
    expect((await from('198.51.100.2')).status).toBe(401);
    const refused = await from('198.51.100.1');
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(await refused.json()).toMatchObject({ class: 'rate_limited', retryable: true });
    const known = { 'x-forwarded-for': '198.51.100.1', authorization: `Bearer ${secrets.all}` };
    expect((await stats(known)).status).toBe(200);
    expect((await fetch(`${limited.url}/health`)).status).toBe(200);
  });

  it('opens /metrics when told to', async () => {
    expect((await fetch(`${limited.url}/metrics`)).status).toBe(200);
  });

  it('listens beyond this machine only with tokens, or when told to in so many words', () => {
    const read = (more: Record<string, string>) => () =>
      readGatewayConfig({ HOST: '0.0.0.0', TELEGRAM_DC: '127.0.0.1:1', ...more }, 'send-text', 0);
    expect(read({})).toThrow(/HOST 0\.0\.0\.0 lets anybody who reaches it send: set API_TOKENS/);
    expect(read({ API_TOKENS: tokens })).not.toThrow();
    expect(read({ ALLOW_UNAUTHENTICATED: 'true' })).not.toThrow();
    expect(read({ API_TOKENS: 'crm:send' })).toThrow(/API_TOKENS takes name:scopes:token/);
  });
});
