/** A long run: 500 texts a second with faults now and then, and what the gateway holds as it goes on. */
import { readdirSync } from 'node:fs';
import { residentMb } from './process-figures.ts';
import { runScript } from './processes.ts';
import type { Measured } from './text-figures.ts';
import { startTextStack, type TextStack, type TextStackOptions } from './text-stack.ts';

export interface SoakOptions extends TextStackOptions {
  readonly minutes: number;
}

/** One slice of the run. */
export interface SoakRow {
  readonly minute: number;
  readonly texts: number;
  readonly p50: number;
  readonly p99: number;
  readonly residentMb: number;
  readonly descriptors: number;
  /** Timers, sockets and the like that Node counts. */
  readonly resources: number;
}

const perSecond = 500;
const connections = 32;
const sliceSeconds = 30;
/** At most 1 call in 1,000 is answered so. */
const faults = [
  { method: 'messages.sendMessage', error: 'FLOOD_WAIT_1', probability: 0.0002 },
  { method: 'messages.sendMessage', error: 'RPC_CALL_FAIL', probability: 0.0005 },
  { method: 'messages.sendMessage', drop: 'after', probability: 0.0001 },
];

/** Prints a line for each slice, and answers with them. */
export async function soak(options: SoakOptions): Promise<SoakRow[]> {
  const stack = await startTextStack(options);
  const rows: SoakRow[] = [];
  for (let second = 0; second < options.minutes * 60; second += sliceSeconds) {
    await post(`${stack.sandboxUrl}/reset`);
    await post(`${stack.sandboxUrl}/faults`, faults);
    const { count, p50, p99 } = await runScript<Measured>('ops/bench/load.ts', [
      ...[`${stack.gatewayUrl}/send_text`, String(connections), String(sliceSeconds)],
      ...[stack.chats.join(','), '{}', String(perSecond)],
    ]);
    const row = { minute: (second + sliceSeconds) / 60, texts: count, p50, p99, ...(await held(stack)) };
    rows.push(row);
    console.log(JSON.stringify(row));
  }
  return rows;
}

async function held({ gateway, gatewayUrl }: TextStack) {
  const metrics = await (await fetch(`${gatewayUrl}/metrics`)).text();
  return {
    residentMb: residentMb(gateway.pid).now,
    descriptors: readdirSync(`/proc/${gateway.pid}/fd`).length,
    resources: [...metrics.matchAll(/^nodejs_active_resources\{.*\} (\d+)$/gm)].reduce(
      (sum, [, count]) => sum + Number(count),
      0,
    ),
  };
}

async function post(url: string, body?: unknown): Promise<void> {
  const init = body === undefined ? {} : { body: JSON.stringify(body) };
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    ...init,
  });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
}
