/** The health check of a container: exit code 0 when the address given answers 200, else 1 and why. */
import { get } from 'node:http';

const withinMs = 4_000;

const asked = get(process.argv[2]!, { signal: AbortSignal.timeout(withinMs) }, (response) => {
  response.setEncoding('utf8');
  response.on('data', (part: string) => process.stdout.write(part));
  if (response.statusCode !== 200) process.exitCode = 1;
});
asked.once('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
