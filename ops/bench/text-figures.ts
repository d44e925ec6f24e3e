/** What the measurements of texts say. */

/** Calls a second, how many in all (those that warm up among them), and latencies in milliseconds. */
export interface Measured {
  readonly perSecond: number;
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
}

/** One row of the table. */
export interface TextRow {
  readonly concurrency: number;
  readonly bare: Measured;
  readonly gateway: Measured;
  readonly ratio: number;
  /** Processor time of all threads for 1,000 texts, in seconds. */
  readonly cpuSPer1000: number;
  readonly sandboxCpuSPer1000: number;
}

/** Requests with `wait: 0` while sending is paused. */
export interface Accepted {
  readonly concurrency: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly cpuSPer1000: number;
}
