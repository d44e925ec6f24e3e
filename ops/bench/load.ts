/**
 * The load on a gateway, in a process of its own. Arguments: the URL to POST to, connections, seconds, the chats separated
 * by commas, further fields of every request as JSON, and how many requests a second if not as many as can be. Prints
 * one line of JSON.
 */
import autocannon from 'autocannon';
import type { Measured } from './text-figures.ts';
import { benchText } from './texts.ts';

const [url, connections, seconds, chats, more = '{}', perSecond] = process.argv.slice(2) as [
  ...[string, string, string, string],
  string?,
  string?,
];
const fields = JSON.parse(more) as Record<string, unknown>;

const requests = chats.split(',').map((chat) => ({
  method: 'POST' as const,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ chat_id: chat, text: benchText, ...fields }),
}));
const { count } = await shoot(1);
const measured = await shoot(Number(seconds));
console.log(JSON.stringify({ ...measured, count: count + measured.count } satisfies Measured));

async function shoot(duration: number): Promise<Measured> {
  const latencies: number[] = [];
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    let nextClient = 0;
    const run = autocannon(
      {
        url,
        connections: Number(connections),
        duration,
        ...(perSecond !== undefined && { overallRate: Number(perSecond) }),
        // Each connection has chats of its own: messages of one chat wait for one another, and whoever once waited behind
        // another would do so in every chat that follows.
        setupClient: (client) => {
          const mine = nextClient++ % Number(connections);
          client.setRequests(requests.filter((_, chat) => chat % Number(connections) === mine));
        },
        requests,
      },
      (error: Error | null, done) => (error ? reject(error) : resolve(done)),
    );
    run.on('response', (_client, _status, _bytes, milliseconds) => latencies.push(milliseconds));
  });
  if (result.non2xx > 0 || result.errors > 0) {
    throw new Error(`${result.non2xx} answers were errors, ${result.errors} requests failed`);
  }
  latencies.sort((a, b) => a - b);
  const at = (share: number) => latencies[Math.floor(latencies.length * share)] ?? 0;
  return { perSecond: result['2xx'] / result.duration, count: result['2xx'], p50: at(0.5), p99: at(0.99) };
}
