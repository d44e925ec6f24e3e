/** Whether what is accepted can be kept: the database, the room on the disk, and a file of the spool, written to try. */
import type { Clock } from '../../kit/clock.ts';
import { reason, type Reason } from '../../kit/reason.ts';
import type { DiskRoom } from '../storage/disk-room.ts';
import type { Spool } from '../media/spool.ts';
import { cannotWrite, spoolFolder } from '../storage/storage-trouble.ts';
import type { Lanes } from '../storage/ledger.ts';
import type { GateStore } from '../pacing/gates.ts';
import { checked, type Check } from './check.ts';

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
    return checked(trouble === undefined, trouble ?? reason('database_answers'), facts);
  } catch (error) {
    return checked(false, troubleOfError(error as NodeJS.ErrnoException));
  }
}

function troubleOf({ lanes, room, gates, clock }: StorageParts): Reason | undefined {
  const { lockedSince, failure } = lanes.storage();
  if (failure !== undefined) return failure;
  if (lockedSince !== undefined) {
    return reason('database_locked', { age_s: Math.ceil((clock.now() - lockedSince) / 1000) });
  }
  gates.closed(clock.now());
  return room.isFull() ? reason('disk_full') : undefined;
}

async function troubleOfSpool({ spool, clock }: StorageParts): Promise<Reason | undefined> {
  const over = new AbortController();
  const hangs = reason('disk_hangs', { limit_s: longestProbeMs / 1000 });
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

function troubleOfError(error: NodeJS.ErrnoException): Reason {
  if (error.syscall !== undefined) return cannotWrite(spoolFolder, error);
  return reason('database_failed', { reason: error.message });
}
