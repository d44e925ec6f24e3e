/** The fields that say how a message is sent, beside what it says: the same on both gateways. */
import { z } from 'zod';
import { Problem } from '../../kit/errors.ts';
import { parseModeOf, parseModeTakes } from '../formatting/modes.ts';
import type { SendOptions } from '../model/message.ts';
import { flag } from '../send/field-types.ts';

/** How far ahead a message can be scheduled, in seconds: Telegram sends at once what is due sooner than 10 s. */
const schedulable = { min: 10, max: 365 * 86_400 };

const scheduleTakes =
  'takes an ISO 8601 time with its zone such as 2030-01-31T09:00:00Z, or seconds since 1970, at least 10 seconds ' +
  'and at most a year ahead';

/** Epoch seconds. */
const time = z
  .union(
    [
      z.number().transform(Math.round),
      z
        .string()
        .regex(/^\d{1,12}$/)
        .transform(Number),
      z.iso.datetime({ offset: true }).transform((value) => Math.round(Date.parse(value) / 1000)),
    ],
    { error: scheduleTakes },
  )
  .pipe(z.number());

/** The id of a message, as a number or the digits of one. */
function messageId(takes: string) {
  return z
    .union(
      [
        z.int(),
        z
          .string()
          .regex(/^\d{1,10}$/)
          .transform(Number),
      ],
      { error: takes },
    )
    .refine((value) => value > 0 && value < 2 ** 31, takes);
}

const callbackTakes = 'takes an http or https URL of at most 2048 characters';

const callbackUrl = z
  .string({ error: callbackTakes })
  .refine(
    (value) => value.length <= 2048 && /^https?:\/\/./i.test(value) && URL.canParse(value),
    callbackTakes,
  );

const parseModeError = `takes ${parseModeTakes}`;

export const optionFields = {
  parse_mode: z
    .string({ error: parseModeError })
    .transform((word, context) => {
      const mode = parseModeOf(word);
      if (mode) return mode;
      context.addIssue({ code: 'custom', message: parseModeError });
      return z.NEVER;
    })
    .optional()
    .meta({
      enum: ['none', 'markdown', 'html', 'telethon'],
      description:
        "The markup of the text, in any case: markdown (or MarkdownV2) and html are the Bot API's MarkdownV2 and HTML, " +
        "telethon is Telethon's markdown; else what DEFAULT_PARSE_MODE says. Written Markdown, it is the older form of " +
        'the Bot API',
    }),
  reply_to: messageId('takes the id of the message to answer, a whole number from 1')
    .optional()
    .describe('The id of the message to answer'),
  topic_id: messageId('takes the id of a topic, a whole number from 1')
    .optional()
    .describe('The id of a topic, in a group that has them'),
  silent: flag.optional().describe('Whether it comes without a sound'),
  link_preview: flag.optional().describe('False leaves out the preview of the first link'),
  schedule_at: time
    .optional()
    .describe(
      'When Telegram is to send it: ISO 8601 with a zone, or seconds since 1970; 10 seconds to a year ahead',
    ),
  callback_url: callbackUrl
    .optional()
    .describe(
      'Where the final state is POSTed, signed as Standard Webhooks says: {type, timestamp, data}, type being ' +
        'message.sent, message.failed, message.expired or message.cancelled, and data what GET /messages/{id} answers; ' +
        'tried for a day until a 2xx, or a 410, which stops it',
    ),
};

interface OptionFields {
  readonly reply_to?: number | undefined;
  readonly topic_id?: number | undefined;
  readonly silent?: boolean | undefined;
  readonly link_preview?: boolean | undefined;
  readonly schedule_at?: number | undefined;
  readonly callback_url?: string | undefined;
}

/** The options as they are stored. */
export function optionsOf(fields: OptionFields): SendOptions {
  const { reply_to, topic_id, silent, link_preview, schedule_at, callback_url } = fields;
  return {
    ...(reply_to !== undefined && { replyTo: reply_to }),
    ...(topic_id !== undefined && { topicId: topic_id }),
    ...(silent && { silent }),
    ...(link_preview === false && { linkPreview: false }),
    ...(schedule_at !== undefined && { scheduleAt: schedule_at }),
    ...(callback_url !== undefined && { callbackUrl: callback_url }),
  };
}

/** `now` in ms. @throws Problem bad_request when a message is to be sent too soon after it, or too late */
export function checkSchedule({ scheduleAt }: SendOptions, now: number): void {
  if (scheduleAt === undefined) return;
  const ahead = scheduleAt - now / 1000;
  if (ahead >= schedulable.min && ahead <= schedulable.max) return;
  const isMilliseconds = scheduleAt > now / 2;
  const found = isMilliseconds ? 'this looks like milliseconds' : `this is ${distance(ahead)}`;
  throw new Problem('bad_request', `schedule_at ${scheduleTakes}; ${found}`);
}

function distance(ahead: number): string {
  const seconds = Math.round(Math.abs(ahead));
  return ahead < 0 ? `${seconds} seconds ago` : `${seconds} seconds ahead`;
}
