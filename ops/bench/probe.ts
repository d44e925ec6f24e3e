/**
 * Asks one URL every 50 ms until stdin ends, in a process of its own: with GET whether or not the last was answered, with
 * POST once it was, for texts to one chat follow one another. Arguments: the URL, and the JSON to POST if any. Prints one
 * line of JSON.
 */
import type { Probed } from './upload-figures.ts';

const [url, body] = process.argv.slice(2) as [string, string | undefined];
const everyMs = 50;
const init =
  body === undefined ? {} : { method: 'POST', headers: { 'content-type': 'application/json' }, body };
const latencies: number[] = [];

const ask = async () => {
  const startedAt = performance.now();
  const response = await fetch(url, init);
  await response.text();
  latencies.push(performance.now() - startedAt);
};
await ask(); // What a first request costs is not asked for.
latencies.length = 0;

const asked: Promise<void>[] = [];
let isBusy = false;
const timer = setInterval(() => {
  if (isBusy) return;
  isBusy = body !== undefined;
  asked.push(ask().finally(() => (isBusy = false)));
}, everyMs);
process.stdin.resume().once('end', () => {
  clearInterval(timer);
  void Promise.all(asked).then(() => {
    latencies.sort((a, b) => a - b);
    const at = (share: number) => latencies[Math.floor(latencies.length * share)] ?? 0;
    const max = latencies.at(-1) ?? 0;
    console.log(
      JSON.stringify({ count: latencies.length, p50: at(0.5), p99: at(0.99), max } satisfies Probed),
    );
    process.exit(0);
  });
});
