/** The OpenAPI 3.1 document of a gateway, from the schemas that requests are checked by. */
import { z } from 'zod';
import { errorClasses, type ErrorClassName } from '../../kit/errors.ts';
import { version } from '../../kit/version.ts';
import type { Access } from './access.ts';
import type { JsonSchema, OpenApiDocument, Operation, Parameter } from './openapi-document.ts';
import { callbackOperation } from './callback-operation.ts';
import type { Endpoint } from './endpoints.ts';
import * as schemas from './schemas.ts';

/** What a gateway sends: one operation under each of its paths. */
export interface SendDescription {
  readonly paths: readonly string[];
  readonly summary: string;
  /** Checks the body, whatever its form. */
  readonly schema: z.ZodType;
  /** Content types of the body. */
  readonly types: readonly string[];
}

export interface DocumentSource {
  readonly serviceName: string;
  readonly endpoints: Readonly<Record<string, Endpoint>>;
  readonly sends: readonly SendDescription[];
  /** Whether callers need a token. */
  readonly hasTokens: boolean;
}

const commonErrors: ErrorClassName[] = ['bad_request', 'internal'];
const guardedErrors: ErrorClassName[] = ['unauthorized', 'forbidden', 'rate_limited'];
/** A send answers with whatever may come of a message. */
const sendErrors = (Object.keys(errorClasses) as ErrorClassName[]).filter(
  (name) => !['not_found', 'conflict', 'unavailable'].includes(name),
);

/** The document; plain JSON, the same at every call. */
export function openApiDocument({
  serviceName,
  endpoints,
  sends,
  hasTokens,
}: DocumentSource): OpenApiDocument {
  const paths: Record<string, Record<string, Operation>> = {};
  const add = (key: string, operation: Operation) => {
    const [method, route] = key.split(' ') as [string, string];
    (paths[route.replace(/:(\w+)/g, '{$1}')] ??= {})[method.toLowerCase()] = operation;
  };
  for (const send of sends) {
    for (const path of send.paths) add(`POST ${path}`, sendOperation(path, send, hasTokens));
  }
  for (const [key, endpoint] of Object.entries(endpoints))
    add(key, endpointOperation(key, endpoint, hasTokens));
  return {
    openapi: '3.1.0',
    info: {
      title: `Vestnik ${serviceName}`,
      version,
      description: 'Sends to Telegram as a user account, in order, once, and as fast as Telegram allows.',
    },
    paths,
    components: {
      schemas: { Problem: jsonSchema(schemas.problem, 'output') },
      ...(hasTokens && { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } }),
    },
  };
}

function endpointOperation(key: string, endpoint: Endpoint, hasTokens: boolean): Operation {
  const errors = [
    ...commonErrors,
    ...(endpoint.access === 'open' ? [] : guardedErrors),
    ...(endpoint.errors ?? []),
  ];
  return {
    operationId: operationId(key),
    summary: endpoint.summary,
    security: securityOf(endpoint.access, hasTokens),
    parameters: [...pathParameters(key), ...queryParameters(endpoint.query)],
    responses: { ...errorResponses(errors), ...answerResponses(endpoint.answers) },
  };
}

function sendOperation(path: string, send: SendDescription, hasTokens: boolean): Operation {
  const schema = jsonSchema(send.schema, 'input');
  const header = (name: string, description: string): Parameter => ({
    name,
    in: 'header',
    required: false,
    description,
    schema: { type: 'string' },
  });
  return {
    operationId: operationId(`POST ${path}`),
    summary: send.summary,
    security: securityOf(['send'], hasTokens),
    parameters: [
      header(
        'Idempotency-Key',
        'The same key and body of the same token: the first answer again, and nothing is sent',
      ),
      header('Prefer', 'respond-async answers 202 at once'),
    ],
    requestBody: {
      required: true,
      content: Object.fromEntries(send.types.map((type) => [type, { schema }])),
    },
    responses: {
      ...errorResponses(sendErrors),
      ...answerResponses({ 200: schemas.sent, 202: schemas.waiting }),
    },
    callbacks: callbackOperation(jsonSchema(schemas.message, 'output')),
  };
}

/** One scope is enough: each is an alternative. */
function securityOf(access: Access, hasTokens: boolean): Operation['security'] {
  return access === 'open' || !hasTokens ? [] : access.map((scope) => ({ bearer: [scope] }));
}

function operationId(key: string): string {
  const words = key.toLowerCase().split(/[^a-z]+/);
  return words
    .map((word, index) => (index === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1)))
    .join('');
}

function pathParameters(key: string): Parameter[] {
  return [...key.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name: name!,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
}

function queryParameters(query: z.ZodObject | undefined): Parameter[] {
  if (!query) return [];
  const { properties = {} } = jsonSchema(query, 'input') as { properties?: Record<string, JsonSchema> };
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: 'query',
    required: false,
    schema,
    ...(typeof description === 'string' && { description }),
  }));
}

function answerResponses(answers: Endpoint['answers']): Operation['responses'] {
  return Object.fromEntries(
    Object.entries(answers).map(([status, answer]) => [
      status,
      {
        description: status === '202' ? 'Accepted' : status === '503' ? 'Not now' : 'Done',
        content:
          typeof answer === 'string'
            ? { [answer]: { schema: { type: 'string' } } }
            : { 'application/json': { schema: jsonSchema(answer, 'output') } },
      },
    ]),
  );
}

/** By status, with the classes that have it; a body that cannot be read is a bad_request of status 400. */
function errorResponses(classes: readonly ErrorClassName[]): Operation['responses'] {
  const byStatus = new Map<string, string[]>([['400', ['bad_request']]]);
  for (const name of new Set(classes)) {
    const status = String(errorClasses[name].status);
    byStatus.set(status, [...(byStatus.get(status) ?? []), name]);
  }
  const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
  return Object.fromEntries(
    [...byStatus].map(([status, names]) => [status, { description: names.join(', '), content }]),
  );
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return json;
}
