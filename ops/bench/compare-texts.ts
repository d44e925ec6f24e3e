/** Texts: the text gateway over HTTP beside the bare client library, at rising concurrency, in turns. */
import { cpuSeconds } from './process-figures.ts';
import { runScript } from './processes.ts';
import { startTextStack, type TextStack, type TextStackOptions } from './text-stack.ts';
import type { Accepted, Measured, TextRow } from './text-figures.ts';

const levels = [1, 8, 32, 128];
const acceptLevel = 32;
/** Both are measured so often, one after the other, for the machine is not the same from minute to minute. */
const rounds = 3;
/** A gateway runs for weeks: what is measured is not its first second, in which the engine compiles it. */
const warmUp = { level: 32, seconds: 4 };

export interface TextsOptions extends TextStackOptions {
  /** How long each of the rounds takes. */
  readonly seconds: number;
}

/** Every text is durably accepted, delivered and answered; accepting alone is measured with sending paused. */
export async function compareTexts(options: TextsOptions): Promise<{ texts: TextRow[]; accepted: Accepted }> {
  const stack = await startTextStack(options);
  await load(stack, warmUp.level, warmUp.seconds);
  const texts: TextRow[] = [];
  for (const concurrency of levels) texts.push(await compare(stack, concurrency, options.seconds));
  return { texts, accepted: await acceptOnly(stack, options.seconds) };
}

async function compare(stack: TextStack, concurrency: number, seconds: number): Promise<TextRow> {
  const bare: Measured[] = [];
  const gateway: Measured[] = [];
  const spent = { gateway: 0, sandbox: 0 };
  for (let round = 0; round < rounds; round++) {
    bare.push(
      await runScript<Measured>('ops/bench/bare-client.ts', [
        ...[String(stack.port), stack.keyFile, String(concurrency), String(seconds), stack.chats.join(',')],
      ]),
    );
    const before = spentBy(stack);
    gateway.push(await load(stack, concurrency, seconds));
    const after = spentBy(stack);
    spent.gateway += after.gateway - before.gateway;
    spent.sandbox += after.sandbox - before.sandbox;
  }
  const [whole, ceiling] = [middleOf(gateway), middleOf(bare)];
  return {
    concurrency,
    bare: ceiling,
    gateway: whole,
    ratio: whole.perSecond / ceiling.perSecond,
    cpuSPer1000: (spent.gateway / whole.count) * 1000,
    sandboxCpuSPer1000: (spent.sandbox / whole.count) * 1000,
  };
}

function spentBy({ gateway, sandbox }: TextStack) {
  return { gateway: cpuSeconds(gateway.pid), sandbox: cpuSeconds(sandbox.pid) };
}

/** The median of each figure, and all that was sent. */
function middleOf(measured: readonly Measured[]): Measured {
  const median = (of: (each: Measured) => number) =>
    measured.map(of).toSorted((a, b) => a - b)[Math.floor(measured.length / 2)]!;
  return {
    perSecond: median(({ perSecond }) => perSecond),
    count: measured.reduce((sum, { count }) => sum + count, 0),
    p50: median(({ p50 }) => p50),
    p99: median(({ p99 }) => p99),
  };
}

async function acceptOnly(stack: TextStack, seconds: number): Promise<Accepted> {
  await fetch(`${stack.gatewayUrl}/pause`, { method: 'POST' });
  const before = cpuSeconds(stack.gateway.pid);
  const { perSecond, p50, p99, count } = await load(stack, acceptLevel, seconds, { wait: 0 });
  const cpuSPer1000 = ((cpuSeconds(stack.gateway.pid) - before) / count) * 1000;
  return { concurrency: acceptLevel, perSecond, p50, p99, cpuSPer1000 };
}

function load(stack: TextStack, concurrency: number, seconds: number, fields = {}): Promise<Measured> {
  return runScript<Measured>('ops/bench/load.ts', [
    ...[`${stack.gatewayUrl}/send_text`, String(concurrency), String(seconds)],
    ...[stack.chats.join(','), JSON.stringify(fields)],
  ]);
}
