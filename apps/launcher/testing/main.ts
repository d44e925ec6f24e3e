/** The launcher as `main.ts` starts it, with services that stand in for the real ones. */
import { createLogger } from '../../kit/log.ts';
import { run } from '../../kit/run.ts';
import { launch, releaseMs } from '../launch.ts';
import { Terminal } from '../terminal.ts';

const terminal = new Terminal(process.stdout, process.stderr);
const log = createLogger('launcher', 'info', terminal.destination('launcher'));
const appsDir = new URL('apps/', import.meta.url);

await run('vestnik', (env, release) => launch({ env, release, terminal, log, appsDir, verbose: false }), {
  log,
  releaseMs,
});
