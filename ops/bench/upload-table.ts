/** The measurements of uploads as a table. */
import type { Probed, UploadRow } from './upload-figures.ts';

export function printUploads(rows: readonly UploadRow[]): void {
  const whole = (value: number) => Math.round(value);
  const probed = ({ p50, p99 }: Probed) => `${p50.toFixed(1)} / ${p99.toFixed(1)}`;
  console.table(
    rows.map((row) => ({
      files: `${row.files} of ${whole(row.megabytes / row.files)} MB, ${row.source}`,
      'bare MB/s': whole(row.bareMbPerS),
      'upload MB/s': whole(row.uploadMbPerS),
      ratio: row.ratio.toFixed(2),
      'accept MB/s': whole(row.acceptMbPerS),
      'CPU s/GB bare': row.bareCpuSPerGb.toFixed(1),
      'accept, upload': `${row.acceptCpuSPerGb.toFixed(1)}, ${row.uploadCpuSPerGb.toFixed(1)}`,
      sandbox: row.sandboxCpuSPerGb.toFixed(1),
      'memory +MB peak, after': `${whole(row.growthPeakMb)}, ${whole(row.growthAfterMb)}`,
      '/health p50/p99 ms': probed(row.health),
      ...(row.textsBefore && row.textsMeanwhile
        ? { 'text before, then ms': `${probed(row.textsBefore)}, ${probed(row.textsMeanwhile)}` }
        : {}),
    })),
  );
}

/**
 * What is far from its target, in words. By processor time, which is nearly the same on a busy machine: an
 * upload that takes twice the bare client's cannot reach half of its speed.
 */
export function farOff(rows: readonly UploadRow[]): string[] {
  return rows
    .filter((row) => row.uploadCpuSPerGb > 2 * row.bareCpuSPerGb)
    .map(
      ({ source, uploadCpuSPerGb, bareCpuSPerGb }) =>
        `files by ${source}: ${uploadCpuSPerGb.toFixed(1)} s of processor time a GB, the bare client ${bareCpuSPerGb.toFixed(1)}`,
    );
}
