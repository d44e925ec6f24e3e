/**
 * The ceiling: the bare client library calling messages.sendMessage, some at a time, in a process of its own.
 * Arguments: port, file of the server's public key, calls at a time, seconds, the chats separated by commas: those that
 * the gateway is asked to send to, for what Telegram answers differs from kind to kind. Prints one line of JSON.
 */
import { createHistogram } from 'node:perf_hooks';
import { Api } from 'telegram/tl/index.js';
import type { MTProtoSender } from 'telegram/network/MTProtoSender.js';
import bigInt from 'big-integer';
import {
  startOfFolder,
  type DialogCursor,
  type DialogPage,
  type Peer,
} from '../../apps/gateway/model/account.ts';
import { dialogsRequest, readDialogs } from '../../apps/gateway/telegram/dialogs.ts';
import { inputPeer } from '../../apps/gateway/telegram/peers.ts';
import { connectBare } from './bare-link.ts';
import type { Measured } from './text-figures.ts';
import { benchText } from './texts.ts';

const [port, keyFile, concurrency, seconds, chats] = process.argv.slice(2) as [
  ...[string, string, string, string],
  string,
];

const sender = await connectBare(Number(port), keyFile);
const known = new Map((await readAllPeers(sender)).map((peer) => [peer.chatId, peer]));
const peers = chats.split(',').map((chatId) => {
  const peer = known.get(known.get(chatId)?.migratedTo ?? chatId);
  if (!peer) throw new Error(`the chat ${chatId} is not in the dialog list`);
  return inputPeer(peer);
});
const send = (randomId: number) =>
  sender.send(
    new Api.InvokeWithoutUpdates({
      query: new Api.messages.SendMessage({
        peer: peers[randomId % peers.length]!,
        message: benchText,
        randomId: bigInt(randomId),
      }),
    }),
  );

const first = Date.now() * 1000;
await measure(1, first);
console.log(JSON.stringify(await measure(Number(seconds), first + 10_000_000)));
process.exit(0);

async function measure(forSeconds: number, firstId: number): Promise<Measured> {
  const latency = createHistogram();
  const startedAt = performance.now();
  const until = startedAt + forSeconds * 1000;
  let sent = 0;
  const lane = async () => {
    while (performance.now() < until) {
      const at = process.hrtime.bigint();
      await send(firstId + sent++);
      latency.record(process.hrtime.bigint() - at || 1n);
    }
  };
  await Promise.all(Array.from({ length: Number(concurrency) }, lane));
  const took = (performance.now() - startedAt) / 1000;
  return {
    perSecond: sent / took,
    count: sent,
    p50: latency.percentile(50) / 1e6,
    p99: latency.percentile(99) / 1e6,
  };
}

/** Every chat of the dialog list, before anything is measured. */
async function readAllPeers(sender: MTProtoSender): Promise<Peer[]> {
  const peers: Peer[] = [];
  for (const folder of [0, 1] as const) {
    for (let cursor: DialogCursor | undefined = startOfFolder(folder); cursor;) {
      const answer = await sender.send(dialogsRequest(cursor));
      const page: DialogPage = readDialogs(answer as Api.messages.TypeDialogs, cursor);
      peers.push(...page.peers);
      cursor = page.next;
    }
  }
  return peers;
}
