/** Answers that come compressed although they were asked not to: undone as a stream, which whoever reads it bounds. */
import { pipeline, type Readable } from 'node:stream';
import {
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createZstdDecompress,
  type Gunzip,
} from 'node:zlib';

const decoders: Readonly<Record<string, () => Gunzip>> = {
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
  const decoder = Object.hasOwn(decoders, name) ? decoders[name]!() : undefined;
  return decoder && pipeline(body, decoder, () => {}); // Whoever reads gets the error.
}
