import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { errorClasses, type ErrorClassName } from '../../kit/errors.ts';
import { demoChat, startStack } from '../../testkit/stack.ts';
import type { JsonSchema, OpenApiDocument, Operation } from './openapi-document.ts';
import { shared } from '../../testkit/when-done.ts';

/** Things that are not what a field takes, and things that nearly are. */
const odd = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '',
    'me',
    '-1003833950795',
    1e308,
    -1,
    2 ** 53,
    '\0',
    '<b>',
    '*_[',
    'http://',
    '../../etc',
    '🙂',
    null,
  ),
);

/** Mostly what the schema says, sometimes not. */
function valueOf(schema: JsonSchema): fc.Arbitrary<unknown> {
  const alternatives = (schema.anyOf ?? schema.oneOf) as JsonSchema[] | undefined;
  const fitting = (): fc.Arbitrary<unknown> => {
    if (Array.isArray(schema.enum)) return fc.constantFrom(...(schema.enum as unknown[]));
    if (alternatives) return fc.oneof(...alternatives.map(valueOf));
    switch (schema.type) {
      case 'integer':
        return fc.integer();
      case 'number':
        return fc.oneof(fc.integer(), fc.double());
      case 'boolean':
        return fc.boolean();
      case 'array':
        return fc.array(valueOf((schema.items ?? {}) as JsonSchema), { maxLength: 11 });
      case 'object':
        return recordOf((schema.properties ?? {}) as Record<string, JsonSchema>);
      default:
        return fc.string({ maxLength: 100 });
    }
  };
  return fc.oneof({ weight: 3, arbitrary: fitting() }, { weight: 1, arbitrary: odd });
}

function recordOf(properties: Record<string, JsonSchema>): fc.Arbitrary<Record<string, unknown>> {
  const fields = Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [name, valueOf(schema)]),
  );
  return fc.record(fields, { requiredKeys: [] });
}

/** A request that is sound but for one or two fields. */
function nearlySound(sound: Record<string, unknown>, schema: JsonSchema): fc.Arbitrary<unknown> {
  const properties = Object.entries((schema.properties ?? {}) as Record<string, JsonSchema>);
  const field = fc
    .constantFrom(...properties)
    .chain(([name, each]) => valueOf(each).map((value) => ({ [name]: value })));
  const fields = fc.array(field, { maxLength: 2 });
  return fields.map((some) => Object.assign({}, sound, ...some) as unknown);
}

interface Shot {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
}

function shotOf(
  path: string,
  method: string,
  { parameters, requestBody }: Operation,
  sound: Record<string, unknown>,
): fc.Arbitrary<Shot> {
  const of = (where: string) =>
    recordOf(
      Object.fromEntries(
        parameters.filter((each) => each.in === where).map((each) => [each.name, each.schema]),
      ),
    );
  const [, content] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  const types = [...Object.keys(requestBody?.content ?? {}), 'application/json', 'text/plain', ''];
  const json = content
    ? fc.oneof(
        {
          weight: 6,
          arbitrary: fc
            .oneof(valueOf(content.schema), nearlySound(sound, content.schema))
            .map((value) => JSON.stringify(value)),
        },
        fc.string(),
      )
    : fc.constant(undefined);
  const type = fc.oneof({ weight: 3, arbitrary: fc.constant('application/json') }, fc.constantFrom(...types));
  return fc
    .record({
      query: of('query'),
      id: fc.string({ minLength: 1 }),
      headers: of('header'),
      type,
      json,
      extra: odd,
    })
    .map(({ query, id, headers, type: contentType, json: body, extra }) => {
      const search = new URLSearchParams();
      for (const [name, value] of Object.entries(query)) search.append(name, text(value));
      if (text(extra) === 'me') search.append('unknown', 'x');
      const plain = Object.entries(headers).map(([name, value]) => [
        name,
        text(value).replace(/[^\x20-\x7e]/g, ''),
      ]);
      return {
        method: method.toUpperCase(),
        path: `${path.replace(/\{\w+\}/g, encodeURIComponent(id.toWellFormed()))}?${search}`,
        headers: { ...Object.fromEntries(plain), prefer: 'respond-async', 'content-type': contentType },
        ...(body !== undefined && { body }),
      };
    });
}

function text(value: unknown): string {
  return typeof value === 'string' ? value.toWellFormed() : (JSON.stringify(value) ?? '');
}

describe.each(['text', 'media'] as const)('the %s gateway, whatever it is asked', (gateway) => {
  let url: string;
  let document: OpenApiDocument;
  beforeAll(
    shared(async (whenDone) => {
      const stack = await startStack(gateway, {}, whenDone);
      url = stack.gateway.url;
      document = (await (await fetch(`${url}/openapi.json`)).json()) as OpenApiDocument;
    }),
  );

  const sound = { chat_id: demoChat, ...(gateway === 'text' ? { text: 'a' } : { base64: 'aGVsbG8=' }) };
  const seen = new Set<number>();

  it('answers with what it documents, or with a problem of a known class, and never with a 500', async () => {
    const shots = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        shot: shotOf(path, method, operation, sound),
        operation,
      })),
    );
    for (const { shot, operation } of shots) {
      const check = async ({ path, ...init }: Shot) => {
        const response = await fetch(url + path, init);
        const body = await response.text();
        const { status } = response;
        seen.add(status);
        expect([status, body]).not.toContain(500);
        if (status < 400 || response.headers.get('content-type')?.startsWith('application/json')) {
          expect(Object.keys(operation.responses)).toContain(String(status));
          return;
        }
        expect(response.headers.get('content-type')).toBe('application/problem+json');
        const problem = JSON.parse(body) as { class: ErrorClassName; status: number };
        expect(errorClasses).toHaveProperty(problem.class);
        expect(problem.status).toBe(status);
        // An odd id may make another path of it.
        if (problem.class !== 'not_found') expect(Object.keys(operation.responses)).toContain(String(status));
      };
      await fc.assert(fc.asyncProperty(shot, check), { numRuns: operation.requestBody ? 150 : 25 });
    }
    expect([...seen]).toEqual(expect.arrayContaining([200, 202, 400, 404, 415, 422]));
  }, 60_000);
});
