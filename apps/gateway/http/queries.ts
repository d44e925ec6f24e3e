/** The query parameters of what lists, retries and cancels. */
import { z } from 'zod';
import { commonFields } from './fields.ts';

const statuses = ['queued', 'sending', 'sent', 'failed', 'expired', 'cancelled'] as const;

function oneOf<const T extends string>(words: readonly T[]) {
  return z.enum(words, { error: `takes ${words.join(', ')}` });
}

/** A whole number, as digits. */
function whole(min: number, max: number) {
  const error = `takes a whole number from ${min} to ${max}`;
  const digits = (value: unknown) =>
    typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value;
  return z.preprocess(digits, z.int({ error }).min(min, error).max(max, error));
}

const chatId = commonFields.chat_id.describe('Only those to this chat');
const expiresIn = whole(1, 604_800).default(3600).describe('Seconds until it is given up again');

export const listQuery = z.strictObject({
  status: oneOf(statuses).optional(),
  chat_id: chatId,
  limit: whole(1, 500).default(50),
  before: whole(1, Number.MAX_SAFE_INTEGER).optional().describe('The `next` of the page before this one'),
});

export const retryQuery = z.strictObject({ expires_in: expiresIn });

export const retryAllQuery = z.strictObject({
  status: oneOf(['failed', 'expired']).optional(),
  chat_id: chatId,
  expires_in: expiresIn,
});

export const cancelAllQuery = z.strictObject({ status: oneOf(['queued']).optional(), chat_id: chatId });

export const peersQuery = z.strictObject({
  query: z
    .string({ error: 'takes a part of a title or username' })
    .max(100, 'takes at most 100 characters')
    .default('')
    .describe('A part of the title or username, in any case'),
  limit: whole(1, 500).default(50),
});
