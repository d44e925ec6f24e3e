/** The sandbox's benchmark: start, texts of four clients in processes of their own, memory a message, and a large upload. */
import { runBench } from './bench.ts';

await runBench(process.argv.slice(2));
