/** What a start takes with many chats known, how fast a chat is found among more, and what idle processes hold. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase } from '../../apps/gateway/storage/sqlite/database.ts';
import { createNameTable } from '../../apps/gateway/storage/sqlite/name-table.ts';
import { createPeerTable } from '../../apps/gateway/storage/sqlite/peer-table.ts';
import { residentMb } from './process-figures.ts';
import { compile, startProcess, type Running } from './processes.ts';
import { startTextStack, type TextStackOptions } from './text-stack.ts';
import type { PeerTable } from '../../apps/gateway/storage/tables.ts';

export interface StartFigures {
  /** From the start of the process until /health is good, with so many chats known, and the dialog pages it asked for. */
  readonly start: { readonly peers: number; readonly seconds: number; readonly dialogPages: number };
  readonly lookups: { readonly peers: number; readonly byIdUs: number; readonly byNameUs: number };
  /** Resident memory once idle, in megabytes. */
  readonly idleMb: { readonly gateway: number; readonly monitor: number; readonly sandbox: number };
}

const knownPeers = 10_000;
const manyPeers = 100_000;
const idleSeconds = 10;
const account = 'main';

export async function measureStarts(options: TextStackOptions): Promise<StartFigures> {
  const compiled = join(options.folder, 'compiled');
  await compile(['sandbox', 'send-text', 'monitor'], compiled);
  const { sandbox, gateway, port, keyFile, sandboxUrl } = await startTextStack(options);
  const dataDir = join(options.folder, 'gateway');
  await gateway.stop();
  const db = openDatabase(join(dataDir, 'vestnik.db'));
  fill(createPeerTable(db, account), knownPeers);
  db.close();
  await fetch(`${sandboxUrl}/reset`, { method: 'POST' });
  const start = (script: string, env: Record<string, string>) =>
    startProcess(script, { NODE_COMPILE_CACHE: compiled, ...env });
  const startedAt = performance.now();
  const again = await start('apps/send-text/main.ts', {
    PORT: '0',
    DATA_DIR: dataDir,
    TELEGRAM_DC: `127.0.0.1:${port}`,
    TELEGRAM_DC_PUBLIC_KEY_FILE: keyFile,
  });
  options.running.push(again);
  await untilHealthy(again);
  const seconds = (performance.now() - startedAt) / 1000;
  const monitor = await start('apps/monitor/main.ts', {
    MONITOR_PORT: '0',
    DATA_DIR: join(options.folder, 'monitor'),
    SUPERVISOR: 'process',
    CLOCK_REFERENCE_URL: 'none',
  });
  options.running.push(monitor);
  await new Promise((resolve) => setTimeout(resolve, idleSeconds * 1000));
  const report = (await (await fetch(`${sandboxUrl}/report`)).json()) as { rpc: Record<string, number> };
  const idle = (process: Running) => residentMb(process.pid).now;
  return {
    start: { peers: knownPeers, seconds, dialogPages: report.rpc['messages.getDialogs'] ?? 0 },
    lookups: measureLookups(join(options.folder, 'peers')),
    idleMb: { gateway: idle(again), monitor: idle(monitor), sandbox: idle(sandbox) },
  };
}

/** Each chat is asked for once, so that none is found in memory. */
function measureLookups(folder: string): StartFigures['lookups'] {
  mkdirSync(folder);
  const db = openDatabase(join(folder, 'vestnik.db'));
  const peers = createPeerTable(db, account);
  fill(peers, manyPeers);
  const asked = Array.from({ length: 20_000 }, (_, index) => (index * 7_919) % manyPeers);
  const microseconds = (find: (number: number) => unknown) => {
    const startedAt = performance.now();
    for (const number of asked) if (find(number) === undefined) throw new Error(`chat ${number} is missing`);
    return ((performance.now() - startedAt) * 1000) / asked.length;
  };
  const byIdUs = microseconds((number) => peers.byId(idOf(number)));
  const names = createNameTable(db, account, { perMinute: 0, perDay: 0 });
  const byNameUs = microseconds((number) => names.find(`@user${number}`, Date.now()));
  db.close();
  return { peers: manyPeers, byIdUs, byNameUs };
}

function fill(peers: PeerTable, count: number): void {
  const numbers = Array.from({ length: count }, (_, number) => number);
  peers.save(
    numbers.map((number) => ({
      chatId: idOf(number),
      kind: 'user',
      accessHash: '1',
      title: `User ${number}`,
      username: `user${number}`,
      phone: undefined,
      writable: true,
    })),
    Date.now(),
  );
}

function idOf(number: number): string {
  return String(5_000_000_000 + number);
}

async function untilHealthy({ listening }: Running): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (performance.now() < deadline) {
    const response = await fetch(`http://127.0.0.1:${listening.port}/health`);
    const { status } = (await response.json()) as { status: string };
    if (status === 'ok') return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error('the gateway was not healthy within 20 s');
}
