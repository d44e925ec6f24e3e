/** What the person at the terminal reads: warnings and errors of the services in one short line each. */
import { styleText } from 'node:util';

type Output = Pick<NodeJS.WriteStream, 'write'>;
type Level = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';

interface Entry {
  readonly level: Level;
  readonly text: string;
}

/** What pino writes for a level where a service does not have it write the name. */
const levelNumbers: Record<number, Level> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
};
const levelNames: readonly unknown[] = Object.values(levelNumbers);

/** Fields of a log line that the short form leaves out: told already, or of use to programs alone. */
const leftOut = new Set(['level', 'time', 'service', 'msg', 'err', 'pid', 'hostname', 'requestId']);

/** What would end the line, move the cursor or turn the direction of writing: callers' words may stand in a line. */
const unprintable = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu;

export class Terminal {
  readonly #out: Output;
  readonly #err: Output;
  /** Prints every line, not only warnings and errors. */
  verbose = false;
  /** While everything is being stopped, warnings are of no use: that services lose each other is meant. */
  stopping = false;
  #held: string[] | undefined;

  constructor(out: Output, err: Output) {
    this.#out = out;
    this.#err = err;
  }

  /** Text of the launcher itself. */
  say(text: string): void {
    this.#out.write(`${text}\n`);
  }

  /** A line that a service printed. One that is not JSON is printed as it is. */
  line(service: string, line: string): void {
    const entry = parseEntry(line);
    if (!entry) return this.#plain(line);
    if (!this.verbose && !isTrouble(entry.level)) return;
    if (!this.verbose && this.stopping && entry.level === 'warn') return;
    const time = new Date().toTimeString().slice(0, 8);
    this.say(`${styleText('dim', time)} ${service} ${coloured(entry.level)} ${entry.text}`);
  }

  /** Keeps plain lines back until `release`: while starting, one of them may become the reason to give up. */
  hold(): void {
    this.#held = [];
  }

  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const line of held) this.#plain(line);
  }

  /** For a pino logger whose lines are to be read by a person. */
  destination(name: string): { write(line: string): void } {
    return { write: (line) => this.line(name, line.trimEnd()) };
  }

  #plain(line: string): void {
    if (this.#held) this.#held.push(line);
    else this.#err.write(`${line}\n`);
  }
}

/** The level and short form of a JSON log line; undefined for any other line. */
export function parseEntry(line: string): Entry | undefined {
  let fields: Record<string, unknown>;
  try {
    fields = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
  if (typeof fields !== 'object' || fields === null) return undefined;
  const level = levelNumbers[fields.level as number] ?? fields.level;
  if (!levelNames.includes(level)) return undefined;
  const error = fields.err as { message?: unknown } | undefined;
  const parts = [fields.msg, error?.message].filter((part) => typeof part === 'string' && part !== '');
  const details = Object.entries(fields).filter(
    ([key, value]) => !leftOut.has(key) && (typeof value === 'string' || typeof value === 'number'),
  );
  const told = details.map(([key, value]) => `${key}=${String(value)}`);
  const text = [parts.join(': '), ...told].join(' ').replace(unprintable, '·');
  return { level: level as Level, text };
}

function isTrouble(level: Level): boolean {
  return level === 'warn' || level === 'error' || level === 'fatal';
}

function coloured(level: Level): string {
  const colour = level === 'warn' ? 'yellow' : isTrouble(level) ? 'red' : 'dim';
  return styleText(colour, level.toUpperCase());
}
