/** Request bodies, read up to limits that count the bytes that really come. Multipart is the media gateway's. */
import type { IncomingMessage } from 'node:http';
import { finished, Readable } from 'node:stream';
import { Problem } from '../errors.ts';
import { shortened } from '../shorten.ts';
import type { BodyLease } from './body-memory.ts';
import { declaredCharset, decodeText } from './charset.ts';
import { decodeContent } from './content-encoding.ts';
import { parseForm } from './form.ts';
import { parseObject } from './json.ts';
import { ownTurn } from './own-turn.ts';
import { watchPace, type Pace } from './pace.ts';

/** The media types that `readObject` takes. */
export const bodyTypes = ['application/json', 'application/x-www-form-urlencoded'];

const takenEncodings = new Set(['gzip', 'x-gzip', 'br', 'deflate']);

export interface BodyLimits {
  readonly maxBytes: number;
  /** What the memory of the body is counted in. */
  readonly lease?: BodyLease;
  readonly pace?: Pace;
}

/**
 * The body as an object: JSON or a form, by its content type (none is taken as JSON).
 * @throws Problem bad_request when it is not an object of that form (400) or has a field twice (422), too_large,
 *   unsupported_media for another content type, charset or Content-Encoding, overloaded
 */
export async function readObject(
  request: IncomingMessage,
  limits: BodyLimits,
): Promise<Record<string, unknown>> {
  const type = contentType(request);
  const charset = declaredCharset(request.headers['content-type']);
  const isForm = type === 'application/x-www-form-urlencoded';
  if (!isForm && !isJson(type)) {
    throw new Problem(
      'unsupported_media',
      `Content-Type ${shortened(type)} is not taken here: send application/json or application/x-www-form-urlencoded`,
    );
  }
  const bytes = await readBytes(request, limits);
  await ownTurn(bytes.length);
  return isForm ? parseForm(bytes, charset) : parseObject(decodeText(bytes, charset, 'the body'));
}

/** The media type of a request in lower case, without parameters; '' when there is none. */
export function contentType(request: IncomingMessage): string {
  return (request.headers['content-type'] ?? '').split(';', 1)[0]!.trim().toLowerCase();
}

/** Whether a body of this media type is taken as JSON, as one of none is. */
export function isJson(type: string): boolean {
  return type === '' || type === 'application/json' || type.endsWith('+json');
}

/** The whole body, its Content-Encoding undone. @throws Problem too_large, overloaded; as `received` */
export async function readBytes(
  request: IncomingMessage,
  { maxBytes, lease, pace }: BodyLimits,
): Promise<Buffer> {
  const tooLarge = () => new Problem('too_large', `the body is larger than ${maxBytes} bytes`);
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  const take = (chunk: Buffer) => {
    size += chunk.length;
    if (size > maxBytes) throw tooLarge();
    lease?.take(chunk.length);
    chunks.push(chunk);
  };
  if (encodingOf(request) === undefined) await eachChunk(request, take, pace);
  else for await (const chunk of received(request, pace)) take(chunk);
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}

/** By events, because an iterator costs a small body more than all the rest of it. */
async function eachChunk(
  request: IncomingMessage,
  take: (chunk: Buffer) => void,
  pace?: Pace,
): Promise<void> {
  const whole = Promise.withResolvers<void>();
  const watch = watchPace(request, pace);
  const onData = (chunk: Buffer) => {
    watch.saw(chunk.length);
    try {
      take(chunk);
    } catch (error) {
      whole.reject(error);
    }
  };
  request.on('data', onData).once('end', whole.resolve);
  const forget = finished(request, (error) => error && whole.reject(cut(error)));
  try {
    await whole.promise;
  } finally {
    watch.end();
    forget();
    request.off('data', onData).off('end', whole.resolve).pause();
  }
}

/**
 * The bytes of a body as they come, its Content-Encoding undone. Whoever stops reading can still answer.
 * @throws Problem bad_request (400) when the body is cut, comes too slowly, or its compression is damaged;
 *   unsupported_media for a Content-Encoding that is not known
 */
export async function* received(request: IncomingMessage, pace?: Pace): AsyncGenerator<Buffer, undefined> {
  const encoding = encodingOf(request);
  if (encoding === undefined) {
    yield* incoming(request, pace);
    return;
  }
  const source = Readable.from(incoming(request, pace), { objectMode: false });
  const plain = takenEncodings.has(encoding) ? decodeContent(source, encoding) : undefined;
  if (!plain) {
    const detail = `Content-Encoding ${shortened(encoding)} is not taken here: send the body as it is, or as gzip, br or deflate`;
    throw new Problem('unsupported_media', detail);
  }
  try {
    yield* plain as AsyncIterable<Buffer>;
  } catch (error) {
    if (error instanceof Problem) throw error;
    const detail = `the body is not ${encoding}, as its Content-Encoding says: ${(error as Error).message}`;
    throw new Problem('bad_request', detail, { status: 400, cause: error });
  }
}

function encodingOf(request: IncomingMessage): string | undefined {
  const encoding = request.headers['content-encoding']?.trim().toLowerCase();
  return encoding === '' || encoding === 'identity' ? undefined : encoding;
}

async function* incoming(request: IncomingMessage, pace?: Pace): AsyncGenerator<Buffer, undefined> {
  const watch = watchPace(request, pace);
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      watch.saw(chunk.length);
      watch.isBusy = true;
      yield chunk;
      watch.isBusy = false;
    }
  } catch (error) {
    throw cut(error as Error);
  } finally {
    watch.end();
  }
}

function cut(error: Error): Problem {
  const detail = `the body was cut before its end: ${error.message}`;
  return new Problem('bad_request', detail, { status: 400, cause: error });
}
