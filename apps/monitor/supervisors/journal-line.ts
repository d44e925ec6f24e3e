/** Reads a line of `journalctl -o json`. */
import { levelOfSeverity } from '../logs/level-names.ts';
import type { FollowedLine } from './supervisor.ts';

/**
 * A line of a unit that is watched, or one of systemd about it; undefined for any other.
 * MESSAGE is a string, an array of bytes where it is not UTF-8, an array of both where the field was given more than
 * once, and null where it is too long to be shown.
 */
export function parseJournalLine(
  json: string,
  serviceOfUnit: ReadonlyMap<string, string>,
): FollowedLine | undefined {
  const fields = parse(json);
  const service = serviceOfUnit.get(String(fields.UNIT)) ?? serviceOfUnit.get(String(fields._SYSTEMD_UNIT));
  const { __CURSOR: cursor, __REALTIME_TIMESTAMP: microseconds } = fields;
  if (service === undefined || typeof cursor !== 'string') return undefined;
  return {
    service,
    at: Math.floor(Number(microseconds) / 1000) || 0,
    text: messageText(fields.MESSAGE),
    // What a service prints is 6, whatever it says.
    level: levelOfSeverity(Number(fields.PRIORITY ?? 6)),
    cursor,
  };
}

function messageText(message: unknown): string {
  if (typeof message === 'string') return message;
  if (!Array.isArray(message)) return '';
  if (message.every((byte) => typeof byte === 'number')) return Buffer.from(message).toString('utf8');
  return message.map(messageText).join('\n');
}

function parse(json: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
