/** What a gateway uses of the machine, as its own metrics tell. */

export interface Usage {
  readonly residentMb: number;
  /** Since its start, in seconds. */
  readonly cpuS: number;
}

/** Reads /metrics. A figure that is not there is NaN. */
export async function readUsage(url: string): Promise<Usage> {
  const response = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(15_000) });
  const text = await response.text();
  const figure = (name: string) => Number(new RegExp(`^${name} (\\S+)`, 'm').exec(text)?.[1] ?? NaN);
  return {
    residentMb: figure('process_resident_memory_bytes') / 1e6,
    cpuS: figure('process_cpu_seconds_total'),
  };
}
