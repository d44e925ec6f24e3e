/**
 * npm run bench: the gateways over HTTP beside the bare client library, against the sandbox, in turns and in one run.
 * Ratios are what counts; absolute figures belong to the machine. `--seconds N` a measurement of texts, `--full` for
 * files of 2 GB in place of small ones, `--only texts` or `--only files`, `--json FILE`; `--profile FOLDER` for where the
 * gateways' and the sandbox's time goes in files.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Measured } from './measured.ts';
import { runScript, startProcess, type Running } from './processes.ts';
import { untilWarm } from './upload-stack.ts';
import { farOff, printUploads } from './upload-table.ts';
import { compareUploads } from './uploads.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    full: { type: 'boolean', default: false },
    only: { type: 'string' },
    json: { type: 'string' },
    profile: { type: 'string' },
  },
});
if (values.only !== undefined && values.only !== 'texts' && values.only !== 'files') {
  console.error(`--only takes texts or files, not ${values.only}`);
  process.exit(2);
}
const levels = [1, 8, 32, 128];

interface Row {
  readonly concurrency: number;
  readonly bare: Measured;
  readonly gateway: Measured;
  readonly ratio: number;
}

const folder = mkdtempSync(join(tmpdir(), 'vestnik-bench-'));
const running: Running[] = [];
try {
  const machine = { cpu: cpus()[0]!.model, cores: cpus().length, load: loadavg()[0], node: process.version };
  const texts = values.only === 'files' ? [] : await compare();
  if (texts.length > 0) print(texts, machine);
  await stopAll();
  const { full, profile, json } = values;
  const files = values.only === 'texts' ? [] : await compareUploads(folder, { full, profile, running });
  if (files.length > 0) printUploads(files);
  for (const complaint of farOff(files)) {
    console.error(complaint);
    process.exitCode = 1;
  }
  if (json) writeFileSync(json, JSON.stringify({ machine, texts, files }, undefined, 2) + '\n');
} finally {
  await stopAll();
  rmSync(folder, { recursive: true, force: true });
}

async function stopAll(): Promise<void> {
  for (const each of running.splice(0).reverse()) await each.stop();
}

async function compare(): Promise<Row[]> {
  const sandbox = await startProcess('apps/sandbox/main.ts', {
    ...{ DATA_DIR: folder, SANDBOX_PORT: '0', SANDBOX_HTTP_PORT: '0', LOG_LEVEL: 'info' },
  });
  running.push(sandbox);
  const { port, http_port: httpPort } = sandbox.listening as { port: number; http_port: number };
  const keyFile = join(folder, 'sandbox/public-key.pem');
  const world = `http://127.0.0.1:${httpPort}/world`;
  await fetch(world, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ dialogs: 300, users: 50 }),
  });
  const { chats } = (await (await fetch(world)).json()) as {
    chats: { chat_id: string; in_dialogs: boolean }[];
  };
  const gateway = await startProcess('apps/send-text/main.ts', {
    ...{ PORT: '0', DATA_DIR: join(folder, 'gateway'), SEND_CONCURRENCY: '128' },
    // Paces set the rate by themselves; what the gateway costs shows without them. The gates stay.
    ...{ PACE_CHAT_PER_S: '0', PACE_GROUP_PER_MIN: '0', PACE_ACCOUNT_PER_S: '0' },
    ...{ TELEGRAM_DC: `127.0.0.1:${port}`, TELEGRAM_DC_PUBLIC_KEY_FILE: keyFile },
  });
  running.push(gateway);
  const url = `http://127.0.0.1:${gateway.listening.port}`;
  await untilWarm(url);

  const ids = chats.filter((chat) => chat.in_dialogs).map((chat) => chat.chat_id);
  const rows: Row[] = [];
  for (const concurrency of levels) {
    const bare = await runScript<Measured>('ops/bench/bare-client.ts', [
      ...[String(port), keyFile, String(concurrency), values.seconds],
    ]);
    const through = await runScript<Measured>('ops/bench/load.ts', [
      ...[`${url}/send_text`, String(concurrency), values.seconds, ids.join(',')],
    ]);
    rows.push({ concurrency, bare, gateway: through, ratio: through.perSecond / bare.perSecond });
  }
  return rows;
}

function print(rows: readonly Row[], machine: Record<string, unknown>): void {
  console.log(
    `${machine.cpu}, ${machine.cores} cores, load ${Number(machine.load).toFixed(1)}, Node ${machine.node}`,
  );
  console.table(
    rows.map(({ concurrency, bare, gateway, ratio }) => ({
      'at a time': concurrency,
      'bare texts/s': Math.round(bare.perSecond),
      'gateway texts/s': Math.round(gateway.perSecond),
      ratio: ratio.toFixed(2),
      'bare p50/p99 ms': `${bare.p50.toFixed(2)} / ${bare.p99.toFixed(2)}`,
      'gateway p50/p99 ms': `${gateway.p50.toFixed(2)} / ${gateway.p99.toFixed(2)}`,
    })),
  );
}
