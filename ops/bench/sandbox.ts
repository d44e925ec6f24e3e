/** What the sandbox bears by itself: texts of four plain clients at once, each in its own process, and the memory of a kept message. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Api } from 'telegram/tl/index.js';
import { saltOf } from '../../apps/sandbox/mtproto/salts.ts';
import { connectClient } from '../../apps/testkit/library-client.ts';
import { demoPeer } from '../../apps/testkit/requests.ts';
import { cpuSeconds, residentMb } from './process-figures.ts';
import { runScript, startProcess, type Running } from './processes.ts';
import type { LoadOrder } from './sandbox-load.ts';
import { bytesAMessage } from './sandbox-memory.ts';

const clients = 4;
const textsAClient = 10_000;

export interface SandboxFigures {
  readonly textsPerS: number;
  readonly cpuUsAText: number;
  readonly peakMb: number;
  readonly bytesAMessage: number;
}

interface Options {
  readonly folder: string;
  readonly profile: string | undefined;
  /** Takes up what was started, to be ended by the caller. */
  readonly running: Running[];
}

export async function measureSandbox({ folder, profile, running }: Options): Promise<SandboxFigures> {
  const env = { SANDBOX_PORT: '0', SANDBOX_HTTP_PORT: '0', DATA_DIR: folder };
  const sandbox = await startProcess('apps/sandbox/main.ts', env, profile);
  running.push(sandbox);
  // Each by a key of its own: Telegram gives up one that calls over several connections.
  const orders = await Promise.all(
    Array.from({ length: clients }, () => orderFor(sandbox.listening.port!, folder)),
  );
  const before = cpuSeconds(sandbox.pid);
  const outcomes = await Promise.all(
    orders.map((order) => runScript<{ ms: number }>('ops/bench/sandbox-load.ts', [JSON.stringify(order)])),
  );
  const cpuS = cpuSeconds(sandbox.pid) - before;
  return {
    textsPerS: outcomes.reduce((sum, { ms }) => sum + textsAClient / (ms / 1000), 0),
    cpuUsAText: (cpuS * 1e6) / (clients * textsAClient),
    peakMb: residentMb(sandbox.pid).peak,
    bytesAMessage: await bytesAMessage(),
  };
}

export function printSandbox(figures: SandboxFigures): void {
  console.table({
    [`sandbox alone, texts a second of ${clients} connections`]: { is: Math.round(figures.textsPerS) },
    'its processor a text, µs': { is: Math.round(figures.cpuUsAText) },
    'its memory at most, MB': { is: Math.round(figures.peakMb) },
    'memory of a kept message, bytes': { is: figures.bytesAMessage },
  });
}

/** The key of a client that is signed in, and the chat to write to. */
async function orderFor(port: number, folder: string): Promise<LoadOrder> {
  const publicKeyPem = await readFile(join(folder, 'sandbox', 'public-key.pem'), 'utf8');
  const client = await connectClient({ port, publicKeyPem });
  const { channelId, accessHash } = (await demoPeer(client)) as Api.InputPeerChannel;
  const key = client.session.getAuthKey(2)!.getKey()!;
  await client.client.destroy();
  return {
    port,
    keyHex: key.toString('hex'),
    salt: String(saltOf(key)),
    inFlight: 64,
    channelId: String(channelId),
    accessHash: String(accessHash),
    texts: textsAClient,
  };
}
