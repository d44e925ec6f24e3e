/** The monitor: one page on which an operator sees both gateways, and starts, stops and restarts them. */
import { run } from '../kit/run.ts';
import { startMonitor } from './start.ts';

await run('monitor', (env, release) => startMonitor(env, release));
