/** One client process of the benchmark: uploads one large file over one connection, four parts in flight. */
import { RawClient } from '../../testkit/raw-client.ts';
import { TlWriter } from '../tl/writer.ts';
import type { LoadOrder } from './load.ts';

const SAVE_BIG_FILE_PART = 0xde7b673d;
const PART_BYTES = 512 * 1024;
const IN_FLIGHT = 4;

const order = JSON.parse(process.argv[2] ?? '{}') as LoadOrder & { megabytes: number };
const client = new RawClient({
  port: order.port,
  key: Buffer.from(order.keyHex, 'hex'),
  salt: BigInt(order.salt),
});
const parts = (order.megabytes * 1024 * 1024) / PART_BYTES;
const fileId = BigInt(process.pid);
const bytes = Buffer.alloc(PART_BYTES, 'sandbox');
const writer = new TlWriter(PART_BYTES + 64);
const before = { at: performance.now(), cpu: process.cpuUsage() };
let sent = 0;
let answered = 0;

client.onMessage = ({ name, body }) => {
  if (name !== 'rpcResult') return;
  if (body.readUInt32LE(12) !== 0x997275b5) throw new Error(`refused: ${body.subarray(20).toString()}`);
  answered++;
  if (answered === parts) finish();
  else if (sent < parts) send();
};
for (let count = 0; count < IN_FLIGHT; count++) send();

function send(): void {
  writer.reset().uint(SAVE_BIG_FILE_PART).long(fileId).int(sent++).int(parts);
  client.send(writer.bytes(bytes).finish());
}

function finish(): void {
  const { user, system } = process.cpuUsage(before.cpu);
  const ms = performance.now() - before.at;
  process.stdout.write(`${JSON.stringify({ ms, cpuMs: (user + system) / 1000 })}\n`);
  client.socket.destroy();
}
