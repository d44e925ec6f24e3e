/** A body of JSON, streamed: its base64 is decoded into the spool as it comes, all else is small and collected. */
import type { IncomingMessage } from 'node:http';
import { pipeline, Readable } from 'node:stream';
import Assembler from 'stream-json/assembler.js';
import { parser, type Token } from 'stream-json/parser.js';
import { received, type BodyLimits } from '../../kit/bodies/body.ts';
import { asUtf8, declaredCharset, decodeText } from '../../kit/bodies/charset.ts';
import { asObject, maxDepth, notJson, parseObject, tooDeep, twice } from '../../kit/bodies/json.ts';
import { ownTurn } from '../../kit/bodies/own-turn.ts';
import { Problem } from '../../kit/errors.ts';
import { shortened } from '../../kit/shorten.ts';
import { decodeBase64 } from './base64.ts';
import type { Intake, Taken } from './intake.ts';
import { limited } from './limited.ts';
import type { BeforeFile } from './multipart.ts';

export interface JsonBody {
  readonly fields: Record<string, unknown>;
  /** The files that came as base64, by what stands in its place in `fields`. */
  readonly decoded: ReadonlyMap<string, Taken>;
}

export interface JsonLimits extends Pick<BodyLimits, 'lease' | 'pace'> {
  readonly maxFileBytes: number;
  /** Of everything but base64, and of a body that is parsed as a whole. */
  readonly maxTextBytes?: number;
  /** As of a multipart body. */
  readonly beforeFile?: BeforeFile;
}

/** An album of ten with a thumbnail each. */
const maxFiles = 20;
/** How much base64 is decoded at once. */
const pieceLength = 64 * 1024;

/**
 * Reads the body. A small one is parsed as it is; of a larger one every value named `base64` becomes a file in `intake`.
 * @throws Problem bad_request (400) for what is cut or no JSON object, (422) for what is no base64; too_large
 */
export async function readJson(
  request: IncomingMessage,
  intake: Intake,
  limits: JsonLimits,
): Promise<JsonBody> {
  const { maxTextBytes = 1024 * 1024, lease, pace } = limits;
  const charset = declaredCharset(request.headers['content-type']);
  const chunks = received(request, pace);
  const head: Buffer[] = [];
  let size = 0;
  while (size <= maxTextBytes) {
    const { done, value } = await chunks.next();
    if (done) {
      await ownTurn(size);
      const text = decodeText(Buffer.concat(head), charset, 'the body');
      return { fields: parseObject(text), decoded: new Map() };
    }
    lease?.take(value.length);
    head.push(value);
    size += value.length;
  }
  const whole = asUtf8(joined(head, chunks), charset, 'the body');
  return readTokens(whole, intake, { ...limits, maxTextBytes });
}

async function* joined(head: readonly Buffer[], rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield* head;
  yield* rest;
}

async function readTokens(
  source: AsyncIterable<Buffer>,
  intake: Intake,
  { maxFileBytes, maxTextBytes, beforeFile }: JsonLimits & { readonly maxTextBytes: number },
): Promise<JsonBody> {
  const body = new Assembler();
  const decoded = new Map<string, Taken>();
  const tokens = tokensOf(source);
  let text = '';
  let textBytes = 0;
  for await (const token of tokens) {
    if ('value' in token) text += token.value;
    textBytes += 1 + ('value' in token ? String(token.value).length : 0);
    if (textBytes > maxTextBytes) {
      throw new Problem('too_large', `the body without its base64 is larger than ${maxTextBytes} bytes`);
    }
    if (body.depth > maxDepth) throw tooDeep();
    if (token.name === 'startString' && body.key === 'base64') {
      if (decoded.size === maxFiles)
        throw new Problem('bad_request', `more than ${maxFiles} files as base64`);
      beforeFile?.((body.stack[0] ?? body.current) as Record<string, unknown>);
      const file = await decode(fieldOf(body), tokens, intake, maxFileBytes);
      decoded.set(file.name, file);
      body.stringValue(file.name);
    } else if (token.name.startsWith('start')) text = '';
    if (token.name === 'endKey') noteKey(body, text);
    else if (token.name === 'endString') body.stringValue(text);
    else if (token.name === 'endNumber') body.numberValue(text);
    else body.consume(token);
  }
  return { fields: asObject(body.current), decoded };
}

/** @throws Problem bad_request for a key that its object has already */
function noteKey(body: Assembler, key: string): void {
  if (Object.hasOwn(body.current as object, key)) throw twice(key);
  body.keyValue(key);
}

async function* tokensOf(source: AsyncIterable<Buffer>): AsyncGenerator<Token, undefined> {
  const parsing = pipeline(Readable.from(source), parser.asStream({ packValues: false }), () => {});
  try {
    yield* parsing as AsyncIterable<Token>;
  } catch (error) {
    throw notJson(error);
  }
}

/** The value that follows in `tokens`, up to its end, as a file. */
function decode(
  field: string,
  tokens: AsyncIterator<Token, undefined>,
  intake: Intake,
  maxFileBytes: number,
): Promise<Taken> {
  const bytes = Readable.from(decodeBase64(field, pieces(tokens)), { objectMode: false });
  const tooLarge = () => new Problem('too_large', `${field} is larger than ${maxFileBytes} bytes`);
  return intake.write(limited(bytes, maxFileBytes, tooLarge));
}

async function* pieces(tokens: AsyncIterator<Token, undefined>): AsyncGenerator<string> {
  let text = '';
  for (;;) {
    const { done, value: token } = await tokens.next();
    if (done === true || token.name === 'endString') break;
    if (token.name === 'stringChunk') text += token.value;
    if (text.length < pieceLength) continue;
    yield text;
    text = '';
  }
  yield text;
}

/** Where the value that comes next stands, such as `album.3.base64`. */
function fieldOf({ path, key }: Assembler): string {
  return shortened([...path, key].join('.'));
}
