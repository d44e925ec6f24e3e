import { expect, it } from 'vitest';
import * as format from '../../dashboard/format.js';

it.each(['formatAgo', 'formatClock', 'formatSecond', 'formatExact', 'formatStamp'] as const)(
  '%s shows a dash for a time that is none',
  (name) => {
    for (const time of ['soon', '', '2026-99-99T00:00:00Z']) expect(format[name](time, 0)).toBe('—');
    expect(format[name]('2026-11-23T04:12:37Z', 0)).not.toBe('—');
  },
);
