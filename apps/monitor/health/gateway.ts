/** A gateway over HTTP: what it tells of itself, and what it can be asked to do. Never waits long. */
import type { WatchedService } from '../services.ts';
import { parseExposition, type Samples } from './exposition.ts';

/** What a gateway told; null where it gave no answer, or none that can be read. */
export interface Scrape {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly health: Record<string, unknown> | null;
  readonly stats: Record<string, unknown> | null;
  readonly metrics: Samples | null;
}

/** An answer to be passed on as it is. */
export interface GatewayAnswer {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly retryAfter: string | null;
}

/** An answer with how it came about; `error` says in words why there was none. */
export interface Answer {
  readonly code: number | null;
  /** Null where it is not a JSON object. */
  readonly body: Record<string, unknown> | null;
  readonly error: string | null;
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
  probe(path: '/health' | '/stats', withinMs: number): Promise<Answer>;
  /** @throws when the gateway gives no answer that can be read */
  act(action: GatewayAction): Promise<GatewayAnswer>;
  /** Asks what somebody else has checked. @throws as act */
  pass(method: string, path: string): Promise<GatewayAnswer>;
}

export interface GatewayDeps {
  readonly service: WatchedService;
  readonly token: string | undefined;
  readonly now: () => number;
  /** Told of each answer that did not come; `path` is one of three. */
  readonly onFailure: (path: string) => void;
}

const scrapeMs = 2_000;
const actMs = 15_000;
/** No answer of a gateway is larger; what is, is not read. */
const largestAnswer = 4_000_000;

export function createGateway({ service, token, now, onFailure }: GatewayDeps): Gateway {
  const ask = (path: string, method: string, withinMs: number) =>
    fetch(`${service.url}${path}`, {
      method,
      redirect: 'error',
      headers: token === undefined ? {} : { Authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(withinMs),
    });

  const read = async <T>(path: string, statuses: readonly number[], parse: (text: string) => T) => {
    try {
      const answer = await ask(path, 'GET', scrapeMs);
      const text = await bodyOf(answer);
      if (statuses.includes(answer.status)) return parse(text);
    } catch {
      // Told below: no answer and an answer that cannot be read are the same to the operator.
    }
    onFailure(path);
    return null;
  };

  const pass = async (method: string, path: string): Promise<GatewayAnswer> => {
    const answer = await ask(path, method, actMs);
    const body = parseObject(await bodyOf(answer));
    return { status: answer.status, body, retryAfter: answer.headers.get('retry-after') };
  };

  return {
    scrape: async () => {
      const [health, stats, metrics] = await Promise.all([
        read('/health', [200, 503], parseObject),
        read('/stats', [200], parseObject),
        read('/metrics', [200], parseExposition),
      ]);
      return { at: now(), health, stats, metrics };
    },
    probe: async (path, withinMs) => {
      const startedAt = performance.now();
      const outcome = await ask(path, 'GET', withinMs)
        .then(async (answer) => ({
          code: answer.status,
          body: objectOrNull(await bodyOf(answer)),
          error: null,
          date: Date.parse(answer.headers.get('date') ?? '') || null,
        }))
        .catch((error: unknown) => {
          onFailure(path);
          return { code: null, body: null, error: whyNoAnswer(error as Error, withinMs), date: null };
        });
      return { ...outcome, ms: performance.now() - startedAt };
    },
    act: (action) => pass('POST', gatewayActions[action]),
    pass,
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

function whyNoAnswer({ name, message, cause }: Error, withinMs: number): string {
  if (name === 'TimeoutError') return `no answer in ${withinMs / 1000} s`;
  const { code } = (cause ?? {}) as { code?: string };
  if (code === 'ECONNREFUSED') return 'connection refused';
  return code === undefined ? `no answer: ${message}` : `no answer (${code})`;
}

function objectOrNull(text: string): Record<string, unknown> | null {
  try {
    return parseObject(text);
  } catch {
    return null;
  }
}

function parseObject(text: string): Record<string, unknown> {
  const value: unknown = JSON.parse(text);
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new Error('not an object');
}
