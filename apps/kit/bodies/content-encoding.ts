/** Answers that come compressed although they were asked not to: undone as a stream, which whoever reads it bounds. */
import { PassThrough, pipeline, type Duplex, type Readable } from 'node:stream';
import {
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
} from 'node:zlib';

const decoders: Readonly<Record<string, () => Duplex>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
  zstd: createZstdDecompress,
};

/** The Content-Encodings that are undone. */
export const contentEncodings = Object.keys(decoders).filter((name) => !name.startsWith('x-'));

/** `body` as it was before `encoding`; undefined for one that is not known here. Either end closes the other. */
export function decodeContent(body: Readable, encoding = 'identity'): Readable | undefined {
  const name = encoding.trim().toLowerCase();
  if (name === 'identity' || name === '') return body;
  if (name === 'deflate') return inflate(body);
  const decoder = Object.hasOwn(decoders, name) ? decoders[name]!() : undefined;
  return decoder && pipeline(body, decoder, () => {}); // Whoever reads gets the error.
}

/** Within a zlib stream, as RFC 9110 has it, or bare, as .NET and old servers write it: the first bytes tell. */
function inflate(body: Readable): Readable {
  const plain = new PassThrough();
  body.once('readable', () => {
    const head = body.read() as Buffer | null;
    if (head !== null) body.unshift(head);
    const isZlib =
      head !== null && (head[0]! & 0x0f) === 8 && (head.length < 2 || head.readUInt16BE(0) % 31 === 0);
    pipeline(body, isZlib ? createInflate() : createInflateRaw(), plain, () => {});
  });
  body.once('error', (error) => plain.destroy(error));
  return plain;
}
