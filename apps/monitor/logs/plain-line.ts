/** The level and the words of a line that is plain text, as Python's logging, uvicorn, gunicorn and loguru write it. */
import type { Level } from './log-line.ts';

const name = '(CRITICAL|FATAL|ERROR|WARNING|WARN|INFO|DEBUG|TRACE)';
const after = String.raw`\b[\s:|\]-]*`;
/** A day or a time, and up to four words between it and the level: a zone, a process, the name of a logger. */
const stamp = String.raw`\W*(?:\d{4}-\d\d-\d\d[T ])?\d\d:\d\d:\d\d\S*(?:[\s|:[\]-]+[\w.+<>]+){0,4}?[\s|:[\]-]+`;
const forms = [
  new RegExp(`^\\[?${name}${after}`),
  new RegExp(`^${stamp}${name}${after}`),
  new RegExp(`^[\\w.]+ - ${name} - `),
];
/** Where a level can stand. */
const searched = 200;

export interface PlainLine {
  /** null when the line names none. */
  readonly level: Level | null;
  /** Without time and level. */
  readonly words: string;
}

export function readPlain(text: string): PlainLine {
  const beginning = text.slice(0, searched);
  for (const form of forms) {
    const match = form.exec(beginning);
    if (match) return { level: levelOf(match[1]!), words: text.slice(match[0].length) };
  }
  return { level: null, words: text };
}

/** A name or, as pino and bunyan have it, a number. */
export function levelOf(value: unknown): Level {
  if (typeof value === 'number') return value >= 50 ? 'ERROR' : value >= 40 ? 'WARNING' : 'INFO';
  const label = String(value).toUpperCase();
  if (/^(?:FATAL|CRITICAL|ERROR|ALERT|EMERGENCY)$/.test(label)) return 'ERROR';
  return /^WARN(?:ING)?$/.test(label) ? 'WARNING' : 'INFO';
}
