/** What a line says: its level, what it is about, and the message it belongs to. */
import { errorClasses } from '../../kit/errors.ts';
import type { Entry } from './assembler.ts';
import { classOfText } from './class-table.ts';
import { readJsonLine, type JsonLine } from './json-line.ts';
import { levelOfName, levelOfNumber, type Level } from '../model/log-levels.ts';
import type { LineFacts, LogClass } from './log-line.ts';
import { readPlain } from './plain-line.ts';

const longestMessage = 2_000;

/** The facts of a line of WARNING and above, or of one that matches a class; null for any other. */
export function readEntry(entry: Entry): LineFacts | null {
  const json = readJsonLine(entry.text);
  const facts = json ? readFields(json, entry.level) : readText(entry);
  return facts.level !== 'INFO' || facts.class !== 'other' ? facts : null;
}

/** A line of JSON: one of our gateways names its class itself, and the id of its message. */
function readFields({ fields, level: named, message }: JsonLine, hint: Level): LineFacts {
  const found = named === null ? classOfText(withoutQuotations(message)) : null;
  const level = named ?? (found !== null && hint === 'INFO' ? 'WARNING' : hint);
  // Words of a line below a warning may be anybody's: only the class that it names counts.
  const guessed = level === 'INFO' ? null : (found ?? classOfText(message));
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
  const { level: plain, words } = readPlain(text);
  const named = levelOfCutJson(text) ?? plain;
  const first = words.split('\n', 1)[0]!.trim();
  const message =
    exception === null || first.includes(exception)
      ? first
      : first === '' || first.startsWith('Traceback (')
        ? exception
        : `${first.replace(/:$/, '')}: ${exception}`;
  const judged = exception === null ? text : `${first}\n${exception}`;
  const isTrusted = exception !== null || (named !== null && named !== 'INFO');
  const found = classOfText(isTrusted ? judged : withoutQuotations(judged));
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

/** A line of JSON that was too long for who passed it on has lost its end, but begins with its level. */
function levelOfCutJson(text: string): Level | null {
  const cut = /^\{"level":"?(\w+)/.exec(text)?.[1];
  if (cut === undefined) return null;
  return /^\d+$/.test(cut) ? levelOfNumber(Number(cut)) : levelOfName(cut);
}

/** Without what stands in quotation marks, which may be the text of a message, but for the words of an exception. */
function withoutQuotations(text: string): string {
  return text.replace(
    /(?<!(?:Error|Exception)\(|\w)(?:'[^'\n]*'(?!\w)|"[^"\n]*"|`[^`\n]*`|«[^»\n]*»|“[^”\n]*”)/g,
    '""',
  );
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
