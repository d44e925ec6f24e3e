/** One JSON line per event, on standard output. Secrets and texts are not for the log; known names are cut out. */
import { pino, type DestinationStream, type Logger } from 'pino';
import { oneOf } from './config.ts';

export type { Logger };

export const logLevelSetting = oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'trace'], 'info');

/** One for the process: the lines of all its loggers come out in their order. */
let output: DestinationStream | undefined;

/** Lines are written so many characters at a time, or so late: each write costs more than the line. */
const writtenAtOnce = 8_192;
const latestMs = 50;

/**
 * A logger for one service; `level` is a pino level name. Lines are written many at a time, and what is left when the
 * process ends.
 */
export function createLogger(service: string, level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: { service },
    timestamp: createTimestamp(),
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: ['authorization', 'headers.authorization', 'token', 'session', 'phone', '*.password'] },
  };
  const lines = destination ?? (output ??= standardOutput());
  return pino(options, { write: (line) => lines.write(line.replace(unsafe, escaped)) });
}

/** What JSON leaves as it is, and some readers and terminals take for the end of a line or a command. */
const unsafe = /[\x7f-\x9f\u2028\u2029]/g;

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** The time in ISO 8601, as pino wants it; written anew only when another millisecond has begun. */
function createTimestamp(): () => string {
  let last = 0;
  let text = '';
  return () => {
    const now = Date.now();
    if (now !== last) text = `,"time":"${new Date(now).toISOString()}"`;
    last = now;
    return text;
  };
}

function standardOutput(): DestinationStream {
  const file = pino.destination({ dest: 1, sync: true });
  let lines = '';
  let isDue = false;
  const flush = () => {
    isDue = false;
    if (lines !== '') file.write(lines);
    lines = '';
  };
  process.once('exit', flush);
  return {
    write: (line) => {
      lines += line;
      if (lines.length >= writtenAtOnce) flush();
      else if (!isDue) setTimeout(flush, latestMs).unref();
      isDue = lines !== '';
    },
  };
}
