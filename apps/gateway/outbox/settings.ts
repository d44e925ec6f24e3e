/** The settings of the outbox: how much it takes, and how long it remembers. */
import * as setting from '../../kit/config.ts';

export const outboxSettings = {
  RETAIN_DAYS: setting.number(7, 0.01, 3650, 'days that settled messages are kept,'),
  QUEUE_LIMIT: setting.integer(100_000, 1, 10_000_000, 'the most messages that may wait,'),
  SPOOL_LIMIT_MB: setting.integer(20_000, 1, 10_000_000, 'the most that waiting files may take, in MB,'),
  MAX_WAITING: setting.integer(10_000, 0, 1_000_000, 'the most callers that may wait for their answer,'),
};
