/** One JSON line per event, on standard output. Secrets and texts are not for the log; known names are cut out. */
import { pino, type DestinationStream, type Logger } from 'pino';
import { oneOf } from './config.ts';

export type { Logger };

export const logLevelSetting = oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'trace'], 'info');

/** Lines are written so many bytes at a time, or so late: each write is an errand of another thread. */
const writtenAtOnce = 8_192;
const latestMs = 50;

/** How many bytes of lines may wait for a reader that does not read; further ones are dropped then. */
const longestBacklog = 8_000_000;

/**
 * A logger for one service; `level` is a pino level name. Lines are written beside the work and, when the process ends by
 * itself, to the last one; a slow reader holds nothing up.
 */
export function createLogger(service: string, level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: ['authorization', 'headers.authorization', 'token', 'session', 'phone', '*.password'] },
  };
  return pino(options, destination ?? standardOutput());
}

function standardOutput(): DestinationStream {
  const output = pino.destination({
    dest: 1,
    sync: false,
    minLength: writtenAtOnce,
    maxLength: longestBacklog,
  });
  let isDue = false;
  const flush = () => {
    isDue = false;
    output.flush();
  };
  return {
    write: (line) => {
      output.write(line);
      if (!isDue) setTimeout(flush, latestMs).unref();
      isDue = true;
    },
  };
}
