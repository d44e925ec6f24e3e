/** One try of a POST of JSON, to an address that was checked; nothing of what comes back is trusted. */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { shortened } from './shorten.ts';
import { request as httpsRequest } from 'node:https';
import { version } from './version.ts';
import {
  checkedLookup,
  checkLiteral,
  resolveBySystem,
  type IsAllowed,
  type Resolve,
} from './public-address.ts';

export interface PostRules {
  /** Which addresses it may go to, asked of each one that is found. */
  readonly isAllowed: IsAllowed;
  readonly resolve?: Resolve;
  /** Of everything, from the look-up to the end of the answer. */
  readonly timeoutMs?: number;
}

export interface Try {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON. */
  readonly body: string;
}

/** `gone`: the receiver no longer wants it (410). `error` names no part of the URL but its host. */
export type Answer =
  | { readonly result: 'delivered' }
  | { readonly result: 'gone'; readonly error: string }
  | { readonly result: 'failed'; readonly error: string; readonly retryAfterMs: number | undefined };

/** Posts. Redirects are answers like any other that is not 2xx. @throws the signal's reason when it is aborted first */
export type Post = (one: Try, stopped: AbortSignal) => Promise<Answer>;

/** Standard Webhooks recommends 15 to 30 s. */
const defaultTimeoutMs = 15_000;
/** Only the status of an answer is read; its body is cut off beyond this. */
const mostAnswerBytes = 64 * 1024;

export function createPost(rules: PostRules): Post {
  const { timeoutMs = defaultTimeoutMs } = rules;
  return async (one, stopped) => {
    const timeout = AbortSignal.timeout(timeoutMs);
    const url = new URL(one.url);
    try {
      const response = await send(url, one, rules, AbortSignal.any([timeout, stopped]));
      return answerOf(url, response);
    } catch (error) {
      stopped.throwIfAborted();
      const why = timeout.aborted ? `no answer within ${timeoutMs / 1000} s` : explained(error);
      return { result: 'failed', error: `${shortened(url.host)}: ${why}`, retryAfterMs: undefined };
    }
  };
}

/** The response, once its body has ended or been cut off. */
function send(
  url: URL,
  { headers, body }: Try,
  { isAllowed, resolve = resolveBySystem }: PostRules,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  return new Promise((done, fail) => {
    checkLiteral(url, isAllowed);
    const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, {
      method: 'POST',
      agent: false,
      signal,
      lookup: checkedLookup(resolve, isAllowed),
      headers: {
        ...headers,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'user-agent': `vestnik/${version}`,
      },
    });
    request.on('error', fail);
    request.once('response', (response) => {
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > mostAnswerBytes) response.destroy();
      });
      response.on('error', () => {}); // The status has said it all.
      response.once('close', () => done(response));
    });
    request.end(body);
  });
}

function answerOf({ host }: URL, { statusCode = 0, headers }: IncomingMessage): Answer {
  if (statusCode >= 200 && statusCode < 300) return { result: 'delivered' };
  const error = `${shortened(host)} answered ${statusCode}`;
  if (statusCode === 410) return { result: 'gone', error };
  const retryAfter = headers['retry-after'] ?? '';
  const retryAfterMs = /^\d{1,9}$/.test(retryAfter) ? Number(retryAfter) * 1000 : undefined;
  return { result: 'failed', error, retryAfterMs };
}

const explanations: Readonly<Record<string, string>> = {
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'the name of the host cannot be looked up now',
  ECONNREFUSED: 'it refuses connections',
  ECONNRESET: 'the connection was cut before there was an answer',
};

function explained(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  if (code === 'EPRIVATE') return `${message} (ALLOW_PRIVATE_URLS=true would allow it)`;
  return explanations[code] ?? message;
}
