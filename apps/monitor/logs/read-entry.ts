/** What a line says: its level, what it is about, and the message it belongs to. */
import { errorClasses } from '../../kit/errors.ts';
import { stringAt } from '../health/fields.ts';
import type { Entry } from './assembler.ts';
import { classOfText } from './class-table.ts';
import type { LineFacts, LogClass } from './log-line.ts';
import { levelOf, readPlain } from './plain-line.ts';

const longestMessage = 2_000;

/** The facts of a line of WARNING and above, or of one that matches a class; null for any other. */
export function readEntry(entry: Entry): LineFacts | null {
  const fields = entry.text.startsWith('{') ? parseObject(entry.text) : null;
  const facts = fields && 'level' in fields ? readFields(fields) : readText(entry);
  return facts.level !== 'INFO' || facts.class !== 'other' ? facts : null;
}

/** A line of ours: pino's fields, where an error has a class and a message an id. */
function readFields(fields: Record<string, unknown>): LineFacts {
  const level = levelOf(fields.level);
  const cause = stringAt(fields, 'err', 'message');
  const words = stringAt(fields, 'msg') ?? stringAt(fields, 'message') ?? '';
  const message = cause === null || words.includes(cause) ? words : words ? `${words}: ${cause}` : cause;
  // Words of a line below a warning may be anybody's: only the class that it names counts.
  const guessed = level === 'INFO' ? null : classOfText(message);
  return {
    level,
    class: namedClass(fields.class) ?? guessed ?? 'other',
    message: oneLine(message),
    id: wordAt(fields, 'id'),
    chat: wordAt(fields, 'chat') ?? wordAt(fields, 'chat_id'),
    request_id: wordAt(fields, 'requestId'),
  };
}

/** A line of text: of an old service, of systemd, or what Node prints when it ends. */
function readText({ text, exception, level: hint }: Entry): LineFacts {
  // A line of JSON that was too long for who passed it on has lost its end, but begins with its level.
  const cut = /^\{"level":"?(\w+)/.exec(text)?.[1];
  const { level: plain, words } = readPlain(text);
  const named = cut === undefined ? plain : levelOf(/^\d+$/.test(cut) ? Number(cut) : cut);
  const first = words.split('\n', 1)[0]!.trim();
  const message =
    exception === null || first.includes(exception)
      ? first
      : first === '' || first.startsWith('Traceback (')
        ? exception
        : `${first.replace(/:$/, '')}: ${exception}`;
  const found = classOfText(exception === null ? text : `${first}\n${exception}`);
  const isError = exception !== null || (found !== null && /\w(?:Error|Exception)\b/.test(message));
  const unnamed = isError ? 'ERROR' : found !== null && hint === 'INFO' ? 'WARNING' : hint;
  const about = found ?? 'other';
  return {
    level: named ?? unnamed,
    class: about,
    message: oneLine(message),
    id: null,
    chat: chatClasses.has(about) ? (/(?<![\w.-])-\d{4,16}\b/.exec(message)?.[0] ?? null) : null,
    request_id: null,
  };
}

/** What is refused for one chat, whose id then stands in the line. */
const chatClasses = new Set<LogClass>([
  'banned',
  'cannot_resolve',
  'slow_mode',
  'write_forbidden',
  'privacy',
]);

function namedClass(value: unknown): LogClass | null {
  if (value === 'persistent_timestamp') return value;
  return typeof value === 'string' && Object.hasOwn(errorClasses, value) ? (value as LogClass) : null;
}

function wordAt(fields: Record<string, unknown>, key: string): string | null {
  const value = fields[key];
  return typeof value === 'string' || typeof value === 'number' ? String(value).slice(0, 200) : null;
}

function oneLine(message: string): string {
  return message
    .replace(/\s*\n\s*/g, ' ')
    .trim()
    .slice(0, longestMessage);
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return null;
  }
}
