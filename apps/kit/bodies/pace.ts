/** How slowly a body may come: one that trickles would hold its place for ever. */
import type { IncomingMessage } from 'node:http';

export interface Pace {
  /** How long the sender may be silent. */
  readonly stallMs?: number;
  /** On average, once `graceMs` have passed. */
  readonly leastBytesPerS?: number;
  readonly graceMs?: number;
}

export interface PaceWatch {
  saw(bytes: number): void;
  /** Whether whoever reads is busy with what came: its time is not the sender's. */
  isBusy: boolean;
  end(): void;
}

/** Cuts the request off when its body comes too slowly. */
export function watchPace(
  request: IncomingMessage,
  { stallMs = 60_000, leastBytesPerS = 200, graceMs = 30_000 }: Pace = {},
): PaceWatch {
  const startedAt = performance.now();
  let size = 0;
  const silence = setTimeout(() => {
    if (watch.isBusy) silence.refresh();
    else request.destroy(new Error(`no byte for ${stallMs / 1000} s`));
  }, stallMs);
  const check = setInterval(() => {
    const seconds = (performance.now() - startedAt) / 1000;
    if (watch.isBusy || size >= leastBytesPerS * seconds) return;
    request.destroy(new Error(`it came at less than ${leastBytesPerS} bytes a second`));
  }, graceMs);
  const watch: PaceWatch = {
    isBusy: false,
    saw: (bytes) => {
      size += bytes;
      silence.refresh();
    },
    end: () => {
      clearTimeout(silence);
      clearInterval(check);
    },
  };
  return watch;
}
