/**
 * Room on the disk that new messages may not take: sending what was accepted is written down too, and stands still on a
 * disk that is full to the last byte.
 */
import { statfsSync } from 'node:fs';
import { Problem } from '../../kit/errors.ts';
import { memoizePerTick } from '../../kit/memoize-per-tick.ts';
import { reason } from '../../kit/reason.ts';

export interface DiskRoom {
  /** How many bytes the disk still takes. */
  freeBytes(): number;
  /** Whether only what is reserved is left. */
  isFull(): boolean;
}

/** Lets the log of the database grow to its usual size and be carried over into the database, for both gateways. */
export const reservedBytes = 32_000_000;

/** The room on the disk of `folder`. */
export function createDiskRoom(folder: string): DiskRoom {
  const freeBytes = memoizePerTick(() => {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  });
  return { freeBytes, isFull: () => freeBytes() < reservedBytes };
}

/** New messages and their files are refused. */
export function diskFull(cause?: unknown): Problem {
  const detail = reason('no_room_left', { least_bytes: reservedBytes });
  return new Problem('storage_full', detail, { cause, retryAfter: 60 });
}
