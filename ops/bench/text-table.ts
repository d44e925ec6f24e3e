/** The measurements of texts as tables. */
import type { Accepted, TextRow } from './text-figures.ts';

export function printTexts(rows: readonly TextRow[], accepted: Accepted): void {
  const latency = ({ p50, p99 }: { p50: number; p99: number }) => `${p50.toFixed(2)} / ${p99.toFixed(2)}`;
  console.table(
    rows.map(({ concurrency, bare, gateway, ratio, cpuSPer1000, sandboxCpuSPer1000 }) => ({
      'at a time': concurrency,
      'bare texts/s': Math.round(bare.perSecond),
      'gateway texts/s': Math.round(gateway.perSecond),
      ratio: ratio.toFixed(2),
      'bare p50/p99 ms': latency(bare),
      'gateway p50/p99 ms': latency(gateway),
      'added p50/p99 ms': latency({ p50: gateway.p50 - bare.p50, p99: gateway.p99 - bare.p99 }),
      'CPU s/1,000': cpuSPer1000.toFixed(2),
      sandbox: sandboxCpuSPer1000.toFixed(2),
    })),
  );
  console.table([
    {
      'accepted alone, at a time': accepted.concurrency,
      'texts/s': Math.round(accepted.perSecond),
      'p50/p99 ms': latency(accepted),
      'CPU s/1,000': accepted.cpuSPer1000.toFixed(2),
    },
  ]);
}

/** Half of the 0.6 of the bare client's texts that the gateway is to do on two cores; a busy machine keeps the ratio. */
const leastRatio = 0.3;

/** Which levels are far below it, in words; with one at a time the ratio is that of latencies. */
export function slowerThanUsual(rows: readonly TextRow[]): string[] {
  return rows
    .filter(({ concurrency, ratio }) => concurrency > 1 && !(ratio >= leastRatio))
    .map(
      ({ concurrency, ratio }) => `texts, ${concurrency} at a time: ${ratio.toFixed(2)} of the bare client`,
    );
}
