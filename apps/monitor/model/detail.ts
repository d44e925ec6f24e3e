/** A reason as the fields of an answer, or of what is kept: its English text, and beside it the code for a page. */
import { sentence, type Reason, type SentReason } from '../../kit/reason.ts';

export interface Detail {
  readonly detail: string | null;
  /** The same by codes; absent where there is none, and in what an older version kept. */
  readonly causes?: readonly SentReason[];
}

export function detailOf(reason: Reason | null | undefined): Detail {
  return reason ? { detail: sentence(reason), causes: [reason] } : { detail: null };
}
