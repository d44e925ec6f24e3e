/** Whether what is accepted can be kept: the database, the room on the disk, and a file of the spool, written to try. */
import type { Clock } from '../../kit/clock.ts';
import type { DiskRoom } from '../storage/disk-room.ts';
import type { Spool } from '../media/spool.ts';
import { cannotWrite } from '../storage/storage-trouble.ts';
import type { Lanes } from '../storage/ledger.ts';
import type { GateStore } from '../pacing/gates.ts';
import type { Check } from './check.ts';

export interface StorageParts {
  readonly lanes: Lanes;
  readonly room: DiskRoom;
  readonly spool: Spool;
  readonly gates: GateStore;
  readonly clock: Clock;
}

/** A disk that has not written a file by then hangs. */
const longestProbeMs = 3_000;

export async function checkStorage(parts: StorageParts): Promise<Check> {
  try {
    const facts = { free_bytes: parts.room.freeBytes() };
    const trouble = troubleOf(parts) ?? (await troubleOfSpool(parts));
    return { ok: trouble === undefined, detail: trouble ?? 'the database answers', ...facts };
  } catch (error) {
    return { ok: false, detail: describe(error as NodeJS.ErrnoException) };
  }
}

function troubleOf({ lanes, room, gates, clock }: StorageParts): string | undefined {
  const { lockedSince, failure } = lanes.storage();
  if (failure !== undefined) return failure;
  if (lockedSince !== undefined) {
    const seconds = Math.ceil((clock.now() - lockedSince) / 1000);
    return `another process has locked the database, for ${seconds} s so far`;
  }
  gates.closed(clock.now());
  return room.isFull() ? 'the disk is full: new messages are refused' : undefined;
}

async function troubleOfSpool({ spool, clock }: StorageParts): Promise<string | undefined> {
  const over = new AbortController();
  const hangs = `the disk of DATA_DIR has not written a file in ${longestProbeMs / 1000} s`;
  const late = clock.sleep(longestProbeMs, over.signal).then(
    () => hangs,
    () => undefined,
  );
  try {
    return await Promise.race([late, spool.probe().then(() => undefined)]);
  } finally {
    over.abort();
  }
}

function describe(error: NodeJS.ErrnoException): string {
  if (error.syscall !== undefined) return cannotWrite('the spool under DATA_DIR', error);
  return `the database does not answer: ${error.message}`;
}
