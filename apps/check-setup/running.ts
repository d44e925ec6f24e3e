/** What services that run say of themselves: a gateway is asked, so that its session is never opened twice. */
import type { Raw } from '../gateway/settings.ts';

/** Of /health, which is open to all. */
export interface Running {
  readonly url: string;
  readonly status: string;
  readonly reasons: readonly string[];
  readonly checks: Readonly<Record<string, { readonly ok: boolean; readonly detail: string } | undefined>>;
}

const answerMs = 15_000;

/** How this machine reaches what listens on `host`. */
export function urlAt(host: string, port: number): string {
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

/** The JSON that a service answers; undefined where there is none. */
export async function askJson(url: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(answerMs) });
    const body: unknown = await answer.json();
    return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** The answer of the gateway `name` at the address of these settings; undefined where it does not answer there. */
export async function askGateway(name: string, config: Raw): Promise<Running | undefined> {
  const url = urlAt(config.HOST, config.PORT);
  const [health, stats] = await Promise.all([askJson(`${url}/health`), askJson(`${url}/stats`)]);
  const { status, reasons, checks } = health ?? {};
  if (typeof status !== 'string' || typeof checks !== 'object' || checks === null) return undefined;
  // Where tokens are asked for it does not say which one it is.
  const { service = name, account = config.TELEGRAM_ACCOUNT } = stats ?? {};
  if (service !== name || account !== config.TELEGRAM_ACCOUNT) return undefined;
  return { url, status, reasons: reasons as string[], checks: checks as Running['checks'] };
}
