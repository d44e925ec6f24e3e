/** Why a message waits: a closed list of codes, whose words are in the vocabulary. */
import type { Reason as AnyReason } from '../../kit/reason.ts';
import { waitingWords } from '../../kit/vocabulary/waiting.ts';

export type ReasonCode = keyof typeof waitingWords;

export const reasonCodes = Object.keys(waitingWords) as ReasonCode[];

export type Cause = AnyReason<ReasonCode>;

/** Since when and, where that is known, until when it holds, in epoch milliseconds. */
export interface Reason extends Cause {
  readonly since: number;
  readonly until?: number | undefined;
}
