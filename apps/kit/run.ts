/** The life of a process: start, one line for what is wrong with its settings, a clean stop on SIGTERM and SIGINT. */
import { ConfigError } from './config.ts';
import { readEnvironment, type Environment } from './environment.ts';
import { createLogger, type Logger } from './log.ts';
import { releaseUnusedMemory } from './memory.ts';
import { reason, ReasonError, type Reason } from './reason.ts';
import { Release } from './release.ts';

/** Something the operator must put right before this process can start; told in one line, without a stack. */
export class StartError extends ReasonError {
  override name = 'StartError';
}

/** Opens a service with the environment it is given, pushing the closer of everything it opens. */
export type Start = (
  env: Environment,
  release: Release,
  /** Ends this process, for whoever keeps it running to start it anew. */
  startAnew: (reason: string) => void,
) => Promise<{ log: Logger }>;

export interface RunOptions {
  /** Serves until `start` answers a logger of its own. */
  log?: Logger;
  /** How long a clean stop may take. */
  releaseMs?: number;
}

/** Runs one service as this process until it is told to stop. */
export async function run(name: string, start: Start, options: RunOptions = {}): Promise<void> {
  const release = new Release();
  let log = options.log ?? createLogger(name, 'info');
  let stopping = false;
  const stop = (reason: string, exitCode: number) => {
    if (stopping) return;
    stopping = true;
    log.info({ reason }, 'stopping');
    void release.run(log, options.releaseMs).then(() => {
      log.info('stopped');
      process.exit(exitCode);
    });
  };
  // Not `once`: npm passes Ctrl-C on to what the terminal has already told, and the second must not kill the stop.
  process.on('SIGTERM', () => stop('SIGTERM', 0));
  process.on('SIGINT', () => stop('SIGINT', 0));
  // Nobody reads any more: the terminal is closed, the pipe broken. To write of it would fail the same way, again and again.
  for (const output of [process.stdout, process.stderr]) {
    output.on('error', () => stop('output closed', 0));
  }
  process.on('SIGUSR1', () => {}); // Node would open its inspector.
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'uncaught exception');
    stop('uncaughtException', 1);
  });
  try {
    await releaseUnusedMemory();
    ({ log } = await start(readEnvironment(), release, (reason) => stop(reason, 1)));
  } catch (error) {
    if (stopping) return; // What failed to start was being stopped; the stop under way ends the process.
    if (error instanceof ConfigError || error instanceof StartError) {
      process.stderr.write(`${name}: ${error.message}\n`);
      await tellParent(
        error instanceof StartError
          ? error.reason
          : reason('settings_wrong', { problems: error.problems.join('; ') }),
      );
    } else {
      log.fatal({ err: error }, 'could not start');
    }
    await release.run(log, options.releaseMs);
    process.exit(1);
  }
}

/** For the launcher, where there is one, which shows why this process ended. */
async function tellParent(why: Reason | undefined): Promise<void> {
  if (!process.send || !why) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  process.send({ type: 'ended', reason: why }, () => resolve());
  await promise;
}
