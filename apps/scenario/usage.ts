/** What a gateway uses of the machine: memory by its own metrics, processor time by what Linux has counted. */
import { readFileSync } from 'node:fs';

/** Linux counts processor time in hundredths of a second. */
const ticksPerS = 100;

/** The resident memory of the gateway at `url` in MB; NaN where it does not tell. */
export async function residentMb(url: string): Promise<number> {
  const response = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(15_000) });
  const found = /^process_resident_memory_bytes (\S+)/m.exec(await response.text());
  return Number(found?.[1] ?? NaN) / 1e6;
}

/** Seconds of processor time that a process has used; undefined where there is no /proc. */
export function cpuSecondsOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Behind the name, which may hold anything: utime and stime are the 12th and 13th fields from there.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / ticksPerS;
  } catch {
    return undefined;
  }
}
