import { execFile } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Validator } from '@seriousme/openapi-schema-validator';
import openapiTypes, { astToString, type OpenAPI3 } from 'openapi-typescript';
import { beforeAll, describe, expect, it } from 'vitest';
import { createMediaSends } from '../../send-media/route.ts';
import { createTextSends } from '../../send-text/route.ts';
import type { Spool } from '../media/spool.ts';
import { readGatewayConfig } from '../settings.ts';
import { demoChat, startStack } from '../../testkit/stack.ts';
import { temporaryFolder } from '../../testkit/folder.ts';
import { shared } from '../../testkit/when-done.ts';
import { createGatewayRouter, type GatewayAppDeps } from './app.ts';
import type { OpenApiDocument } from './openapi-document.ts';

const root = join(import.meta.dirname, '../../..');
const config = readGatewayConfig({ TELEGRAM_DC: '127.0.0.1:1' }, 'send-text', 0);

/** The routes and their document, without anything behind them. */
function routerOf(gateway: 'text' | 'media') {
  const create = gateway === 'text' ? createTextSends : createMediaSends;
  const deps = { gateway, serviceName: `send-${gateway}`, tokens: [] } as unknown as GatewayAppDeps;
  return createGatewayRouter(deps, create(config)({} as Spool));
}

describe.each(['text', 'media'] as const)('the document of the %s gateway', (gateway) => {
  const { router, document } = routerOf(gateway);

  it('is valid OpenAPI 3.1', async () => {
    const validator = new Validator();
    const result = await validator.validate(JSON.parse(JSON.stringify(document)) as Record<string, unknown>);
    expect(result.errors).toBeUndefined();
    expect(result.valid).toBe(true);
    expect(validator.version).toBe('3.1');
  });

  it('has every route of the router, and no other', () => {
    const routes = router.stack.flatMap(({ methods, path }) =>
      methods
        .filter((method) => method !== 'HEAD')
        .map((method) => `${method} ${String(path).replace(/:(\w+)/g, '{$1}')}`),
    );
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(described.sort()).toEqual(routes.sort());
  });

  it('names each operation once', () => {
    const ids = Object.values(document.paths).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('a running gateway', () => {
  let stack: Awaited<ReturnType<typeof startStack>>;
  beforeAll(shared(async (whenDone) => void (stack = await startStack('text', {}, whenDone))));

  it('shows its document, and a page of it that loads nothing', async () => {
    const { url } = stack.gateway;
    const document = (await (await fetch(`${url}/openapi.json`)).json()) as OpenApiDocument;
    expect(document.openapi).toBe('3.1.0');
    const response = await fetch(`${url}/docs`);
    const page = await response.text();
    const policy = response.headers.get('content-security-policy');
    expect(response.headers.get('content-type')).toContain('text/html');
    expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[^']+';/);
    expect(page).not.toMatch(/<script|<link|<img|https?:\/\/|\son\w+=/i);
    for (const path of Object.keys(document.paths)) expect(page).toContain(path);
  });

  it('is understood by a client that is generated from its document', async () => {
    const { url } = stack.gateway;
    const document = (await (await fetch(`${url}/openapi.json`)).json()) as OpenAPI3;
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    writeFileSync(join(folder, 'gateway.ts'), astToString(await openapiTypes(document)));
    writeFileSync(join(folder, 'client.ts'), program);
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    const options = [
      '--strict',
      '--noEmit',
      '--skipLibCheck',
      '--allowImportingTsExtensions',
      '--ignoreConfig',
    ];
    const modules = ['--module', 'nodenext', '--target', 'es2024', '--types', 'node'];
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    // Not the blocking kind: the gateway is in this process.
    const run = (...args: string[]) =>
      promisify(execFile)(process.execPath, args, { cwd: folder, timeout: 20_000 });
    await run(tsc, ...options, ...modules, 'client.ts').catch((error: { stdout: string }) =>
      expect.fail(error.stdout),
    );
    const { stdout } = await run('client.ts', url, String(demoChat));
    expect(JSON.parse(stdout)).toMatchObject({
      status: 'sent',
      listed: 1,
      class: 'bad_request',
      cancelled: 'conflict',
    });
  });
});

/** What a caller might write: it compiles only when the document says what the gateway does. */
const program = `
import createClient from 'openapi-fetch';
import type { paths } from './gateway.ts';

const client = createClient<paths>({ baseUrl: process.argv[2]! });
const chat_id = Number(process.argv[3]);
const { data, error } = await client.POST('/send_text', { body: { chat_id, text: 'from a client' } });
if (error) throw new Error(error.detail);
const { data: page } = await client.GET('/messages', { params: { query: { status: 'sent', limit: 10 } } });
const { error: wrong } = await client.POST('/send_text', { body: { chat_id, text: '' } });
const { error: conflict } = await client.DELETE('/messages/{id}', { params: { path: { id: data.id } } });
const summary = {
  status: data.status,
  listed: page!.messages.filter(({ id }) => id === data.id).length,
  class: wrong!.class,
  cancelled: conflict!.class,
};
console.log(JSON.stringify(summary));
`;
