/** One client process of the benchmark: the client library, as the gateways hold it. */
import { returnBigInt } from 'telegram/Helpers.js';
import { connectClient } from '../../testkit/library-client.ts';
import { demoPeer, sendText } from '../../testkit/requests.ts';

const IN_FLIGHT = 32;
const TEXT = 'x'.repeat(120);

const order = JSON.parse(process.argv[2] ?? '{}') as { port: number; publicKeyPem: string; texts: number };
const client = await connectClient(order);
const peer = await demoPeer(client);
const before = { at: performance.now(), cpu: process.cpuUsage() };
let sent = 0;

async function work(): Promise<void> {
  while (sent < order.texts)
    await client.call(sendText(peer, TEXT, returnBigInt(process.pid * 1e6 + ++sent)));
}

await Promise.all(Array.from({ length: IN_FLIGHT }, work));
const { user, system } = process.cpuUsage(before.cpu);
const ms = performance.now() - before.at;
process.stdout.write(`${JSON.stringify({ ms, cpuMs: (user + system) / 1000 })}\n`);
process.exit(0);
