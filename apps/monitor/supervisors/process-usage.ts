/** Memory and processor time of processes, read from /proc where there is one. */
import { readFile } from 'node:fs/promises';
import type { Usage } from './supervisor.ts';

/** Linux counts processor time for /proc in hundredths of a second on every architecture Node runs on. */
const ticksPerSecond = 100;
const nothingKnown: Usage = { memoryBytes: null, cpuSeconds: null };

/** What these processes use together; one that has just ended is passed over. */
export async function usageOfProcesses(pids: readonly number[], proc = '/proc'): Promise<Usage> {
  const found = await Promise.all(pids.map((pid) => usageOfProcess(pid, proc)));
  const known = found.filter((usage) => usage !== null);
  if (known.length === 0) return nothingKnown;
  return {
    memoryBytes: sum(known.map(({ memoryBytes }) => memoryBytes)),
    cpuSeconds: sum(known.map(({ cpuSeconds }) => cpuSeconds)),
  };
}

async function usageOfProcess(pid: number, proc: string) {
  try {
    const [stat, status] = await Promise.all([
      readFile(`${proc}/${pid}/stat`, 'utf8'),
      readFile(`${proc}/${pid}/status`, 'utf8'),
    ]);
    return { cpuSeconds: cpuSecondsOf(stat), memoryBytes: residentBytesOf(status) };
  } catch {
    return null;
  }
}

/** Of `/proc/PID/stat`: the name in brackets may hold anything, so that fields are counted behind its end. */
export function cpuSecondsOf(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/** Of `/proc/PID/status`; 0 for a process of the kernel or one that has ended, which hold none. */
export function residentBytesOf(status: string): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
