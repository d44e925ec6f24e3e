/** What went wrong lately, for /stats: counts by class since the start, and the last few in full. */
import type { ErrorClassName } from '../../kit/errors.ts';
import type { SentReason } from '../../kit/reason.ts';

/** `code` and `values` are of the message. */
export interface RecentError extends SentReason {
  readonly at: string;
  readonly class: ErrorClassName;
  readonly message: string;
  readonly chat_id: string | null;
  readonly id: string | null;
}

export interface RecentErrors {
  add(error: RecentError): void;
  summary(): { total: number; by_class: Record<string, number>; recent: RecentError[] };
}

const kept = 10;

export function createRecentErrors(): RecentErrors {
  const byClass = new Map<string, number>();
  const recent: RecentError[] = [];
  return {
    add: (error) => {
      byClass.set(error.class, (byClass.get(error.class) ?? 0) + 1);
      recent.push(error);
      if (recent.length > kept) recent.shift();
    },
    summary: () => ({
      total: [...byClass.values()].reduce((sum, count) => sum + count, 0),
      by_class: Object.fromEntries(byClass),
      recent: recent.toReversed(),
    }),
  };
}
