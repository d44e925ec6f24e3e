/** GET /report of a sandbox, as JSON. */

/** Calls and errors by name, the deliveries, and the calls made before the end of an announced wait. Ids are strings. */
export interface Report {
  readonly rpc: Readonly<Record<string, number>>;
  readonly errors: Readonly<Record<string, number>>;
  readonly missing_methods: Readonly<Record<string, number>>;
  readonly delivered: readonly ReportedDelivery[];
  readonly delivered_total: number;
  /** Sends that repeated a random_id, and were answered with the earlier message. */
  readonly duplicates: number;
  readonly flood_violations: number;
  readonly violations: readonly {
    readonly at: string;
    readonly account: string;
    readonly method: string;
    readonly chat_id?: string;
    readonly early_ms: number;
  }[];
  /** New connections by account (null before a client is signed in) and second; `at` is in ISO 8601. */
  readonly connections: readonly {
    readonly account: string | null;
    readonly at: string;
    readonly count: number;
  }[];
}

/** One message; `at` is in ISO 8601. */
export interface ReportedDelivery {
  readonly account: string;
  readonly chat_id: string;
  readonly message_id: string;
  readonly random_id: string;
  readonly at: string;
  readonly text: string;
  readonly link_preview?: false;
  /** Media without a file, such as a poll, has a size of 0 and an empty sha256. */
  readonly media?: {
    readonly kind: string;
    readonly name: string;
    /** In bytes. */
    readonly size: number;
    readonly sha256: string;
  };
}
