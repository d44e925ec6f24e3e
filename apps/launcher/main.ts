/** `npm start`: the whole stack on one machine, its processes kept running until Ctrl-C. */
import { createLogger } from '../kit/log.ts';
import { run } from '../kit/run.ts';
import { endWithNpm } from './end-with-npm.ts';
import { launch, releaseMs } from './launch.ts';
import { Terminal } from './terminal.ts';

const terminal = new Terminal(process.stdout, process.stderr);
const log = createLogger('launcher', 'info', terminal.destination('launcher'));
const appsDir = new URL('../', import.meta.url);
const verbose = process.argv.includes('--verbose');
endWithNpm(process.env);

await run('vestnik', (env, release) => launch({ env, release, terminal, log, appsDir, verbose }), {
  log,
  releaseMs,
});
