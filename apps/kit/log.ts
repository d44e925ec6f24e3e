/** One JSON line per event, on standard output. Secrets and texts are not for the log; known names are cut out. */
import { pino, type DestinationStream, type Logger } from 'pino';
import { oneOf } from './config.ts';

export type { Logger };

export const logLevelSetting = oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'trace'], 'info');

/** A logger for one service; `level` is a pino level name. Written synchronously, so that a crash loses no line. */
export function createLogger(service: string, level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: ['authorization', 'headers.authorization', 'token', 'session', 'phone', '*.password'] },
  };
  return pino(options, destination ?? pino.destination({ dest: 1, sync: true }));
}
