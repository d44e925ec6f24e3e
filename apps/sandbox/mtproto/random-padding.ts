/** Random padding for frames, drawn from a pool: asking the system for a few bytes a frame costs more than the frame. */
import { randomFillSync } from 'node:crypto';

const POOL_BYTES = 64 * 1024;
const pool = Buffer.alloc(POOL_BYTES);
let used = POOL_BYTES;

/** Fills a buffer from `offset` to its end (at most 64 KB) with random bytes. */
export function fillRandom(buffer: Buffer, offset: number): void {
  const count = buffer.length - offset;
  if (used + count > POOL_BYTES) {
    randomFillSync(pool);
    used = 0;
  }
  used += pool.copy(buffer, offset, used, used + count);
}
