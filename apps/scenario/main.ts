/** `npm run scenario -- NAME`: a scripted incident against the real processes, judged by what arrived. */
import { createLogger } from '../kit/log.ts';
import { Release } from '../kit/release.ts';
import { StartError } from '../kit/run.ts';
import { command } from './command.ts';

const release = new Release();
const log = createLogger('scenario', 'warn');
const stopped = new AbortController();
const end = (code: number) => void release.run(log, 20_000).then(() => process.exit(code));
const stop = () => {
  stopped.abort(new StartError('stopped'));
  end(130);
};
process.on('SIGINT', stop).on('SIGTERM', stop);

try {
  end(await command(process.argv.slice(2), console.log, release, stopped.signal));
} catch (error) {
  process.stderr.write(`scenario: ${error instanceof StartError ? error.message : (error as Error).stack}\n`);
  end(1);
}
