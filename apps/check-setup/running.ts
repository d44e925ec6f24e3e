/** What a gateway that runs says of itself: it is asked, so that its session is never opened twice. */
import type { Raw } from '../gateway/settings.ts';

/** Of /health, which is open to all, and of /stats, where no token is needed. */
export interface Running {
  readonly url: string;
  readonly status: string;
  readonly sandbox: boolean;
  readonly checks: Readonly<Record<string, { readonly ok: boolean; readonly detail: string } | undefined>>;
}

const answerMs = 15_000;

/** How this machine reaches what listens on `host`. */
export function urlAt(host: string, port: number): string {
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

/** The answer of the gateway at the address of these settings; undefined where none answers there. */
export async function askGateway({ HOST, PORT }: Pick<Raw, 'HOST' | 'PORT'>): Promise<Running | undefined> {
  const url = urlAt(HOST, PORT);
  try {
    const answer = await fetch(`${url}/health`, { signal: AbortSignal.timeout(answerMs) });
    const { status, sandbox, checks } = (await answer.json()) as Record<string, unknown>;
    if (typeof status !== 'string' || typeof checks !== 'object' || checks === null) return undefined;
    return { url, status, sandbox: sandbox === true, checks: checks as Running['checks'] };
  } catch {
    return undefined;
  }
}
