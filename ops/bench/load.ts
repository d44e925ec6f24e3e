/**
 * The load on a gateway, in a process of its own. Arguments: the URL to POST to, connections, seconds, and the chats,
 * separated by commas. Prints one line of JSON.
 */
import autocannon from 'autocannon';
import type { Measured } from './measured.ts';
import { benchText } from './texts.ts';

const [url, connections, seconds, chats] = process.argv.slice(2) as [string, string, string, string];

const requests = chats.split(',').map((chat) => ({
  method: 'POST' as const,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ chat_id: chat, text: benchText }),
}));
await shoot(1);
console.log(JSON.stringify(await shoot(Number(seconds))));

async function shoot(duration: number): Promise<Measured> {
  const latencies: number[] = [];
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    let nextChat = 0;
    const run = autocannon(
      {
        url,
        connections: Number(connections),
        duration,
        // Each connection begins at a chat of its own: messages of one chat wait for one another.
        setupClient: (client) => {
          const begin = (nextChat++ * 7) % requests.length;
          client.setRequests([...requests.slice(begin), ...requests.slice(0, begin)]);
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
  return { perSecond: result['2xx'] / result.duration, p50: at(0.5), p99: at(0.99) };
}
