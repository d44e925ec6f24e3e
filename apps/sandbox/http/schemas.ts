/** The bodies of the control endpoints. Unknown fields are refused, so that a misspelt one is noticed. */
import { z } from 'zod';
import type { Json } from './body.ts';
import { dcIds } from '../world/data-centres.ts';
import type { FaultDefinition } from '../control/faults.ts';
import type { LimitsDefinition } from '../control/limits.ts';
import { defaultWorld, type WorldDefinition } from '../world/world.ts';

const maxDialogs = 100_000;
const takesDataCentre = `takes ${dcIds.join(' or ')}`;

/** A marked id as number or string. */
export const markedId = z
  .union([z.string().regex(/^-?[1-9]\d{0,18}$/, 'takes a marked id such as "-1003833950795"'), z.int()])
  .transform((id) => BigInt(id));
const markedIds = z.array(markedId).default([]);
const count = (what: string) => z.int(`takes a number of ${what}`).min(0).max(maxDialogs);
const methodName = z.string().regex(/^[a-z][A-Za-z0-9.]*$/, 'takes a method such as "messages.sendMessage"');
/** A time from now on. */
export const seconds = z
  .number('takes seconds')
  .min(0)
  .max(86_400 * 30);
/** A phone number as people write it. */
export const phone = z.string().regex(/^\+?[\d ()-]{7,24}$/, 'takes a phone number such as "9996620001"');

const username = z.string().regex(/^@?[A-Za-z][A-Za-z0-9_]{2,31}$/, 'takes usernames');

function withoutAt<To>(usernames: Record<string, To>): Record<string, To> {
  return Object.fromEntries(Object.entries(usernames).map(([name, to]) => [name.replace('@', ''), to]));
}

const slowMode = z.record(
  z.string().regex(/^-[1-9]\d{0,18}$/, 'takes marked ids of groups'),
  z.int().min(0).max(86_400),
);

/** A change of single chats while everything else stays. */
export interface WorldChange {
  banned: bigint[];
  unbanned: bigint[];
  slow_mode: Record<string, number>;
  /** Whom usernames go to, each from whoever has it; null for nobody. */
  usernames: Record<string, bigint | null>;
  /** Chats whose access hashes are renewed, so that the earlier ones are refused. */
  new_hashes: bigint[];
}

/** PATCH /world. */
export const worldChange: z.ZodType<WorldChange> = z.strictObject({
  banned: markedIds,
  unbanned: markedIds,
  slow_mode: slowMode.default({}),
  usernames: z
    .record(username, markedId.nullable())
    .default({})
    .transform((usernames) => withoutAt(usernames)),
  new_hashes: markedIds,
});

/** POST /world. `users` defaults to a third of the dialogs. */
export const worldBody: z.ZodType<WorldDefinition> = z
  .strictObject({
    dialogs: count('dialogs').default(defaultWorld.dialogs),
    users: count('users').optional(),
    banned: markedIds,
    unknown: markedIds,
    usernames: z.record(username, markedId).default({}),
    slow_mode: slowMode.default({}),
    dialogs_per_page: count('dialogs').min(1).optional(),
    dialogs_count: count('dialogs').optional(),
  })
  .transform(({ dialogs, users, usernames, ...rest }) => ({
    ...rest,
    dialogs,
    users: Math.min(users ?? Math.ceil(dialogs / 3), dialogs),
    usernames: withoutAt(usernames),
  }));

const rate = z.strictObject({ per_second: z.number().positive(), burst: z.number().min(1) });

/** POST /limits. What is absent has no limit. */
export const limitsBody: z.ZodType<LimitsDefinition> = z.strictObject({
  account: rate.optional(),
  chat: rate.optional(),
  methods: z
    .record(
      methodName,
      z.strictObject({
        count: z.int().min(0),
        per_seconds: z.number().positive(),
        wait_seconds: z.int().min(1),
      }),
    )
    .optional(),
  strangers: z.strictObject({ count: z.int().min(0), per_seconds: z.number().positive() }).optional(),
});

/** The id of one of the sandbox's data centres. */
export const dataCentre = z.int(takesDataCentre).refine((dc) => dcIds.includes(dc), takesDataCentre);
const when = z.enum(['before', 'after'], 'takes "before" or "after"');
const isTrue = z.literal(true, 'takes true');

const fault: z.ZodType<FaultDefinition> = z
  .strictObject({
    method: methodName.optional(),
    peer: markedId.optional(),
    error: z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,64}$/, 'takes an error name such as "FLOOD_WAIT_26"')
      .optional(),
    error_code: z.int('takes a code such as 500').min(-9999).max(9999).optional(),
    carry_out: isTrue.optional(),
    times: z.int().min(1).optional(),
    probability: z.number().min(0).max(1).optional(),
    for_seconds: seconds.optional(),
    delay_ms: z.int().min(0).max(3_600_000).optional(),
    after_seconds: seconds.optional(),
    drop: when.optional(),
    forget_session: when.optional(),
    forget_init: isTrue.optional(),
    move_to: dataCentre.optional(),
    unknown_constructor: z.enum(['push', 'result'], 'takes "push" or "result"').optional(),
    omit_item: z
      .int('takes the number of an item, from 1')
      .min(1, 'takes the number of an item, from 1')
      .optional(),
    lose_part: isTrue.optional(),
    forget_random_ids: isTrue.optional(),
    connection: z
      .enum(
        ['slow', 'silent', 'half_open', 'refuse', 'drain'],
        'takes slow, silent, half_open, refuse or drain',
      )
      .optional(),
    bytes_per_second: z.number().positive().optional(),
    transport_error: z
      .int('takes a transport error such as -429')
      .min(-9999, 'takes a transport error such as -429')
      .max(-1, 'takes a transport error such as -429')
      .optional(),
    clock_skew_seconds: z.number().min(-1e9).max(1e9).optional(),
    clock_drifts_back: isTrue.optional(),
  })
  .refine(({ carry_out: carryOut, error }) => !carryOut || error, {
    path: ['carry_out'],
    error: 'takes an error to answer as well',
  })
  .refine(({ lose_part: loses, method }) => !loses || /^upload\.save(Big)?FilePart$/.test(method ?? ''), {
    path: ['lose_part'],
    error: 'takes the method upload.saveFilePart or upload.saveBigFilePart as well',
  })
  .refine(({ error_code: code, error }) => code === undefined || error, {
    path: ['error_code'],
    error: 'takes an error to answer as well',
  })
  .refine(
    ({ clock_drifts_back: drifts, clock_skew_seconds: skew, for_seconds: duration }) =>
      !drifts || (skew !== undefined && duration !== undefined),
    { path: ['clock_drifts_back'], error: 'takes clock_skew_seconds and for_seconds as well' },
  );

/** A fault as a page posts it. */
export type FaultFields = Json<FaultDefinition>;

/** The faults of POST /faults, and the seed that their chances begin from. */
export interface FaultsBody {
  faults: FaultDefinition[];
  seed?: number | undefined;
}

/** POST /faults: `{faults, seed}`, the list alone, or a single fault; it replaces the list before. */
export const faultsBody: z.ZodType<FaultsBody> = z.preprocess(
  (body) => {
    if (typeof body === 'object' && body && 'faults' in body) return body;
    return { faults: Array.isArray(body) ? body : [body] };
  },
  z.strictObject({
    faults: z.array(fault, 'takes a list of faults').max(1000),
    seed: z.int().min(0).optional(),
  }),
);

/** Whose sessions end: the one with this hash, or all of an account. */
export interface RevokeBody {
  hash?: string | undefined;
  phone?: string | undefined;
}

/** POST /sessions/revoke. */
export const revokeBody: z.ZodType<RevokeBody> = z
  .strictObject({
    hash: z
      .string()
      .regex(/^-?\d{1,19}$/, 'takes the hash of a session')
      .optional(),
    phone: phone.optional(),
  })
  .refine(
    ({ hash, phone: number }) => (hash === undefined) !== (number === undefined),
    'takes hash or phone',
  );
