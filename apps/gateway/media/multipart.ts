/** A multipart body, streamed: its one file goes to the spool as it comes, its fields are collected. */
import { Busboy, type BusboyInstance } from '@fastify/busboy';
import type { IncomingMessage } from 'node:http';
import { PassThrough, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Problem } from '../../kit/errors.ts';
import type { Spool, Spooled } from '../outbox/spool.ts';

export interface Upload {
  readonly fields: Record<string, string>;
  readonly file: (Spooled & { readonly filename: string }) | undefined;
}

const limits = { fields: 30, fieldSize: 64 * 1024, fieldNameSize: 100, files: 1, headerPairs: 50 };

/**
 * Reads the body to its end. A file that was spooled is the caller's to remove; on an error none is left.
 * @throws Problem bad_request for a body that is cut, has no boundary, another file or too many fields; too_large
 */
export async function readMultipart(
  request: IncomingMessage,
  spool: Spool,
  maxFileBytes: number,
): Promise<Upload> {
  const parser = createParser(request, maxFileBytes);
  const fields: Record<string, string> = Object.create(null) as Record<string, string>;
  let spooling: Promise<Upload['file']> | undefined;
  let complaint: Problem | undefined;
  const complain = (problem: Problem) => (complaint ??= problem);

  parser.on('field', (name, value, nameCut, valueCut) => {
    if (nameCut || valueCut)
      complain(new Problem('too_large', `the field ${name} is larger than ${limits.fieldSize} bytes`));
    if (name in fields) complain(new Problem('bad_request', `the field ${name} is there twice`));
    fields[name] = value;
  });
  parser.on('file', (name, stream, filename) => {
    stream.on('limit', () =>
      complain(new Problem('too_large', `the file is larger than ${maxFileBytes} bytes`)),
    );
    if (name !== 'file') {
      complain(new Problem('bad_request', `a file came as the part ${name}: send it as the part file`));
      stream.resume();
      return;
    }
    spooling = spoolFile(stream, filename, spool);
    spooling.catch(() => {}); // Waited for below, once the body has ended.
  });
  parser.on('fieldsLimit', () => complain(new Problem('bad_request', `more than ${limits.fields} fields`)));
  parser.on('filesLimit', () =>
    complain(new Problem('bad_request', 'more than one file: send one part file')),
  );

  try {
    await pipeline(request, parser);
  } catch (error) {
    complain(
      new Problem('bad_request', `the multipart body is damaged or cut: ${(error as Error).message}`, {
        status: 400,
      }),
    );
  }
  const file = await spooling?.catch((error: unknown) => {
    if (error instanceof Problem) complain(error);
    else
      complaint ??= new Problem('bad_request', 'the file was cut before its end', {
        status: 400,
        cause: error,
      });
    return undefined;
  });
  if (complaint) {
    if (file) await spool.remove(file.name);
    throw complaint;
  }
  return { fields: { ...fields }, file };
}

function createParser(request: IncomingMessage, maxFileBytes: number): BusboyInstance {
  try {
    const contentType = request.headers['content-type'] ?? '';
    const headers = { ...request.headers, 'content-type': contentType };
    return new Busboy({ headers, limits: { ...limits, fileSize: maxFileBytes } });
  } catch (error) {
    throw new Problem(
      'bad_request',
      `the multipart body has no usable boundary: ${(error as Error).message}`,
      {
        status: 400,
      },
    );
  }
}

/** Through a stream of our own, so that a parser that is destroyed ends the write with an error. */
async function spoolFile(
  stream: Readable,
  filename: string | undefined,
  spool: Spool,
): Promise<Upload['file']> {
  const through = new PassThrough();
  stream.on('error', (error) => through.destroy(error));
  stream.on('close', () => stream.readableEnded || through.destroy(new Error('cut')));
  stream.pipe(through);
  return { ...(await spool.write(through)), filename: filename || 'file' };
}
