/** What Linux tells of a process: the processor time it has had, and its resident memory now and at most. */
import { readFileSync, writeFileSync } from 'node:fs';

const ticksPerSecond = 100;

/** Processor time of all its threads so far, in seconds. */
export function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

export interface ResidentMb {
  readonly now: number;
  /** Since the last `forgetPeak`. */
  readonly peak: number;
}

export function residentMb(pid: number): ResidentMb {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const read = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)![1]) / 1024;
  return { now: read('VmRSS'), peak: read('VmHWM') };
}

export function forgetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}
