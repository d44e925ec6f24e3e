/** A gateway over HTTP: what it says of itself, and what it can be asked to do. Never waits long. */
import { z } from 'zod';
import { reason, type Reason } from '../../kit/reason.ts';
import { readJson } from '../model/answers.ts';
import type { WatchedService } from '../model/services.ts';
import { firstBrokenLine, parseSamples, type Samples } from './prometheus-text.ts';
import { healthAnswer, statsAnswer, type HealthAnswer, type StatsAnswer } from './gateway-answers.ts';

const scraped = ['/health', '/stats', '/metrics'] as const;
type Scraped = (typeof scraped)[number];

/** What a gateway said; null where it gave no answer, or none that can be read. */
export interface Scrape {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Where it answered, but as a program that knows nothing of that: an old one, or another. */
  readonly lacks: readonly Scraped[];
  readonly health: HealthAnswer | null;
  readonly stats: StatsAnswer | null;
  readonly metrics: Samples | null;
  /** Why one of them is missing, or is not whole; nothing of what the service does not have. */
  readonly faults: readonly Reason[];
}

/** An answer to be passed on as it is. */
export interface GatewayAnswer {
  readonly status: number;
  readonly body: object;
  readonly retryAfter: string | null;
}

/** An answer with how it came about; `error` says why there was none. */
export interface Answer<T> {
  readonly code: number | null;
  /** Null where it is not a JSON object. */
  readonly body: T | null;
  readonly error: Reason | null;
  /** How long it took, in milliseconds. */
  readonly ms: number;
  /** The time at the other end, in milliseconds since the epoch, where it says so. */
  readonly date: number | null;
}

/** What can be asked of a gateway, with its address there. */
export const gatewayActions = {
  'reload-cache': '/reload_cache',
  pause: '/pause',
  resume: '/resume',
} as const;
export type GatewayAction = keyof typeof gatewayActions;

export interface Gateway {
  /** Never throws. */
  scrape(): Promise<Scrape>;
  /** One question with all that came of it. Never throws. */
  health(withinMs: number): Promise<Answer<HealthAnswer>>;
  stats(withinMs: number): Promise<Answer<StatsAnswer>>;
  /** @throws when the gateway gives no answer that can be read */
  act(action: GatewayAction, requestId?: string): Promise<GatewayAnswer>;
  /** Asks what somebody else has checked. @throws as act */
  pass(method: string, path: string, requestId?: string): Promise<GatewayAnswer>;
}

export interface GatewayDeps {
  readonly service: WatchedService;
  readonly token: string | undefined;
  readonly now: () => number;
  /** Called for each answer that did not come; `path` is one of three. */
  readonly onFailure: (path: string) => void;
}

const scrapeMs = 2_000;
const actMs = 15_000;
/** What a service lacks it is not asked for all the time: its log would be full of it. */
const lackingMs = 60_000;
const unknownThere = [404, 405, 501];
const statuses = ['ok', 'degraded', 'down'];
/** No answer of a gateway is larger; what is, is not read. */
const largestAnswer = 4_000_000;

export function createGateway({ service, token, now, onFailure }: GatewayDeps): Gateway {
  const ask = (path: string, method: string, withinMs: number, requestId?: string) =>
    fetch(`${service.url}${path}`, {
      method,
      redirect: 'error',
      headers: {
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
        ...(requestId !== undefined && { 'X-Request-Id': requestId }),
      },
      signal: AbortSignal.timeout(withinMs),
    });

  const lacking = new Map<Scraped, number>();
  const read = async <T>(path: Scraped, parse: (text: string) => Read<T>) => {
    if (now() - (lacking.get(path) ?? -Infinity) < lackingMs) return { value: null, faults: [] };
    lacking.delete(path);
    const { value, fault }: Read<T> = await ask(path, 'GET', scrapeMs)
      .then(async (answer) => {
        const text = await bodyOf(answer);
        if (answer.ok || answer.status === 503) return parse(text);
        const isUnknown = unknownThere.includes(answer.status);
        return {
          value: null,
          fault: isUnknown ? null : reason('answered', { status: String(answer.status) }),
        };
      })
      .catch((error: unknown) => ({ value: null, fault: whyNoAnswer(error as Error, scrapeMs) }));
    if (value === null && fault === null) lacking.set(path, now());
    else if (value === null) onFailure(path);
    return { value, faults: fault === null ? [] : [reason('unreadable', { path, reason: fault })] };
  };

  const pass: Gateway['pass'] = async (method, path, requestId) => {
    const answer = await ask(path, method, actMs, requestId);
    const body = readJson(z.looseObject({}), await bodyOf(answer));
    if (body === null) throw new Error('not an object');
    return { status: answer.status, body, retryAfter: answer.headers.get('retry-after') };
  };

  const probe = async <T>(path: Scraped, schema: z.ZodType<T>, withinMs: number): Promise<Answer<T>> => {
    const startedAt = performance.now();
    const outcome = await ask(path, 'GET', withinMs)
      .then(async (answer) => ({
        code: answer.status,
        body: readJson(schema, await bodyOf(answer)),
        error: null,
        date: Date.parse(answer.headers.get('date') ?? '') || null,
      }))
      .catch((error: unknown) => {
        onFailure(path);
        return { code: null, body: null, error: whyNoAnswer(error as Error, withinMs), date: null };
      });
    return { ...outcome, ms: performance.now() - startedAt };
  };

  return {
    scrape: async () => {
      const [health, stats, metrics] = await Promise.all([
        read('/health', readHealth),
        read('/stats', (text) => readObject(statsAnswer, text)),
        read('/metrics', readMetrics),
      ]);
      return {
        at: now(),
        health: health.value,
        stats: stats.value,
        metrics: metrics.value,
        lacks: scraped.filter((path) => lacking.has(path)),
        faults: [health, stats, metrics].flatMap(({ faults }) => faults),
      };
    },
    health: (withinMs) => probe('/health', healthAnswer, withinMs),
    stats: (withinMs) => probe('/stats', statsAnswer, withinMs),
    act: (action, requestId) => pass('POST', gatewayActions[action], requestId),
    pass,
  };
}

/** What an answer holds, and what is wrong with it; neither where it is an answer of another kind of program. */
interface Read<T> {
  readonly value: T | null;
  readonly fault: Reason | null;
}

function readObject<T>(schema: z.ZodType<T>, text: string): Read<T> {
  const value = readJson(schema, text);
  const isMeant = text.trimStart().startsWith('{');
  return { value, fault: value !== null || !isMeant ? null : reason('not_json') };
}

/** A health in other words than ours says nothing of whether messages are sent. */
function readHealth(text: string): Read<HealthAnswer> {
  const { value, fault } = readObject(healthAnswer, text);
  return { value: statuses.includes(value?.status ?? '') ? value : null, fault };
}

/** What can be read of it counts, though other lines cannot; a page of text has not one number. */
function readMetrics(text: string): Read<Samples> {
  const samples = parseSamples(text);
  const isThere = [...samples.values()].some((list) => list.some(({ value }) => !Number.isNaN(value)));
  if (!isThere) return { value: null, fault: null };
  const broken = firstBrokenLine(text);
  return {
    value: samples,
    fault: broken === null ? null : reason('not_metrics', { line: broken }),
  };
}

async function bodyOf(answer: Response): Promise<string> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of answer.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    if (text.length > largestAnswer) throw new Error('the answer is too large');
  }
  return text;
}

function whyNoAnswer({ name, message, cause }: Error, withinMs: number): Reason {
  if (name === 'TimeoutError') return reason('no_answer_in', { limit_s: withinMs / 1000 });
  const { code } = (cause ?? {}) as { code?: string };
  return code === undefined ? reason('no_answer_because', { reason: message }) : refusedBy(code);
}

/** The system's name for why there is no connection. */
export function refusedBy(code: string): Reason {
  return code === 'ECONNREFUSED' ? reason('connection_refused') : reason('no_answer_code', { error: code });
}
