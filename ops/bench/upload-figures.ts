/** What the measurements of uploads say. */

/** One file uploaded by the bare client library. */
export interface BareUpload {
  readonly bytes: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
}

/** How long one POST took until it was accepted. */
export interface Posted {
  readonly id: string;
  readonly seconds: number;
}

/** Latencies in milliseconds. */
export interface Probed {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** One row of the table: a way in which files reach the media gateway, beside the bare client right before it. */
export interface UploadRow {
  readonly source: string;
  readonly files: number;
  readonly megabytes: number;
  readonly bareMbPerS: number;
  /** From the POST until it is accepted, which is when the bytes are safely on the disk. */
  readonly acceptMbPerS: number;
  /** From then until it is sent. */
  readonly uploadMbPerS: number;
  readonly ratio: number;
  readonly bareCpuSPerGb: number;
  readonly acceptCpuSPerGb: number;
  readonly uploadCpuSPerGb: number;
  readonly sandboxCpuSPerGb: number;
  /** Of the gateway's resident memory over what it was idle: while files came and went, and afterwards. */
  readonly growthPeakMb: number;
  readonly growthAfterMb: number;
  /** Of GET /health while files came and went. */
  readonly health: Probed;
  /** Of a text through the other gateway, before and meanwhile. */
  readonly textsBefore?: Probed;
  readonly textsMeanwhile?: Probed;
}
