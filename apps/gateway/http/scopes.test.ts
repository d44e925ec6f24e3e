/** Every endpoint of a gateway as every kind of caller asks it: made of the tables, so that a new one cannot be left out. */
import { beforeAll, describe, expect, it } from 'vitest';
import { scopes } from '../../kit/tokens.ts';
import { startSandbox } from '../../testkit/sandbox.ts';
import { demoChat, startTestGateway, type TestGateway } from '../../testkit/stack.ts';
import { temporaryFolder } from '../../testkit/folder.ts';
import { shared } from '../../testkit/when-done.ts';
import { endpoints, type Endpoint } from './endpoints.ts';
import type { OpenApiDocument } from './openapi-document.ts';

const tokenOf = (name: string) => `a-secret-of-${name}-1234`;
const callers: readonly {
  readonly name: string;
  readonly authorization?: string;
  readonly has: readonly string[];
}[] = [
  ...scopes.map((scope) => ({ name: scope, authorization: `Bearer ${tokenOf(scope)}`, has: [scope] })),
  { name: 'everything', authorization: `Bearer ${tokenOf('everything')}`, has: scopes },
];
const strangers = [
  undefined,
  '',
  'Bearer',
  'Bearer ',
  'Bearer wrong-wrong-wrong-wrong',
  `Basic ${btoa(`send:${tokenOf('send')}`)}`,
  tokenOf('everything'),
  `Bearer ${tokenOf('everything')}x`,
  `Bearer ${tokenOf('everything').slice(0, -1)}`,
  `Bearer "${tokenOf('everything')}"`,
  `Bearer x, Bearer ${tokenOf('everything')}`,
  `Token ${tokenOf('everything')}`,
];
const API_TOKENS = callers.map(({ name, has }) => `${name}:${has.join('+')}:${tokenOf(name)}`).join();

describe.each(['text', 'media'] as const)('the %s gateway', (kind) => {
  let gateway: TestGateway;
  let asked: { method: string; path: string; access: readonly string[] | 'open' }[];
  beforeAll(
    shared(async (whenDone) => {
      const sandbox = await startSandbox({}, whenDone);
      gateway = await startTestGateway(kind, sandbox, temporaryFolder(whenDone), { API_TOKENS }, whenDone);
      const document = (await gateway.get('/openapi.json')).body as unknown as OpenApiDocument;
      const sends = Object.keys(document.paths)
        .filter((path) => path.startsWith('/send'))
        .map((path) => ({ method: 'POST', path, access: ['send'] }));
      const others = Object.entries(endpoints as Record<string, Endpoint>).flatMap(([name, { access }]) => {
        const [method = '', path = ''] = name.replace(':id', 'none').split(' ');
        const one = { method, path, access };
        return method === 'GET' ? [one, { ...one, method: 'HEAD' }] : [one];
      });
      expect(sends.length).toBeGreaterThan(1);
      asked = [...sends, ...others];
    }),
  );

  const statusFor = async (method: string, path: string, authorization: string | undefined) => {
    const body =
      method === 'GET' || method === 'HEAD' ? null : JSON.stringify({ chat_id: demoChat, kind: 'none' });
    const headers = {
      'content-type': 'application/json',
      ...(authorization !== undefined && { authorization }),
    };
    const answer = await fetch(gateway.url + path, { method, headers, body });
    await answer.text();
    return answer.status;
  };

  it('lets a token do what one of its scopes is for, and nothing else', async () => {
    for (const { method, path, access } of asked)
      for (const { name, authorization, has } of callers) {
        const status = await statusFor(method, path, authorization);
        const may = access === 'open' || access.some((scope) => has.includes(scope));
        expect([method, path, name, status === 403]).toEqual([method, path, name, !may]);
        expect([method, path, name, status]).not.toContain(401);
        expect([method, path, name, status]).not.toContain(500);
      }
  });

  it('asks whoever shows no token that it knows for one', async () => {
    for (const { method, path, access } of asked)
      for (const shown of strangers) {
        const status = await statusFor(method, path, shown);
        expect([method, path, shown, status === 401]).toEqual([method, path, shown, access !== 'open']);
      }
  });
});
