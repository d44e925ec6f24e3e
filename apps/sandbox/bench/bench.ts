/** Runs the parts of the benchmark one after the other and prints a table. Everything that it starts ends with it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectClient } from '../../testkit/library-client.ts';
import { demoPeer } from '../../testkit/requests.ts';
import { saltOf } from '../mtproto/salts.ts';
import type { Api } from 'telegram/tl/index.js';
import type { LoadOrder } from './load.ts';
import { bytesAMessage } from './memory.ts';

const CLIENTS = 4;
const TEXTS_A_CLIENT = 25_000;
const LIBRARY_TEXTS = 10_000;
const UPLOAD_MB = 1024;
const TICKS_PER_SECOND = 100;

interface Row {
  what: string;
  figure: string;
}

interface Outcome {
  ms: number;
  cpuMs: number;
}

/** A sandbox in a process of its own. */
interface Running {
  process: ChildProcess;
  pid: number;
  port: number;
  publicKeyPem: string;
  startMs: number;
}

/** `args` are names of parts (texts, library, upload, memory), all where there are none; `--cpu-prof` profiles the sandbox. */
export async function runBench(args: readonly string[]): Promise<void> {
  const names = args.filter((arg) => !arg.startsWith('--'));
  const wants = (part: string) => names.length === 0 || names.includes(part);
  const folder = await mkdtemp(join(tmpdir(), 'vestnik-sandbox-bench-'));
  const rows: Row[] = [];
  const sandbox = await start(folder, args.includes('--cpu-prof') ? ['--cpu-prof', '--cpu-prof-dir=.'] : []);
  try {
    rows.push({ what: 'start, until it listens', figure: `${Math.round(sandbox.startMs)} ms` });
    const order = await orderFor(sandbox);
    if (wants('texts')) rows.push(...(await texts(sandbox, order)));
    if (wants('library')) rows.push(...(await library(sandbox)));
    if (wants('upload')) {
      rows.push(...(await upload(sandbox, 'plain client', 'upload-load.ts', order)));
      const { port, publicKeyPem } = sandbox;
      rows.push(...(await upload(sandbox, 'client library', 'library-upload.ts', { port, publicKeyPem })));
    }
    if (wants('memory'))
      rows.push({ what: 'memory a message kept', figure: `${await bytesAMessage()} bytes` });
  } finally {
    sandbox.process.kill('SIGTERM');
    await once(sandbox.process, 'exit');
    await rm(folder, { recursive: true, force: true });
  }
  for (const { what, figure } of rows) process.stdout.write(`${what.padEnd(60)}${figure}\n`);
}

async function start(folder: string, flags: readonly string[]): Promise<Running> {
  const main = join(import.meta.dirname, '..', 'main.ts');
  const env = { PATH: process.env.PATH, SANDBOX_PORT: '0', SANDBOX_HTTP_PORT: '0', DATA_DIR: folder };
  const before = performance.now();
  const child = spawn(process.execPath, [...flags, main], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const startMs = performance.now() - before;
  child.stdout.resume();
  const { port } = JSON.parse(line.toString().split('\n')[0]!) as { port: number };
  const publicKeyPem = await readFile(join(folder, 'sandbox', 'public-key.pem'), 'utf8');
  return { process: child, pid: child.pid!, port, publicKeyPem, startMs };
}

/** The key of a client that is signed in, and the chat to write to. */
async function orderFor(sandbox: Running): Promise<LoadOrder> {
  const client = await connectClient(sandbox);
  const { channelId, accessHash } = (await demoPeer(client)) as Api.InputPeerChannel;
  const key = client.session.getAuthKey(2)!.getKey()!;
  await client.client.destroy();
  return {
    ...{ port: sandbox.port, keyHex: key.toString('hex'), salt: String(saltOf(key)), inFlight: 64 },
    ...{ channelId: String(channelId), accessHash: String(accessHash), texts: TEXTS_A_CLIENT },
  };
}

async function texts(sandbox: Running, order: LoadOrder): Promise<Row[]> {
  const before = await cpuMsOf(sandbox.pid);
  const outcomes = await Promise.all(Array.from({ length: CLIENTS }, () => load('load.ts', order)));
  const cpuMs = (await cpuMsOf(sandbox.pid)) - before;
  const total = CLIENTS * TEXTS_A_CLIENT;
  const perSecond = outcomes.reduce((sum, { ms }) => sum + TEXTS_A_CLIENT / (ms / 1000), 0);
  const clientCpuMs = outcomes.reduce((sum, outcome) => sum + outcome.cpuMs, 0);
  return [
    {
      what: `texts a second, ${CLIENTS} connections in other processes`,
      figure: Math.round(perSecond).toString(),
    },
    { what: '  processor of the sandbox a text', figure: `${Math.round((cpuMs * 1000) / total)} µs` },
    {
      what: '  processor of the plain clients a text',
      figure: `${Math.round((clientCpuMs * 1000) / total)} µs`,
    },
    { what: '  largest memory of the sandbox', figure: await peakOf(sandbox.pid) },
  ];
}

async function library(sandbox: Running): Promise<Row[]> {
  const before = await cpuMsOf(sandbox.pid);
  const { port, publicKeyPem } = sandbox;
  const { ms, cpuMs } = await load('library-load.ts', { port, publicKeyPem, texts: LIBRARY_TEXTS });
  const sandboxCpuMs = (await cpuMsOf(sandbox.pid)) - before;
  const perText = (total: number) => `${Math.round((total * 1000) / LIBRARY_TEXTS)} µs`;
  return [
    {
      what: 'texts a second of the client library',
      figure: Math.round(LIBRARY_TEXTS / (ms / 1000)).toString(),
    },
    { what: '  processor of the sandbox a text', figure: perText(sandboxCpuMs) },
    { what: '  processor of the library a text', figure: perText(cpuMs) },
  ];
}

async function upload(sandbox: Running, client: string, script: string, order: object): Promise<Row[]> {
  const before = await cpuMsOf(sandbox.pid);
  const { ms, cpuMs } = await load(script, { ...order, megabytes: UPLOAD_MB });
  const sandboxCpuMs = (await cpuMsOf(sandbox.pid)) - before;
  return [
    {
      what: `upload of ${UPLOAD_MB} MB by the ${client}`,
      figure: `${Math.round(UPLOAD_MB / (ms / 1000))} MB/s`,
    },
    { what: '  processor of the sandbox', figure: `${Math.round(sandboxCpuMs)} ms` },
    { what: `  processor of the ${client}`, figure: `${Math.round(cpuMs)} ms` },
    { what: '  largest memory of the sandbox', figure: await peakOf(sandbox.pid) },
  ];
}

/** Runs one client process to its end. */
async function load(script: string, order: object): Promise<Outcome> {
  const file = join(import.meta.dirname, script);
  const child = spawn(process.execPath, [file, JSON.stringify(order)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  if (code !== 0) throw new Error(`${script} ended with ${code}`);
  return JSON.parse(output) as Outcome;
}

/** Processor time of a process; on Linux alone, elsewhere NaN. */
async function cpuMsOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND;
}

async function peakOf(pid: number): Promise<string> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kilobytes = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? NaN);
  return `${Math.round(kilobytes / 1024)} MB`;
}
