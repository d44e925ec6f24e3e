/** One client process of the benchmark: the client library uploads one large file as the media gateway does. */
import { returnBigInt } from 'telegram/Helpers.js';
import { Api } from 'telegram/tl/index.js';
import { connectClient } from '../../testkit/library-client.ts';

const PART_BYTES = 512 * 1024;
const IN_FLIGHT = 4;

const order = JSON.parse(process.argv[2] ?? '{}') as {
  port: number;
  publicKeyPem: string;
  megabytes: number;
};
const client = await connectClient(order);
const parts = (order.megabytes * 1024 * 1024) / PART_BYTES;
const fileId = returnBigInt(process.pid);
const bytes = Buffer.alloc(PART_BYTES, 'sandbox');
const before = { at: performance.now(), cpu: process.cpuUsage() };
let sent = 0;

async function work(): Promise<void> {
  while (sent < parts) {
    const part = { fileId, filePart: sent++, fileTotalParts: parts, bytes };
    await client.call(new Api.upload.SaveBigFilePart(part));
  }
}

await Promise.all(Array.from({ length: IN_FLIGHT }, work));
const { user, system } = process.cpuUsage(before.cpu);
const ms = performance.now() - before.at;
process.stdout.write(`${JSON.stringify({ ms, cpuMs: (user + system) / 1000 })}\n`);
process.exit(0);
