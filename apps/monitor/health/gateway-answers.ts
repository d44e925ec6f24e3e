/** What the monitor reads of a gateway's /health and /stats; null is what a service does not say, or not in this form. */
import { z } from 'zod';
import { orNull, sentReason, strings } from '../model/answers.ts';

const text = orNull(z.string());
const number = orNull(z.number());
const flag = orNull(z.boolean());
const time = orNull(z.string().refine((given) => !Number.isNaN(Date.parse(given))));

const account = z.union([z.string(), z.object({ name: z.string() }).transform(({ name }) => name)]);
const counts = z.record(z.string(), number).transform((all) => {
  return Object.fromEntries(Object.entries(all).filter((each): each is [string, number] => each[1] !== null));
});
/** A wait that Telegram has asked for. */
const flood = z.object({
  scope: z.string().catch(''),
  until: time,
  seconds: z.number().catch(0),
  /** Whether it holds back what this service sends. */
  holds: z.boolean().catch(true),
});
export type Flood = z.infer<typeof flood>;

/** Empty where one does not fit: each stands for a part of the text beside them. */
const reasons = z.array(sentReason).catch([]);

const check = orNull(
  z.object({
    ok: z.boolean(),
    detail: z.string().catch(''),
    reason: orNull(sentReason).default(null),
    ping_ms: number,
  }),
);

export const healthAnswer = z.object({
  status: text,
  sandbox: flag,
  checks: orNull(z.object({ telegram: check, authorized: check })),
  account_state: orNull(z.object({ state: text })),
  last_sent_at: time,
  reasons: strings,
  causes: reasons,
});
export type HealthAnswer = z.infer<typeof healthAnswer>;

export const statsAnswer = z.object({
  version: text,
  sandbox: flag,
  account: orNull(account),
  uptime_s: number,
  last_request_at: time,
  cache: orNull(z.object({ size: number, warmed_at: time })),
  queue: orNull(z.object({ depth: number, oldest_s: number, paused: z.boolean().catch(false) })),
  floods: orNull(z.array(flood.catch({ scope: '', until: null, seconds: 0, holds: true }))),
  errors: orNull(z.object({ by_class: orNull(counts) })),
});
export type StatsAnswer = z.infer<typeof statsAnswer>;
