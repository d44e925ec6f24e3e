/** The fields that both gateways take, and how a request that has them wrong is told so. */
import type { Context } from 'koa';
import { z } from 'zod';
import { Problem } from '../../kit/errors.ts';
import { shortened } from '../../kit/shorten.ts';
import { withoutBlanks, wordOf } from '../send/field-types.ts';
import type { GatewayName } from '../send/kind.ts';
import { fieldsOf } from '../send/kinds.ts';
import { optionFields } from './options.ts';
import { readChat, readPhone, readUsername, takes, type ReadTarget } from '../peers/target-text.ts';

const jsonAsForm =
  'the body is JSON, and its Content-Type says that it is a form: send Content-Type: application/json';
/** A target as it is stored, read from what a caller wrote */
function targetFrom<T extends string | number>(type: z.ZodType<T>, read: (pasted: T) => ReadTarget) {
  return type.transform((pasted, context) => {
    const found = read(pasted);
    if ('target' in found) return found.target;
    context.addIssue({ code: 'custom', message: found.wrong });
    return z.NEVER;
  });
}

const digitsLost = 'is past 2^53, where JSON numbers lose digits: send it as a string';
const isExact = (value: string | number) => !Number.isInteger(value) || Number.isSafeInteger(value);

const chatId = targetFrom(
  z.union([z.number(), z.string()], { error: takes.id }).refine(isExact, digitsLost),
  readChat,
);
const username = targetFrom(z.string({ error: takes.name }), readUsername);
const phone = targetFrom(z.union([z.string(), z.number()], { error: takes.phone }), readPhone);

/** The account itself, as true or as a form has it. */
const self = z
  .union([z.literal(true), wordOf(['true', '1'])], { error: 'takes true, or is left out' })
  .transform(() => 'me');

/** A number, or the digits of one as a form has them. */
function numeric(min: number, max: number, takes: string) {
  const error = `takes ${takes} from ${min} to ${max}`;
  return z
    .union(
      [
        z.number(),
        z
          .string()
          .regex(/^\d+(\.\d+)?$/)
          .transform(Number),
      ],
      { error },
    )
    .refine((value) => value >= min && value <= max, error);
}

export const commonFields = {
  chat_id: chatId
    .optional()
    .describe('The chat: its marked id as number or string, a @username, a link to Telegram, or me'),
  user_id: chatId.optional().describe('The same as chat_id'),
  peer: chatId.optional().describe('The same as chat_id'),
  to: chatId.optional().describe('The same as chat_id'),
  username: username.optional().describe('With or without @, or a link to Telegram'),
  phone: phone.optional().describe('With the country code'),
  me: self.optional().describe('True for the account itself, its saved messages'),
  idempotency_key: z
    .string({ error: 'takes a text' })
    .min(1, 'takes 1 to 200 characters')
    .max(200, 'takes 1 to 200 characters')
    .optional(),
  wait: numeric(0, 300, 'seconds').default(30),
  expires_in: numeric(1, 604_800, 'seconds').default(3600),
};

const optionalFields = { ...commonFields, ...optionFields };

/** The fields of a request, before it is known what it sends. */
export const earlyFields = z.object(optionalFields);

const schemaOf = (gateway: GatewayName) => z.strictObject({ ...optionalFields, ...fieldsOf[gateway] });

/** The body of a request that sends. */
export const sendSchemas = { text: schemaOf('text'), media: schemaOf('media') };

/** Whom a message is for: a marked id, `me`, `@name` in lower case, or a phone number as `+digits`. */
export type Target = string;

/** Of which a request has one. */
export const targetFields = ['chat_id', 'user_id', 'peer', 'to', 'username', 'phone', 'me'] as const;

/** The one target of a request. @throws Problem bad_request when there is none or more than one */
export function targetOf(fields: { [K in (typeof targetFields)[number]]?: string | undefined }): Target {
  const [first, second] = targetFields.filter((name) => fields[name] !== undefined);
  if (!first) {
    throw new Problem(
      'bad_request',
      'no target: give chat_id (or its aliases user_id, peer, to), username, phone or me',
    );
  }
  if (second) throw new Problem('bad_request', `two targets, ${first} and ${second}: give exactly one`);
  return fields[first]!;
}

/**
 * Checks a request body.
 * @throws Problem bad_request naming each wrong field and what it takes; text_too_long
 */
export function parseFields<T extends z.ZodType>(schema: T, body: unknown): z.output<T> {
  refuseHalfCharacters(body);
  const result = schema.safeParse(schema instanceof z.ZodObject ? withoutBlanks(body, schema.shape) : body);
  if (result.success) return result.data;
  const unknown = result.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key].join('.')) : [],
  );
  const wrong = result.error.issues
    .filter(({ code }) => code !== 'unrecognized_keys')
    .map((issue) => [issue.path.join('.'), issue.message].filter(Boolean).join(' '));
  const sentences = [...(unknown.length > 0 ? [notFields(unknown)] : []), ...wrong];
  const isTooLong = result.error.issues.every(
    ({ code, path }) => code === 'too_big' && saidFields.has(String(path.at(-1))),
  );
  throw new Problem(isTooLong ? 'text_too_long' : 'bad_request', sentences.slice(0, mostListed).join('; '));
}

/** The fields that say something in a chat. */
const saidFields = new Set(['text', 'message', 'caption']);

/** How many names and issues an error lists. */
const mostListed = 10;

function notFields(names: readonly string[]): string {
  if (names[0]!.startsWith('{')) return jsonAsForm;
  const fitting = names
    .slice(0, mostListed)
    .filter((_, at, all) => all.slice(0, at + 1).join(', ').length <= 100);
  const listed = fitting.length > 0 ? fitting : names.slice(0, 1);
  const more = names.length > listed.length ? ` and ${names.length - listed.length} more` : '';
  return `${shortened(listed.join(', '))}${more} ${names.length === 1 ? 'is not a field' : 'are not fields'} of this endpoint`;
}

/** @throws Problem bad_request where a text has half of a surrogate pair, which no encoding can carry */
function refuseHalfCharacters(body: unknown): void {
  const path = pathToHalfCharacter(body);
  if (path === undefined) return;
  const where = shortened(path.join('.')) || 'the body';
  const detail = `${where} holds half a character (a lone surrogate, such as \\ud83d without its second half): send whole characters`;
  throw new Problem('bad_request', detail);
}

/** The keys that lead to the first such text. */
function pathToHalfCharacter(value: unknown): string[] | undefined {
  if (typeof value === 'string') return value.isWellFormed() ? undefined : [];
  if (typeof value !== 'object' || value === null) return undefined;
  const isList = Array.isArray(value);
  for (const key of isList ? value.keys() : Object.keys(value)) {
    if (typeof key === 'string' && !key.isWellFormed()) return [];
    const path = pathToHalfCharacter((value as Record<string, unknown>)[key]);
    if (path !== undefined) return [String(key), ...path];
  }
  return undefined;
}

/**
 * Refuses fields of a message in the query of a request that sends: they would be lost.
 * @throws Problem bad_request naming them
 */
export function refuseQuery(ctx: Context, schema: z.ZodObject): void {
  if (ctx.querystring === '') return;
  const names = Object.keys(ctx.query).filter((name) => Object.hasOwn(schema.shape, name));
  if (names.length === 0) return;
  const detail = `${names.slice(0, mostListed).join(', ')} stands in the query of the address, where it is not read: send it in the body`;
  throw new Problem('bad_request', detail);
}
