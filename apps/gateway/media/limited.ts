/** A stream that may not become longer than it is allowed to, whatever was said of it before. */
import { pipeline, Transform, type Readable } from 'node:stream';
import type { Problem } from '../../kit/errors.ts';

/** `source` up to `maxBytes`; one byte more ends it with what `tooLarge` makes. Either end closes the other. */
export function limited(source: Readable, maxBytes: number, tooLarge: () => Problem): Readable {
  let size = 0;
  const limit = new Transform({
    transform: (chunk: Buffer, _, done) => {
      size += chunk.length;
      if (size > maxBytes) done(tooLarge());
      else done(null, chunk);
    },
  });
  return pipeline(source, limit, () => {}); // Whoever reads `limit` gets the error.
}
