/** The files of one request on their way to the outbox: until it has accepted them, they are gone when the request is. */
import { createHash } from 'node:crypto';
import { pipeline, Transform, type Readable } from 'node:stream';
import type { Spool, Spooled } from './spool.ts';

export interface Taken extends Spooled {
  readonly sha256: string;
}

export interface Intake {
  /** As Spool.write. */
  write(source: Readable): Promise<Taken>;
  /** Absolute path of a file. */
  path(name: string): string;
  /** Removes the files written here, but for those in `kept`. */
  end(kept?: readonly string[]): Promise<void>;
}

/** Files of one request within `spool`. */
export function createIntake(spool: Spool): Intake {
  const written = new Set<string>();
  return {
    path: (name) => spool.path(name),
    write: async (source) => {
      const hash = createHash('sha256');
      const hashing = new Transform({
        transform: (chunk: Buffer, _, done) => {
          hash.update(chunk);
          done(null, chunk);
        },
      });
      const file = await spool.write(pipeline(source, hashing, () => {})); // The spool gets the error.
      written.add(file.name);
      return { ...file, sha256: hash.digest('hex') };
    },
    end: async (kept = []) => {
      const left = [...written].filter((name) => !kept.includes(name));
      await Promise.all(left.map((name) => spool.remove(name)));
    },
  };
}
