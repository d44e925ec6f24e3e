/** What a trace did to the files of one folder, and by when each change was on the disk for certain. */
import { dirname } from 'node:path';
import type { Files } from './files.ts';
import type { Call } from './trace.ts';

export type Change =
  | { readonly kind: 'name'; readonly path: string; readonly file: number | undefined }
  | { readonly kind: 'folder'; readonly path: string; readonly file: number }
  | { readonly kind: 'data'; readonly file: number; readonly at: number; readonly data: Buffer }
  | { readonly kind: 'size'; readonly file: number; readonly size: number };

export interface Recorded {
  readonly change: Change;
  readonly begin: number;
  readonly end: number;
  /** The line at which a sync had it on the disk; Infinity when none did. */
  durable: number;
}

export interface Recording {
  readonly folder: string;
  /** What it held before; the first of these has the number 0 among the files. */
  readonly before: Files;
  readonly changes: readonly Recorded[];
}

/**
 * Follows `calls` within `folder`. Data is durable once its file was synced after it, a name once its folder was.
 * Syncs of a path that `isSync` denies count for nothing. Shared memory (`-shm`) is left out: no disk is asked to keep it.
 * @throws Error for a call that changes files in a way that is not known here
 */
export function record(
  folder: string,
  before: Files,
  calls: readonly Call[],
  isSync: (path: string) => boolean = () => true,
): Recording {
  const names = new Map([...before.keys(), folder].map((path, index) => [path, index]));
  const sizes = new Map([...before].map(([path, content]) => [names.get(path)!, content.length]));
  const waiting = new Map<number, Recorded[]>();
  const changes: Recorded[] = [];
  let lastFile = names.size;

  /** `owner` is the file or folder whose sync makes it durable; one without a name cannot be synced. */
  const note = ({ begin, end }: Call, owner: number | undefined, change: Change) => {
    const recorded = { change, begin, end, durable: Infinity };
    changes.push(recorded);
    if (owner === undefined) return;
    if (!waiting.has(owner)) waiting.set(owner, []);
    waiting.get(owner)!.push(recorded);
  };
  const make = (call: Call, path: string, kind: 'name' | 'folder') => {
    const file = ++lastFile;
    names.set(path, file);
    note(call, names.get(dirname(path)), { kind, path, file });
  };
  const remove = (call: Call, path: string) => {
    names.delete(path);
    note(call, names.get(dirname(path)), { kind: 'name', path, file: undefined });
  };
  const write = (call: Call, file: number, at: number) => {
    // How much of a call that was cut had been written is not known; what was is a matter of luck then anyway.
    const data = Number.isNaN(call.result) ? call.data : call.data.subarray(0, call.result);
    sizes.set(file, Math.max(sizes.get(file) ?? 0, at + data.length));
    note(call, file, { kind: 'data', file, at, data });
  };
  const resize = (call: Call, file: number, size: number) => {
    sizes.set(file, size);
    note(call, file, { kind: 'size', file, size });
  };
  const sync = ({ begin, end }: Call, file: number) => {
    // Two syncs of a file may be under way at a time: what both cover is there when the first of them ends.
    const pending = (waiting.get(file) ?? []).filter((change) => change.durable >= begin);
    for (const change of pending) if (change.end < begin) change.durable = Math.min(change.durable, end);
    waiting.set(file, pending);
  };

  for (const call of calls) {
    const path = call.paths[0];
    if (!path?.startsWith(folder) || path.endsWith('-shm')) continue;
    const file = names.get(path);
    if (call.name === 'openat' || call.name === 'open') {
      if (file === undefined && call.rest.includes('O_CREAT')) make(call, path, 'name');
      else if (file !== undefined && call.rest.includes('O_TRUNC')) resize(call, file, 0);
    } else if (call.name === 'mkdir') make(call, path, 'folder');
    else if (call.name === 'unlink') remove(call, path);
    else if (file === undefined)
      continue; // It has no name any more: nobody will find it.
    else if (call.name === 'pwrite64') write(call, file, lastNumber(call));
    else if (call.name === 'write' || call.name === 'writev') write(call, file, sizes.get(file) ?? 0);
    else if (call.name === 'ftruncate') resize(call, file, lastNumber(call));
    else if (call.name !== 'fsync' && call.name !== 'fdatasync')
      throw new Error(`the disk does not know what ${call.name} makes of ${path}`);
    else if (isSync(path)) sync(call, file);
  }
  return { folder, before, changes };
}

function lastNumber({ rest }: Call): number {
  return Number(/(\d+)\D*$/.exec(rest)![1]);
}
