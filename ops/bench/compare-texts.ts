/** Texts: the text gateway over HTTP beside the bare client library, at rising concurrency, in turns. */
import { cpuSeconds } from './process-figures.ts';
import { runScript } from './processes.ts';
import { startTextStack, type TextStack, type TextStackOptions } from './text-stack.ts';
import type { Accepted, Measured, TextRow } from './text-figures.ts';

const levels = [1, 8, 32, 128];
const acceptLevel = 32;
/** A gateway runs for weeks: what is measured is not its first second, in which the engine compiles it. */
const warmUp = { level: 32, seconds: 4 };

export interface TextsOptions extends TextStackOptions {
  /** How long each measurement takes. */
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
  const bare = await runScript<Measured>('ops/bench/bare-client.ts', [
    ...[String(stack.port), stack.keyFile, String(concurrency), String(seconds), stack.chats.join(',')],
  ]);
  const before = { gateway: cpuSeconds(stack.gateway.pid), sandbox: cpuSeconds(stack.sandbox.pid) };
  const gateway = await load(stack, concurrency, seconds);
  const per1000 = (spent: number) => (spent / gateway.count) * 1000;
  return {
    ...{ concurrency, bare, gateway, ratio: gateway.perSecond / bare.perSecond },
    cpuSPer1000: per1000(cpuSeconds(stack.gateway.pid) - before.gateway),
    sandboxCpuSPer1000: per1000(cpuSeconds(stack.sandbox.pid) - before.sandbox),
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
