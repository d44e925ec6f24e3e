/** A multipart body, streamed: its files go to the spool as they come, its fields are collected. */
import { Busboy, type BusboyInstance } from '@fastify/busboy';
import type { IncomingMessage } from 'node:http';
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { received } from '../../kit/body.ts';
import { Problem } from '../../kit/errors.ts';
import type { Intake, Taken } from './intake.ts';
import { plainName } from './names.ts';

/** A file that came as a part. */
export interface UploadedFile extends Taken {
  readonly filename: string | undefined;
}

/** The files that came in the body of a request. */
export interface Arrived {
  /** Parts of a multipart body, by their names. */
  readonly files: ReadonlyMap<string, UploadedFile>;
  /** Base64 of a JSON body, by what stands in its place. */
  readonly decoded: ReadonlyMap<string, Taken>;
}

export interface Upload {
  readonly fields: Record<string, string>;
  readonly files: Arrived['files'];
}

export interface MultipartLimits {
  readonly maxFileBytes: number;
  /** Of all fields together. */
  readonly maxFieldBytes?: number;
  /** How long the sender may be silent. */
  readonly stallMs?: number;
  /** Asked before a file is read, of the fields that came before it; what it throws ends the request at once. */
  readonly beforeFile?: BeforeFile;
}

export type BeforeFile = (fields: Record<string, unknown>) => void;

/** An album of ten with a thumbnail each. */
const maxFiles = 20;
const maxFields = 40;

/**
 * Reads the body, the files into `intake`, to its end or to the first thing that is wrong.
 * @throws Problem bad_request for a body that is cut, has no boundary, or too many parts; too_large; storage_full
 */
export async function readMultipart(
  request: IncomingMessage,
  intake: Intake,
  { maxFileBytes, maxFieldBytes = 16 * 1024 * 1024, stallMs, beforeFile }: MultipartLimits,
): Promise<Upload> {
  const parser = createParser(request, maxFileBytes, maxFieldBytes);
  const fields: Record<string, string> = Object.create(null) as Record<string, string>;
  const spooling = new Map<string, Promise<UploadedFile>>();
  const passing: PassThrough[] = [];
  let fieldBytes = 0;
  let complaint: Problem | undefined;
  const wrong = Promise.withResolvers<never>();
  const complain = (problem: Problem) => {
    complaint ??= problem;
    wrong.reject(problem);
  };

  parser.on('field', (name, value, nameCut, valueCut) => {
    if (complaint) return;
    fieldBytes += Buffer.byteLength(value);
    if (nameCut || valueCut || fieldBytes > maxFieldBytes) {
      const detail = `the fields of the body are larger than ${maxFieldBytes} bytes: send files as file parts`;
      complain(new Problem('too_large', detail));
    }
    if (name in fields) complain(new Problem('bad_request', `the field ${name} is there twice`));
    fields[name] = value;
  });
  parser.on('file', (name, stream, filename) => {
    if (complaint) return;
    stream.on('limit', () =>
      complain(new Problem('too_large', `the file ${name} is larger than ${maxFileBytes} bytes`)),
    );
    if (spooling.has(name)) return complain(new Problem('bad_request', `the file ${name} is there twice`));
    try {
      beforeFile?.({ ...fields });
    } catch (error) {
      return complain(error as Problem);
    }
    const through = passed(stream);
    passing.push(through);
    const file = intake.write(through).then((spooled) => ({ ...spooled, filename: plainName(filename) }));
    spooling.set(name, file);
    file.catch((error: unknown) => error instanceof Problem && complain(error));
  });
  parser.on('fieldsLimit', () => complain(new Problem('bad_request', `more than ${maxFields} fields`)));
  parser.on('filesLimit', () => complain(new Problem('bad_request', `more than ${maxFiles} files`)));

  try {
    // A sender that waits for the answer would keep the pipeline waiting.
    await Promise.race([wrong.promise, pipeline(Readable.from(received(request, stallMs)), parser)]);
  } catch (error) {
    parser.destroy();
    const detail = `the multipart body is damaged: ${(error as Error).message}`;
    complain(error instanceof Problem ? error : new Problem('bad_request', detail, { status: 400 }));
    // Files whose end will not come would wait for it for ever.
    for (const through of passing) through.destroy(error as Error);
  }
  const files = new Map<string, UploadedFile>();
  for (const [name, file] of spooling) {
    try {
      files.set(name, await file);
    } catch (cause) {
      const cut = new Problem('bad_request', `the file ${name} was cut before its end`, {
        status: 400,
        cause,
      });
      complain(cause instanceof Problem ? cause : cut);
    }
  }
  if (complaint) return wrong.promise;
  return { fields: { ...fields }, files };
}

function createParser(request: IncomingMessage, maxFileBytes: number, maxFieldBytes: number): BusboyInstance {
  const limits = { fields: maxFields, fieldSize: maxFieldBytes, fieldNameSize: 100, files: maxFiles };
  try {
    const contentType = request.headers['content-type'] ?? '';
    const headers = { ...request.headers, 'content-type': contentType };
    return new Busboy({ headers, limits: { ...limits, fileSize: maxFileBytes, headerPairs: 50 } });
  } catch (error) {
    const detail = `the multipart body has no usable boundary: ${(error as Error).message}`;
    throw new Problem('bad_request', detail, { status: 400 });
  }
}

/** Through a stream of our own, so that a part that is cut ends the write with an error. */
function passed(stream: Readable): PassThrough {
  const through = new PassThrough();
  stream.on('error', (error) => through.destroy(error));
  stream.on('close', () => stream.readableEnded || through.destroy(new Error('cut')));
  return stream.pipe(through);
}
