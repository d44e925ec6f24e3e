/** JSON over HTTP, with a timeout on every request. */

export interface Reply<T> {
  readonly status: number;
  readonly body: T;
}

export interface Ask {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  readonly timeoutMs?: number;
}

const usualTimeoutMs = 15_000;

/** Asks and reads the answer as JSON, whatever its status. @throws Error when no whole answer comes in time */
export async function askJson<T>(url: string, ask: Ask = {}): Promise<Reply<T>> {
  const { method, body, headers, timeoutMs = usualTimeoutMs } = ask;
  const response = await fetch(url, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
    signal: AbortSignal.timeout(timeoutMs),
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as T };
}
