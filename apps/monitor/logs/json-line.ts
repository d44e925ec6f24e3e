/** The fields of a line of JSON, under the names that pino, Python, .NET, Elastic, OpenTelemetry and others give them. */
import { z } from 'zod';
import { orNull, readJson } from '../model/answers.ts';
import { levelOfName, levelOfNumber, type Level } from '../model/log-levels.ts';

export interface JsonLine {
  readonly fields: Record<string, unknown>;
  /** null where the line names none. */
  readonly level: Level | null;
  readonly message: string;
}

const levelKeys =
  'level_name levelname level severity_text severitytext severity log.level loglevel log_level lvl @l'.split(
    ' ',
  );
const messageKeys = ['msg', 'message', '@m', '@mt', 'event', 'short_message', 'body', 'text', 'log'];
/** Fields that hold an error: its text, or an object with a message. The last line of a traceback names the error. */
const errorKeys = ['err', 'error', 'exception', 'exc_info', '@x'];

const object = z.record(z.string(), z.unknown());
const text = orNull(z.string());
/** Where a level or an error is an object. */
const inObject = z.object({ level: text, name: text, message: text });

/** Null for text that is not an object of JSON. */
export function readJsonLine(line: string): JsonLine | null {
  const fields = line.startsWith('{') ? readJson(object, line) : null;
  if (fields === null) return null;
  // Loguru nests its fields below "record", Elastic's agents nest the level below "log".
  const inner = object.safeParse(fields.record).data ?? fields;
  const byName = new Map(Object.entries(inner).map(([key, value]) => [key.toLowerCase(), value]));
  const nested = inObject.safeParse(inner.log).data?.level ?? null;
  if (nested !== null) byName.set('log.level', nested);
  return { fields, level: levelIn(byName), message: messageIn(byName) };
}

function levelIn(fields: ReadonlyMap<string, unknown>): Level | null {
  for (const key of levelKeys) {
    const level = levelOf(fields.get(key));
    if (level !== null) return level;
  }
  // The compact format of Serilog leaves the level out where it is Information.
  return fields.has('@t') ? 'INFO' : null;
}

function levelOf(value: unknown): Level | null {
  if (typeof value === 'number') return levelOfNumber(value);
  const name = typeof value === 'string' ? value : (inObject.safeParse(value).data?.name ?? '');
  return /^\d{1,3}$/.test(name) ? levelOfNumber(Number(name)) : levelOfName(name);
}

function messageIn(fields: ReadonlyMap<string, unknown>): string {
  const words = messageKeys.map((key) => fields.get(key)).find((value) => typeof value === 'string') ?? '';
  const cause = errorKeys.map((key) => errorText(fields.get(key))).find((text) => text !== null) ?? null;
  if (cause === null || words.includes(cause)) return words;
  return words ? `${words}: ${cause}` : cause;
}

function errorText(value: unknown): string | null {
  const text = typeof value === 'string' ? value : (inObject.safeParse(value).data?.message ?? null);
  if (text === null) return null;
  const isTraceback = text.startsWith('Traceback (most recent call last):');
  return (isTraceback ? text.trimEnd().split('\n').at(-1)! : text.split('\n', 1)[0]!).trim() || null;
}
