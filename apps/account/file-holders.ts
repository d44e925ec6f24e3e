/** Which running processes hold a file open, as Linux reports it under /proc. */
import { readdirSync, readFileSync, statSync, type BigIntStats } from 'node:fs';

export interface Holder {
  readonly pid: number;
  /** The program and its first argument, without anything that looks like a phone number. */
  readonly command: string;
}

export interface FileHolders {
  readonly holders: readonly Holder[];
  /** How many processes this user may not inspect; undefined where the system has no /proc. */
  readonly hidden: number | undefined;
}

/** Processes other than this one that have one of `files` open or locked. */
export function findHolders(files: readonly string[]): FileHolders {
  const wanted = files
    .map((file) => statSync(file, { bigint: true, throwIfNoEntry: false }))
    .filter((stat) => stat !== undefined);
  const pids = processIds();
  if (!pids) return { holders: [], hidden: undefined };
  const lockers = lockersOf(
    readOr('', () => readFileSync('/proc/locks', 'utf8')),
    wanted,
  );
  let hidden = 0;
  const holders = pids.filter((pid) => {
    if (lockers.includes(pid)) return true;
    const descriptors = descriptorsOf(pid);
    if (descriptors === 'hidden') hidden++;
    return descriptors !== 'hidden' && descriptors.some((path) => isOneOf(path, wanted));
  });
  return { holders: holders.map((pid) => ({ pid, command: commandOf(pid) })), hidden };
}

/** The processes that hold a lock on one of `files` in the text of /proc/locks. */
export function lockersOf(locks: string, files: readonly Pick<BigIntStats, 'dev' | 'ino'>[]): number[] {
  const places = new Set(files.map(({ dev, ino }) => `${hex(major(dev))}:${hex(minor(dev))}:${ino}`));
  return locks.split('\n').flatMap((line) => {
    const [, pid, place] = /(\d+) ([\da-f]+:[\da-f]+:\d+) \d+ \S+$/.exec(line) ?? [];
    return place !== undefined && places.has(place) ? [Number(pid)] : [];
  });
}

function processIds(): number[] | undefined {
  const names = readOr(undefined, () => readdirSync('/proc'));
  const pids = names?.filter((name) => /^\d+$/.test(name)).map(Number) ?? [];
  return pids.length === 0 ? undefined : pids.filter((pid) => pid !== process.pid);
}

/** The open files of a process, as paths that work whatever the name and mount of the file. */
function descriptorsOf(pid: number): string[] | 'hidden' {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((fd) => `/proc/${pid}/fd/${fd}`);
  } catch (error) {
    return ['EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '') ? 'hidden' : [];
  }
}

function isOneOf(path: string, files: readonly BigIntStats[]): boolean {
  const open = readOr(undefined, () => statSync(path, { bigint: true }));
  return open !== undefined && files.some(({ dev, ino }) => dev === open.dev && ino === open.ino);
}

function commandOf(pid: number): string {
  const words = readOr('', () => readFileSync(`/proc/${pid}/cmdline`, 'utf8')).split('\0');
  const shown = words.slice(0, 2).join(' ').trim() || 'a program without a name';
  return shown.replace(/\+?\d{7,}/g, '…').slice(0, 200);
}

/** As makedev(3) puts them together. */
function major(dev: bigint): bigint {
  return ((dev >> 8n) & 0xfffn) | ((dev >> 32n) & 0xfffff000n);
}

function minor(dev: bigint): bigint {
  return (dev & 0xffn) | ((dev >> 12n) & 0xffffff00n);
}

function hex(value: bigint): string {
  return value.toString(16).padStart(2, '0');
}

/** Processes may end while they are inspected. */
function readOr<T>(otherwise: T, read: () => T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}
