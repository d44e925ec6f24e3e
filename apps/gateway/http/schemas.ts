/** What endpoints answer and which query parameters they take, as schemas. */
import { z } from 'zod';
import { errorClasses, type ErrorClassName } from '../../kit/errors.ts';
import { reasonCodes } from '../model/reasons.ts';
import { standings } from '../model/standing.ts';

const time = z.iso.datetime().nullable();
const chatId = z.union([z.int(), z.string()]).describe('A number where that is exact, else a string');
const errorClass = z.enum(Object.keys(errorClasses) as ErrorClassName[]);
const sandbox = z.literal(true).optional().describe('Present when it went to the simulated Telegram');
const coded = {
  code: z.string().describe('Which sentence it is'),
  values: z.record(z.string(), z.union([z.string(), z.number()])).describe('What stands in it'),
  because: z
    .looseObject({ code: z.string() })
    .optional()
    .describe('The code and values of what `values.reason` says, where that has them'),
};
const notes = z.array(z.string()).optional().describe('What was done otherwise than asked');
const note_causes = z.array(z.object(coded)).optional().describe('One for each of notes');
const cause = z.object({ ...coded, text: z.string().describe('The same for people') });
const requestId = z.string().nullable().describe('Of the request that gave it, as the logs have it');
const callback = z
  .object({
    state: z.enum(['pending', 'delivered', 'failed', 'stopped']),
    attempts: z.int(),
    last_error: z.string().nullable(),
  })
  .optional()
  .describe('How far its callback is: given up after a day is failed, stopped is answered by 410');
const common = {
  id: z.string(),
  request_id: requestId,
  chat_id: chatId,
  attempts: z.int(),
  caller: z.string().optional().describe('Name of the token that sent it; shown by /messages'),
  notes,
  note_causes,
  callback,
  sandbox,
};

export const sent = z.object({
  ok: z.literal(true),
  status: z.enum(['sent', 'scheduled']).describe('scheduled: Telegram holds it until its date'),
  message_id: z.int().nullable(),
  message_ids: z
    .array(z.int().nullable())
    .describe('One for each text or file; null where Telegram did not say it, as of what it held until now'),
  date: z.int().describe('Epoch seconds'),
  ...common,
});

const reason = z
  .object({
    ...coded,
    code: z.enum(reasonCodes),
    text: z.string().describe('The same for people'),
    since: z.iso.datetime(),
    until: time.describe('null where nobody knows'),
  })
  .nullable()
  .describe('Why it waits, the outermost where there are several; null where nothing keeps it');

export const waiting = z.object({
  ok: z.literal(true),
  status: z.enum(['queued', 'sending']),
  not_before: time.describe('When it is tried next, if it must wait'),
  reason,
  ...common,
});

const failed = z.object({
  ok: z.literal(false),
  status: z.enum(['failed', 'expired', 'cancelled']),
  class: errorClass,
  detail: z.string(),
  ...coded,
  retryable: z.boolean(),
  retry_after: z.number().nullable(),
  error: z.string().describe('The same as detail'),
  ...common,
});

export const message = z.union([sent, waiting, failed]);

export const messages = z.object({
  messages: z.array(z.intersection(message, z.object({ accepted_at: time }))),
  next: z.int().nullable().describe('`before` of the next page, or null after the last'),
});

export const cancelled = z.object({
  ok: z.literal(true),
  id: z.string(),
  status: z.literal('cancelled'),
  sandbox,
});

const some = {
  ok: z.literal(true),
  skipped: z.int().describe('That matched and could not be changed'),
  more: z.boolean().describe('Whether there are more: ask again'),
};
export const cancelledAll = z.object({ ...some, cancelled: z.int() });
export const retriedAll = z.object({ ...some, retried: z.int() });

export const peers = z.object({
  peers: z.array(
    z.object({
      chat_id: chatId,
      kind: z.enum(['user', 'chat', 'channel', 'self']),
      title: z.string(),
      username: z.string().nullable(),
      writable: z.boolean(),
    }),
  ),
  total: z.int().describe('How many match in all'),
});

export const problem = z.object({
  ok: z.literal(false),
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string().describe('What happened and what to do'),
  class: errorClass,
  ...coded,
  retryable: z.boolean().describe('Whether the same request may succeed later'),
  retry_after: z.number().nullable().describe('Seconds'),
  request_id: z.string().describe('As the logs have it, and X-Request-Id'),
  id: z.string().nullable().describe('Of the message, once it has one'),
  error: z.string().describe('The same as detail'),
  sandbox,
});

export const paused = z.object({ ok: z.literal(true), paused: z.boolean() });
export const reload = z.object({ started: z.boolean(), running: z.boolean(), next_allowed_at: time });

const check = z.looseObject({ ok: z.boolean(), detail: z.string(), reason: cause });
const accountState = z
  .object({
    state: z.enum(standings),
    since: time,
    text: z.string(),
    advice: z.string().nullable().describe('What the operator can do now'),
    ...coded,
  })
  .describe('How the account stands with Telegram');

export const health = z.object({
  status: z.enum(['ok', 'degraded', 'down']),
  sandbox: z.boolean(),
  checks: z.object({ telegram: check, authorized: check, cache: check, queue: check, storage: check }),
  account_state: accountState,
  last_sent_at: time,
  reasons: z.array(z.string()),
  causes: z.array(cause).describe('The reasons with their codes'),
});

export const stats = z.object({
  service: z.string(),
  version: z.string(),
  sandbox: z.boolean(),
  account: z.string(),
  account_state: accountState,
  started_at: time,
  uptime_s: z.int(),
  last_request_at: time,
  requests: z.object({ total: z.int(), ok: z.int(), failed: z.int() }),
  cache: z.object({ size: z.int(), warmed_at: time, next_warm_at: time, warming: z.boolean() }),
  queue: z.object({ depth: z.int(), oldest_s: z.int(), paused: z.boolean() }),
  notes: z
    .object({ album_incomplete: z.int().describe('Albums sent of which Telegram did not name every item') })
    .describe('Messages sent with a note, since the start'),
  pace: z.object({ account_per_s: z.number().nullable() }),
  strangers: z
    .object({ per_day: z.int(), used: z.int(), next_at: time })
    .describe('First messages to people who are not contacts, in the last 24 hours'),
  floods: z.array(
    z.object({
      scope: z.string(),
      reason: z.string(),
      until: time,
      seconds: z.int(),
      holds: z.boolean().describe('whether it holds back what this gateway sends'),
    }),
  ),
  errors: z.object({
    total: z.int(),
    by_class: z.record(z.string(), z.int()),
    recent: z.array(
      z.object({
        at: time,
        class: errorClass,
        message: z.string(),
        ...coded,
        chat_id: z.string().nullable(),
        id: z.string().nullable(),
      }),
    ),
  }),
  callers: z
    .array(
      z.object({
        name: z.string().describe('Of the token; anonymous without one'),
        accepted: z.int(),
        sent: z.int(),
        failed: z.int().describe('With those that expired'),
        refused: z.int().describe('Answered with an error, and no message was made of it'),
        last_at: time.describe('When it last asked to send'),
      }),
    )
    .describe('Messages of each caller, since the start'),
});
