import { METHODS } from 'node:http';
import { connect } from 'node:net';
import { Writable } from 'node:stream';
import Router from '@koa/router';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createApp, listen, type Listening } from './app.ts';
import { readObject } from './bodies/body.ts';
import { errorClasses, Problem, type ErrorClassName } from './errors.ts';
import { knownHosts, sameSite } from './guard.ts';
import { createLogger } from './log.ts';
import { onlyTheirMethods } from './methods.ts';
import { askRaw } from '../testkit/ask-raw.ts';

/** As far as this version of Node reads them. */
const strangeMethods = ['TRACE', 'PROPFIND', 'LINK', 'QUERY'].filter((each) => METHODS.includes(each));

let logged = '';
const log = createLogger(
  'test',
  'debug',
  new Writable({
    write(chunk: Buffer, _encoding, done) {
      logged += chunk.toString();
      done();
    },
  }),
);
const answers: [string, number][] = [];
let listening: Listening;
let url: string;

beforeEach(async () => {
  logged = '';
  answers.length = 0;
  const app = createApp({
    log,
    onAnswer: (route, code) => answers.push([route, code]),
    errorExtras: { sandbox: true },
  });
  const router = new Router();
  router.post('/echo', async (ctx) => {
    ctx.body = await readObject(ctx.req, { maxBytes: 100 });
  });
  router.get('/fail/:class', (ctx) => {
    throw new Problem(ctx.params.class as ErrorClassName, 'what happened', { retryAfter: 1.2, id: 'm1' });
  });
  router.get('/bug', () => {
    throw new Error('the password is hunter2');
  });
  app.use(knownHosts('127.0.0.1', ['gateway.example']));
  app.use(sameSite);
  router.get('/echo/:id', () => undefined);
  router.post('/echo/all', () => undefined);
  app.use(onlyTheirMethods(router));
  app.use(router.routes());
  listening = await listen(app, '127.0.0.1', 0, 'TEST_PORT');
  url = `http://127.0.0.1:${listening.port}`;
});
afterEach(() => listening.close());

const post = (body: string, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
  fetch(`${url}/echo`, { method: 'POST', body, headers });

describe('an application', () => {
  it.each(Object.entries(errorClasses))(
    'answers %s as problem+json with its status',
    async (name, { status, retryable }) => {
      const response = await fetch(`${url}/fail/${name}`);
      expect(response.status).toBe(status);
      expect(response.headers.get('content-type')).toBe('application/problem+json');
      expect(response.headers.get('retry-after')).toBe('2');
      expect(await response.json()).toMatchObject({
        ok: false,
        class: name,
        status,
        retryable,
        id: 'm1',
        retry_after: 1.2,
        sandbox: true,
        detail: 'what happened',
        error: 'what happened',
      });
    },
  );

  it('tells the caller nothing of an error of its own, and the log everything', async () => {
    const response = await fetch(`${url}/bug`, { headers: { 'x-request-id': 'abc-1' } });
    const body = await response.text();
    expect(response.status).toBe(500);
    expect(body).not.toContain('hunter2');
    expect(logged).toContain('hunter2');
    expect(logged).toContain('"requestId":"abc-1"');
  });

  it('gives every answer a request id, and makes one where the caller sent none or a strange one', async () => {
    const ids = await Promise.all(
      ['plain', 'two words', ''].map(async (id) => {
        const response = await fetch(`${url}/none`, { headers: { 'x-request-id': id } });
        return response.headers.get('x-request-id');
      }),
    );
    expect(ids[0]).toBe('plain');
    expect(ids[1]).toMatch(/^[0-9a-f-]{36}$/);
    expect(ids[2]).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('counts answers by the pattern of the route, never by the path', async () => {
    await fetch(`${url}/fail/banned`);
    await fetch(`${url}/secret-path`);
    expect(answers).toEqual([
      ['/fail/:class', 403],
      ['none', 404],
    ]);
  });

  it('answers an unknown path and a wrong method', async () => {
    expect((await fetch(`${url}/none`)).status).toBe(404);
    const wrong = await fetch(`${url}/echo`);
    expect(wrong.status).toBe(405);
    expect(wrong.headers.get('allow')).toBe('POST');
    expect(await wrong.json()).toMatchObject({ detail: '/echo takes POST, not GET' });
  });

  it.each(strangeMethods)('refuses %s as problem+json, never with a 5xx', async (method) => {
    expect(await askRaw(listening.port, method, '/echo')).toMatchObject({
      status: 405,
      allow: 'POST',
      type: 'application/problem+json',
    });
    const unknown = await askRaw(listening.port, method, `/${'x'.repeat(4_000)}`);
    expect(unknown).toMatchObject({ status: 404, type: 'application/problem+json' });
    expect(unknown.body.length).toBeLessThan(1_000);
    expect(answers).toEqual([
      ['none', 405],
      ['none', 404],
    ]);
  });

  it.each([
    ['/echo/all', 'POST'],
    ['/echo/1', 'HEAD, GET'],
    ['/echo', 'POST'],
  ])('says to OPTIONS %s what it takes', async (path, allow) => {
    const answer = await fetch(url + path, { method: 'OPTIONS' });
    expect([answer.status, answer.headers.get('allow')]).toEqual([204, allow]);
  });
});

describe('the access log', () => {
  it('has one line a request that says who asked for which route, and nothing of what was said', async () => {
    const headers = {
      'x-request-id': 'abc-2',
      authorization: 'Bearer secret-token',
      'x-forwarded-for': '1.2.3.4',
    };
    await fetch(`${url}/fail/banned?phone=%2B9996620001`, { headers });
    const lines = logged.split('\n').filter((line) => line.includes('"answered"'));
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0]!)).toMatchObject({
      level: 'debug',
      requestId: 'abc-2',
      method: 'GET',
      route: '/fail/:class',
      code: 403,
      seconds: expect.any(Number),
      address: '127.0.0.1',
      proto: 'http',
    });
    expect(logged).not.toMatch(/9996620001|secret-token|phone/);
  });
});

describe('a body', () => {
  it('is JSON or a form', async () => {
    expect(await (await post('{"a":1}')).json()).toEqual({ a: 1 });
    const form = await post('a=1&b=x+y', { 'content-type': 'application/x-www-form-urlencoded' });
    expect(await form.json()).toEqual({ a: '1', b: 'x y' });
  });

  it.each(['', '{', '[1]', 'null', '"text"'])('that is %j is a 400', async (body) => {
    const response = await post(body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ class: 'bad_request' });
  });

  it('of another type is a 415 that names what is taken', async () => {
    const response = await post('x', { 'content-type': 'text/plain' });
    expect(response.status).toBe(415);
    expect(await response.text()).toContain('application/json');
  });

  it('over the limit is a 413, with Content-Length and without', async () => {
    expect((await post(JSON.stringify({ a: 'x'.repeat(200) }))).status).toBe(413);
    const chunks = new ReadableStream({
      start(controller) {
        for (let i = 0; i < 10; i++) controller.enqueue(new TextEncoder().encode('x'.repeat(50)));
        controller.close();
      },
    });
    const init = {
      method: 'POST',
      body: chunks,
      duplex: 'half',
      headers: { 'content-type': 'application/json' },
    };
    expect((await fetch(`${url}/echo`, init as RequestInit)).status).toBe(413);
  });
});

describe('the guards', () => {
  it('refuse a Host they do not know, which is how DNS rebinding comes', async () => {
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(listening.port, '127.0.0.1', () =>
        socket.write('GET /none HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n'),
      );
      let received = '';
      socket.on('data', (chunk) => (received += chunk.toString())).on('close', () => resolve(received));
    });
    expect(answer).toMatch(/^HTTP\/1.1 403/);
    expect(answer).toContain('evil.example');
  });

  it.each([
    [{ 'sec-fetch-site': 'cross-site' }, 403],
    [{ 'sec-fetch-site': 'same-site' }, 403],
    [{ 'sec-fetch-site': 'same-origin' }, 200],
    [{ origin: 'https://evil.example' }, 403],
    [{ origin: 'null' }, 403],
    [{}, 200],
  ])('answer a browser that sends %j with %i', async (headers, status) => {
    const response = await post('{}', {
      'content-type': 'application/json',
      ...(headers as Record<string, string>),
    });
    expect(response.status).toBe(status);
  });
});

describe('listening', () => {
  it('on a port in use fails with one line that names the setting', async () => {
    await expect(listen(createApp({ log }), '127.0.0.1', listening.port, 'TEST_PORT')).rejects.toThrow(
      `port ${listening.port} is in use: set TEST_PORT to another`,
    );
  });

  it('ends at once though a connection is kept alive', async () => {
    await (await fetch(`${url}/none`)).text();
    const startedAt = performance.now();
    await listening.close();
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
});
