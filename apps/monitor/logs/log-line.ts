/** A line of a service as the page and the API show it. */
import type { ErrorClassName } from '../../kit/errors.ts';
import type { Level } from '../model/log-levels.ts';

/** The classes of the gateways, what only the old services met, and what is neither. */
export type LogClass = ErrorClassName | 'persistent_timestamp' | 'other';

/** By which the page filters at first. */
export const groups = ['persistent_timestamp', 'cannot_resolve', 'flood_wait', 'other'] as const;
export type LogGroup = (typeof groups)[number];

export interface LineFacts {
  readonly level: Level;
  readonly class: LogClass;
  /** In one line, without time and level. */
  readonly message: string;
  /** The id of the message it belongs to. */
  readonly id: string | null;
  readonly chat: string | null;
  readonly request_id: string | null;
}

export interface LogLine extends LineFacts {
  /** Counts up in the order in which lines came in; what a reader goes on from. */
  readonly seq: number;
  /** ISO 8601. */
  readonly at: string;
  readonly service: string;
  readonly group: LogGroup;
}

export function groupOf(name: LogClass): LogGroup {
  return groups.find((group) => group === name) ?? 'other';
}
