/** What one of the checks of /health found. */
import { told, type Reason, type ToldReason } from '../../kit/reason.ts';

export interface Check {
  readonly ok: boolean;
  /** In English; the reason has its code. */
  readonly detail: string;
  readonly reason: ToldReason;
  readonly [more: string]: unknown;
}

export function checked(ok: boolean, found: Reason, facts: Readonly<Record<string, unknown>> = {}): Check {
  const reason = told(found);
  return { ok, detail: reason.text, reason, ...facts };
}
