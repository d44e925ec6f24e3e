/** One client process of the benchmark: sends texts over one connection as fast as it is answered, and reports to its parent. */
import { RawClient } from '../../apps/testkit/raw-client.ts';
import { TlWriter } from '../../apps/sandbox/tl/writer.ts';

const SEND_MESSAGE = 0xfef48f62;
const INPUT_PEER_CHANNEL = 0x27bcbbfc;
const TEXT =
  'A text of a hundred and twenty characters, as alerts have it: backup of db-3 finished in 94 s, 0 errors, 18.2 GB.    ';

/** What the parent hands over, as JSON in the first argument. */
export interface LoadOrder {
  port: number;
  keyHex: string;
  salt: string;
  channelId: string;
  accessHash: string;
  texts: number;
  inFlight: number;
}

const order = JSON.parse(process.argv[2] ?? '{}') as LoadOrder;
const base = BigInt(process.pid) << 40n;
const client = new RawClient({
  port: order.port,
  key: Buffer.from(order.keyHex, 'hex'),
  salt: BigInt(order.salt),
});
const bodies = new TlWriter(400);
let sent = 0;
let answered = 0;
const before = { at: performance.now(), cpu: process.cpuUsage() };

client.onMessage = ({ name, body }) => {
  if (name !== 'rpcResult') return;
  if (body.readUInt32LE(12) === 0x2144ca19) throw new Error(`refused: ${body.subarray(20).toString()}`);
  answered++;
  if (answered === order.texts) finish();
  else if (sent < order.texts) send();
};
for (let count = 0; count < Math.min(order.inFlight, order.texts); count++) send();

function send(): void {
  bodies.reset().uint(SEND_MESSAGE).int(0).uint(INPUT_PEER_CHANNEL);
  bodies.long(BigInt(order.channelId)).long(BigInt(order.accessHash)).string(TEXT);
  client.send(bodies.long(base + BigInt(++sent)).finish());
}

function finish(): void {
  const { user, system } = process.cpuUsage(before.cpu);
  const ms = performance.now() - before.at;
  process.stdout.write(`${JSON.stringify({ ms, cpuMs: (user + system) / 1000 })}\n`);
  client.socket.destroy();
}
