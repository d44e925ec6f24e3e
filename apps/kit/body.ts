/** Request bodies, read up to a limit that counts the bytes that really come. Multipart is the media gateway's. */
import type { IncomingMessage } from 'node:http';
import { finished } from 'node:stream';
import { Problem } from './errors.ts';

/** How long a sender may be silent. */
const longestStallMs = 60_000;

/** What `readObject` takes. */
export const bodyTypes = ['application/json', 'application/x-www-form-urlencoded'];

/**
 * The body as an object: JSON or a form, by its content type (none is taken as JSON).
 * @throws Problem bad_request (400) when it is not an object of that form, too_large past `limitBytes`,
 *   unsupported_media for another content type
 */
export async function readObject(
  request: IncomingMessage,
  limitBytes: number,
): Promise<Record<string, unknown>> {
  const type = contentType(request);
  if (type === 'application/x-www-form-urlencoded') {
    const form = new URLSearchParams(await readText(request, limitBytes));
    return Object.fromEntries(form);
  }
  if (!isJson(type)) {
    throw new Problem(
      'unsupported_media',
      `Content-Type ${type} is not taken here: send application/json or application/x-www-form-urlencoded`,
    );
  }
  return parseObject(await readText(request, limitBytes));
}

/** The media type of a request in lower case, without parameters; '' when there is none. */
export function contentType(request: IncomingMessage): string {
  return (request.headers['content-type'] ?? '').split(';', 1)[0]!.trim().toLowerCase();
}

/** Whether a body of this media type is taken as JSON, as one of none is. */
export function isJson(type: string): boolean {
  return type === '' || type === 'application/json' || type.endsWith('+json');
}

/** The body as UTF-8. @throws Problem too_large past `limitBytes`; as `received` */
export async function readText(
  request: IncomingMessage,
  limitBytes: number,
  stallMs = longestStallMs,
): Promise<string> {
  const tooLarge = () => new Problem('too_large', `the body is larger than ${limitBytes} bytes`);
  if (Number(request.headers['content-length'] ?? 0) > limitBytes) throw tooLarge();
  const whole = Promise.withResolvers<void>();
  const chunks: Buffer[] = [];
  let size = 0;
  const timer = setTimeout(() => stalled(request, stallMs), stallMs);
  const take = (chunk: Buffer) => {
    timer.refresh();
    size += chunk.length;
    chunks.push(chunk);
    if (size > limitBytes) whole.reject(tooLarge());
  };
  // Events, for an iterator costs a small body more than all the rest of it.
  request.on('data', take).once('end', whole.resolve);
  const forget = finished(request, (error) => error && whole.reject(cut(error)));
  try {
    await whole.promise;
  } finally {
    clearTimeout(timer);
    forget();
    request.off('data', take).off('end', whole.resolve).pause();
  }
  return Buffer.concat(chunks).toString('utf8');
}

/**
 * The bytes of a body as they come. Whoever stops reading can still answer.
 * @throws Problem bad_request (400) when the body is cut, or its sender silent for `stallMs`
 */
export async function* received(
  request: IncomingMessage,
  stallMs = longestStallMs,
): AsyncGenerator<Buffer, undefined> {
  const stop = () => stalled(request, stallMs);
  let timer = setTimeout(stop, stallMs);
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      clearTimeout(timer);
      yield chunk;
      timer = setTimeout(stop, stallMs);
    }
  } catch (error) {
    throw cut(error as Error);
  } finally {
    clearTimeout(timer);
  }
}

function stalled(request: IncomingMessage, stallMs: number): void {
  request.destroy(new Error(`no byte for ${stallMs / 1000} s`));
}

function cut(error: Error): Problem {
  const detail = `the body was cut before its end: ${error.message}`;
  return new Problem('bad_request', detail, { status: 400, cause: error });
}

/** The object that a text of JSON is. @throws Problem bad_request (400) when it is none */
export function parseObject(body: string): Record<string, unknown> {
  try {
    return asObject(JSON.parse(body));
  } catch (error) {
    throw notJson(error);
  }
}

/** What to say of a text that no parser takes. */
export function notJson(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new Problem('bad_request', `the body is not JSON: ${(error as Error).message}`, { status: 400 });
}

/** @throws Problem bad_request (400) for what is JSON, but no object */
export function asObject(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Problem('bad_request', 'the body must be a JSON object', { status: 400 });
  }
  return value as Record<string, unknown>;
}
