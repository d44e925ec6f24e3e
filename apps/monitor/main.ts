/** The monitor: one page on which an operator sees both gateways, and starts, stops and restarts them. */
import { run } from '../kit/run.ts';
import { keepHeapSmall } from './small-heap.ts';
import { startMonitor } from './start.ts';

keepHeapSmall();
await run('monitor', startMonitor);
