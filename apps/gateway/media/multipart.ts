/** A multipart body, streamed: its files go to the spool as they come, its fields are collected. */
import { Dicer } from '@fastify/busboy';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { PassThrough, Readable } from 'node:stream';
import { received, type BodyLimits } from '../../kit/bodies/body.ts';
import { declaredCharset, decodeText } from '../../kit/bodies/charset.ts';
import { Problem } from '../../kit/errors.ts';
import { shortened } from '../../kit/shorten.ts';
import { decodeBase64 } from './base64.ts';
import type { Intake, Taken } from './intake.ts';
import { limited } from './limited.ts';
import { readPart, type Part } from './part.ts';

/** A file that came as a part. */
export interface UploadedFile extends Taken {
  readonly filename: string | undefined;
  /** What the part says that it is, in lower case. */
  readonly mimeType: string | undefined;
}

/** The files that came in the body of a request. */
export interface Arrived {
  /** Parts of a multipart body, by their names. */
  readonly files: ReadonlyMap<string, UploadedFile>;
  /** Base64 of the body, by the name of its file in the spool, which stands in its place. */
  readonly decoded: ReadonlyMap<string, Taken>;
}

export interface Upload extends Arrived {
  readonly fields: Record<string, string>;
}

export interface MultipartLimits extends Pick<BodyLimits, 'lease' | 'pace'> {
  readonly maxFileBytes: number;
  /** Of all fields together. */
  readonly maxFieldBytes?: number;
  /** Asked before a file is read, of the fields that came before it; what it throws ends the request at once. */
  readonly beforeFile?: BeforeFile;
}

export type BeforeFile = (fields: Record<string, unknown>) => void;

type Headers = Record<string, string[]>;

/** An album of ten with a thumbnail each. */
const maxFiles = 20;
const maxFields = 40;
const longestPartName = 255;
const maxHeaderBytes = 16 * 1024;

/**
 * Reads the body, the files into `intake`, to its end or to the first thing that is wrong.
 * @throws Problem bad_request for a body that is cut, has no boundary, or too many parts; too_large; storage_full
 */
export async function readMultipart(
  request: IncomingMessage,
  intake: Intake,
  limits: MultipartLimits,
): Promise<Upload> {
  const parser = createParser(request);
  const upload = new Uploading(intake, limits, declaredCharset(request.headers['content-type']));
  parser.on('part', (part) => {
    part.on('error', () => {}); // The parser has the error, too.
    part.once('header', (headers) => upload.take(part, headers as Headers));
  });
  try {
    // A sender that waits for the answer would keep the pipeline waiting.
    await Promise.race([upload.wrong, parse(received(request, limits.pace), parser)]);
  } catch (error) {
    parser.destroy();
    upload.cut(error as Error);
  }
  return upload.end();
}

/** Resolves when every part was read to its end. The parser pauses while the readers of parts are behind. */
async function parse(chunks: AsyncIterable<Buffer>, parser: Dicer): Promise<void> {
  const ended = Promise.withResolvers<void>();
  ended.promise.catch(() => {}); // It is waited for at the end only.
  parser.once('finish', () => ended.resolve()).once('error', (error) => ended.reject(error));
  for await (const chunk of chunks) {
    await Promise.race([ended.promise, new Promise((resolve) => parser.write(chunk, resolve))]);
  }
  parser.end();
  await ended.promise;
}

/** One request's parts on their way. */
class Uploading {
  readonly wrong: Promise<never>;
  readonly #intake: Intake;
  readonly #limits: MultipartLimits;
  readonly #charset: string | undefined;
  readonly #fields = new Map<string, string>();
  readonly #files = new Map<string, Promise<UploadedFile>>();
  readonly #decoded = new Map<string, Taken>();
  readonly #under = new Set<Promise<unknown>>();
  readonly #passing: PassThrough[] = [];
  readonly #complain: (problem: Problem) => void;
  #fieldBytes = 0;
  #complaint: Problem | undefined;

  constructor(intake: Intake, limits: MultipartLimits, charset: string | undefined) {
    const wrong = Promise.withResolvers<never>();
    wrong.promise.catch(() => {}); // Whoever waits for it has it.
    this.wrong = wrong.promise;
    this.#intake = intake;
    this.#limits = limits;
    this.#charset = charset;
    this.#complain = (problem) => {
      this.#complaint ??= problem;
      wrong.reject(problem);
    };
  }

  /** Begins to read a part. */
  take(stream: Readable, headers: Headers): void {
    try {
      const part = this.#complaint ? undefined : readPart(headers, this.#charset);
      if (!part) stream.resume();
      else this.#keep(this.#begin(part, stream));
    } catch (error) {
      stream.resume();
      this.#complain(error as Problem);
    }
  }

  /** Ends the parts whose end will not come. */
  cut(error: Error): void {
    const detail = `the multipart body is damaged: ${error.message}`;
    this.#complain(error instanceof Problem ? error : new Problem('bad_request', detail, { status: 400 }));
    for (const through of this.#passing) through.destroy(error);
  }

  /** What came. @throws the first problem there was */
  async end(): Promise<Upload> {
    await Promise.allSettled(this.#under);
    if (this.#complaint) throw this.#complaint;
    const files = new Map<string, UploadedFile>();
    for (const [name, file] of this.#files) files.set(name, await file);
    await this.#nameFile(files);
    return { fields: Object.fromEntries(this.#fields), files, decoded: this.#decoded };
  }

  /** A part `file` without a name of its own may hold the name of another part. */
  async #nameFile(files: Map<string, UploadedFile>): Promise<void> {
    const file = files.get('file');
    if (!file || file.filename !== undefined || file.sizeBytes > longestPartName) return;
    const name = (await readFile(this.#intake.path(file.name))).toString();
    if (name === 'file' || !files.has(name)) return;
    files.delete('file');
    this.#fields.set('file', name);
  }

  #keep(reading: Promise<unknown>): void {
    this.#under.add(reading);
    reading.catch((cause: unknown) => {
      if (cause instanceof Problem) this.#complain(cause);
      else
        this.#complain(new Problem('bad_request', 'a part was cut before its end', { status: 400, cause }));
    });
  }

  /** @throws Problem for a part that may not be there */
  #begin(part: Part, stream: Readable): Promise<unknown> {
    const { name, isFile } = part;
    const what = `the ${isFile ? 'file' : 'field'} ${shortened(name)}`;
    if (this.#files.has(name) || this.#fields.has(name))
      throw new Problem('bad_request', `${what} is there twice: give it once`);
    if (isFile && this.#files.size === maxFiles)
      throw new Problem('bad_request', `more than ${maxFiles} files`);
    if (!isFile && this.#fields.size === maxFields)
      throw new Problem('bad_request', `more than ${maxFields} fields`);
    if (isFile) return this.#beginFile(part, stream, what);
    this.#fields.set(name, '');
    return name === 'base64' ? this.#readBase64(stream) : this.#readField(part, stream, what);
  }

  #beginFile({ name, filename, mimeType }: Part, stream: Readable, what: string): Promise<UploadedFile> {
    const file = this.#judgeEarly()
      .then(() => this.#write(stream, what))
      .then((taken) => ({ ...taken, filename, mimeType }));
    this.#files.set(name, file);
    return file;
  }

  /** By the fields that have come, while the file of the part waits. @throws what `beforeFile` throws */
  async #judgeEarly(): Promise<void> {
    await Promise.all(this.#under);
    this.#limits.beforeFile?.(Object.fromEntries(this.#fields));
  }

  async #readField({ name, charset }: Part, stream: Readable, what: string): Promise<void> {
    const { maxFieldBytes = 1024 * 1024, lease } = this.#limits;
    const chunks: Buffer[] = [];
    for await (const chunk of this.#passed(stream) as AsyncIterable<Buffer>) {
      this.#fieldBytes += chunk.length;
      if (this.#fieldBytes > maxFieldBytes) {
        const detail = `the fields of the body are larger than ${maxFieldBytes} bytes: send files as file parts`;
        throw new Problem('too_large', detail);
      }
      lease?.take(chunk.length);
      chunks.push(chunk);
    }
    this.#fields.set(name, decodeText(Buffer.concat(chunks), charset, what));
  }

  /** Base64 goes to the spool as its bytes; the name of that file stands in its place. */
  async #readBase64(stream: Readable): Promise<void> {
    await this.#judgeEarly();
    const text = this.#passed(stream).setEncoding('latin1') as AsyncIterable<string>;
    const file = await this.#write(
      Readable.from(decodeBase64('base64', text), { objectMode: false }),
      'base64',
    );
    this.#decoded.set(file.name, file);
    this.#fields.set('base64', file.name);
  }

  #write(stream: Readable, what: string): Promise<Taken> {
    const { maxFileBytes } = this.#limits;
    const tooLarge = () => new Problem('too_large', `${what} is larger than ${maxFileBytes} bytes`);
    return this.#intake.write(limited(this.#passed(stream), maxFileBytes, tooLarge));
  }

  /** Through a stream of our own, so that a part that is cut ends its reader with an error. */
  #passed(stream: Readable): PassThrough {
    const through = new PassThrough();
    stream.on('error', (error) => through.destroy(error));
    stream.on('close', () => stream.readableEnded || through.destroy(new Error('cut')));
    this.#passing.push(through);
    return stream.pipe(through);
  }
}

function createParser(request: IncomingMessage): Dicer {
  const header = request.headers['content-type'] ?? '';
  const [, quoted, bare] = /;\s*boundary\s*=\s*(?:"([^"]{1,200})"|([^\s;"]{1,200}))/i.exec(header) ?? [];
  const boundary = quoted ?? bare;
  if (boundary === undefined) {
    const detail = 'the multipart body has no usable boundary: its Content-Type takes boundary=…';
    throw new Problem('bad_request', detail, { status: 400 });
  }
  return new Dicer({ boundary, maxHeaderPairs: 50, maxHeaderSize: maxHeaderBytes } as Dicer.Config);
}
