/** The life of a process: start, one line for what is wrong with its settings, a clean stop on SIGTERM and SIGINT. */
import { ConfigError } from './config.ts';
import { readEnvironment, type Environment } from './environment.ts';
import { createLogger, type Logger } from './log.ts';
import { Release } from './release.ts';

/** Something the operator must put right before this process can start; told in one line, without a stack. */
export class StartError extends Error {
  override name = 'StartError';
}

/** Opens a service with the environment it is given, pushing the closer of everything it opens. */
export type Start = (env: Environment, release: Release) => Promise<{ log: Logger }>;

/** Runs one service as this process until it is told to stop; `log` serves until `start` answers its own. */
export async function run(name: string, start: Start, log = createLogger(name, 'info')): Promise<void> {
  const release = new Release();
  let stopping = false;
  const stop = (reason: string, exitCode: number) => {
    if (stopping) return;
    stopping = true;
    log.info({ reason }, 'stopping');
    void release.run(log).then(() => {
      log.info('stopped');
      process.exit(exitCode);
    });
  };
  // Not `once`: npm passes Ctrl-C on to what the terminal has already told, and the second must not kill the stop.
  process.on('SIGTERM', () => stop('SIGTERM', 0));
  process.on('SIGINT', () => stop('SIGINT', 0));
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'uncaught exception');
    stop('uncaughtException', 1);
  });
  try {
    ({ log } = await start(readEnvironment(), release));
  } catch (error) {
    if (error instanceof ConfigError || error instanceof StartError) {
      process.stderr.write(`${name}: ${error.message}\n`);
    } else {
      log.fatal({ err: error }, 'could not start');
    }
    await release.run(log);
    process.exit(1);
  }
}
