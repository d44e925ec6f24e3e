/** `npm run cutover -- …`, as root: from the two old services to Vestnik's, step by step, and back. */
import { readArguments, usage } from './arguments.ts';
import { runCutover } from './command.ts';
import { realHost } from './host.ts';
import { realPlaces } from './installed.ts';

const stopping = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(name, () => stopping.abort(new Error(`interrupted by ${name}`)));
// A terminal that went away takes no more lines; the log does.
process.stdout.on('error', () => {});
const print = (line: string) => void process.stdout.write(line + '\n');

try {
  const args = readArguments(process.argv.slice(2));
  if (args.wantsHelp) print(usage);
  else if (process.getuid?.() !== 0) throw new Error('must be run by root');
  else
    process.exitCode = await runCutover(args, {
      host: realHost,
      places: realPlaces,
      print,
      signal: stopping.signal,
    });
} catch (error) {
  process.stderr.write(`cutover: ${(error as Error).message}\n`);
  process.exitCode = 2;
}
process.exit();
