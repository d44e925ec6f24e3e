/** A receiver of callbacks on loopback, which keeps what comes and answers as a test says. */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { serve } from '../../media/testing/servers.ts';

export interface Call {
  readonly id: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly payload: { type: string; timestamp: string; data: Record<string, unknown> };
}

export interface Receiver {
  readonly url: string;
  /** Everything that came, in its order. */
  readonly calls: Call[];
}

/** Answers each call by `answer`, told how many came before it; 204 to all without one. */
export async function startReceiver(
  answer: (response: ServerResponse, index: number, request: IncomingMessage) => void = (response) =>
    response.writeHead(204).end(),
): Promise<Receiver> {
  const calls: Call[] = [];
  const url = await serve((request, response) => {
    void text(request).then((body) => {
      const payload = JSON.parse(body) as Call['payload'];
      calls.push({ id: String(request.headers['webhook-id']), headers: request.headers, body, payload });
      answer(response, calls.length - 1, request);
    });
  });
  return { url: `${url}/hook?token=secret`, calls };
}

export function status(code: number, headers: Record<string, string> = {}) {
  return (response: ServerResponse) => void response.writeHead(code, headers).end();
}
