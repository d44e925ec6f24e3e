/** The client library's log lines, into ours. At debug it writes ten lines a call, so debug is trace here. */
import { Logger as LibraryLogger, LogLevel } from 'telegram/extensions/Logger.js';
import type { Logger } from '../../kit/log.ts';

export type { LibraryLogger };

const ourLevel = { error: 'warn', warn: 'warn', info: 'debug', debug: 'trace', none: 'trace' } as const;

/** A library logger that writes to `log`. Its errors are our warnings: who calls decides what is an error. */
export function createLibraryLogger(log: Logger): LibraryLogger {
  const logger = new LibraryLogger(log.isLevelEnabled('trace') ? LogLevel.DEBUG : LogLevel.INFO);
  logger.handler = ({ level, message, error }) =>
    log[ourLevel[level]]({ err: error, from: 'library' }, message);
  return logger;
}
