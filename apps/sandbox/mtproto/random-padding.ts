/** Random padding for frames, drawn from a pool: asking the system for a few bytes a frame costs more than the frame. */
import { randomFillSync } from 'node:crypto';

const poolBytes = 64 * 1024;
const pool = Buffer.alloc(poolBytes);
let used = poolBytes;

/** How many bytes a frame of the padded transport is padded by: 0 to 15. */
export function randomBelow16(): number {
  if (used === poolBytes) refill();
  return pool[used++]! & 15;
}

/** Fills a buffer from `offset` to its end (at most 64 KB) with random bytes. */
export function fillRandom(buffer: Buffer, offset: number): void {
  const count = buffer.length - offset;
  if (used + count > poolBytes) refill();
  used += pool.copy(buffer, offset, used, used + count);
}

function refill(): void {
  randomFillSync(pool);
  used = 0;
}
