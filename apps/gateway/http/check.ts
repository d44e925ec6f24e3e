/** What one of the checks of /health found. */
export interface Check {
  readonly ok: boolean;
  readonly detail: string;
  readonly [more: string]: unknown;
}
