/** Starts the sandbox from the environment. */
import { run } from './run.ts';

await run(process);
