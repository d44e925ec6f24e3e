/**
 * Both gateways as processes under load, killed at random moments and started again, while Telegram often does what it
 * is asked and never says so. Then whether everything that was accepted arrived, once and in order.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Release } from '../../apps/kit/release.ts';
import { randomFrom } from '../../apps/kit/random.ts';
import { askJson } from '../../apps/scenario/http.ts';
import { openStack, startGateway, type Gateway, type Stack } from '../../apps/scenario/stack.ts';
import type { Report } from '../../apps/testkit/report.ts';
import { Caller } from './caller.ts';
import { judge, type Verdict } from './verdict.ts';

export interface CrashOptions {
  /** How many moments; at a third of them both are killed. */
  readonly kills: number;
  readonly seed: number;
  readonly logFile: string;
  readonly signal: AbortSignal;
  readonly onKill: (number: number) => void;
}

export interface CrashResult extends Verdict {
  readonly seed: number;
  readonly moments: number;
  /** Processes killed, and how many of them while they were starting. */
  readonly killed: number;
  readonly killedStarting: number;
  /** Requests that callers had to repeat. */
  readonly repeatedRequests: number;
  readonly seconds: number;
}

const callersOf = { text: 8, media: 4 };
const longestLifeMs = 800;
const settleWithinMs = 180_000;
const pauseOfCallersMs = 150;

/** Unpaced, so that as much as possible is under way at a time. */
const settings = {
  PACE_CHAT_PER_S: '0',
  PACE_GROUP_PER_MIN: '0',
  PACE_ACCOUNT_PER_S: '0',
  LOG_LEVEL: 'info',
};

const faults = [
  ...['messages.sendMessage', 'messages.sendMedia', 'messages.sendMultiMedia'].map((method) => ({
    method,
    drop: 'after',
    probability: 0.05,
  })),
  { method: 'upload.saveFilePart', drop: 'before', probability: 0.02 },
];

/** Runs the test; what it starts is ended by `release`. @throws Error when something does not come up or settle */
export async function crash(options: CrashOptions, release: Release): Promise<CrashResult> {
  const { kills, seed, signal } = options;
  const startedAt = Date.now();
  const counts = { killed: 0, killedStarting: 0, repeatedRequests: 0 };
  const stack = await openStack({ settings, inboxPort: 0, logFile: options.logFile, release });
  const callers = await openCallers(stack, () => counts.repeatedRequests++);
  for (const gateway of stack.gateways) await startGateway(gateway);
  await setFaults(stack, faults);

  const over = new AbortController();
  release.push('callers', () => over.abort());
  const sending = Promise.all(callers.map((caller) => caller.run(AbortSignal.any([over.signal, signal]))));
  const random = randomFrom(seed);
  const lives = stack.gateways.map((gateway) => new Life(gateway, random));
  for (let moment = 1; moment <= kills; moment++) {
    const which = Math.floor(random() * 3);
    const struck = which === 2 ? lives : [lives[which]!];
    await Promise.race([Promise.all(struck.map((life) => life.comeFar())), sending]);
    signal.throwIfAborted();
    for (const starting of await Promise.all(struck.map((life) => life.kill()))) {
      counts.killed++;
      if (starting) counts.killedStarting++;
    }
    options.onKill(moment);
  }
  over.abort();
  await sending;
  await setFaults(stack, []);
  await settle(stack, lives, callers);
  const { body: report } = await askJson<Report>(`${stack.sandbox.url}/report`, { timeoutMs: 120_000 });
  const seconds = Math.round((Date.now() - startedAt) / 1000);
  return { seed, moments: kills, ...judge(callers, report), ...counts, seconds };
}

async function setFaults({ sandbox }: Stack, list: readonly object[]): Promise<void> {
  const { status, body } = await askJson(`${sandbox.url}/faults`, { body: list });
  if (status !== 200) throw new Error(`the sandbox refused the faults: ${JSON.stringify(body)}`);
}

async function openCallers({ sandbox, gateways }: Stack, onRepeat: () => void): Promise<Caller[]> {
  const chats = await sandbox.setWorld({ dialogs: 30, users: 0 });
  const free = chats.filter(({ chat_id }) => chat_id.startsWith('-100'));
  return gateways.flatMap((gateway) =>
    free.splice(0, callersOf[gateway.name]).map(({ chat_id: chat }) => {
      const url = () => gateway.url;
      return new Caller({ chat, gateway: gateway.name, url, pauseMs: pauseOfCallersMs, onRepeat });
    }),
  );
}

/** A gateway from one start to the next kill. */
class Life {
  readonly #gateway: Gateway;
  readonly #random: () => number;
  #up: Promise<unknown> = Promise.resolve();

  constructor(gateway: Gateway, random: () => number) {
    this.#gateway = gateway;
    this.#random = random;
  }

  /** Lets it live a while: mostly from when it listens, else from when it was started. */
  async comeFar(): Promise<void> {
    const [isStarting, lifeMs] = [this.#random() < 0.2, this.#random() * longestLifeMs];
    if (!isStarting) await this.#up;
    await sleep(lifeMs);
  }

  /** Kills it and starts it again. Whether it was still starting. */
  async kill(): Promise<boolean> {
    const { service } = this.#gateway;
    const wasStarting = service.listeningAt < service.startedAt;
    const earlier = this.#up.catch(() => {}); // It is rejected by the kill while it was starting.
    await service.kill();
    await earlier;
    this.#up = service.start();
    this.#up.catch(() => {});
    return wasStarting;
  }

  /** Over when it listens. @throws StartError */
  async listening(): Promise<void> {
    await this.#up;
  }
}

/** Callers have their last request accepted, as they would; then the queues run empty. */
async function settle(
  { gateways }: Stack,
  lives: readonly Life[],
  callers: readonly Caller[],
): Promise<void> {
  const signal = AbortSignal.timeout(settleWithinMs);
  for (const life of lives) await life.listening();
  await Promise.all(callers.map((caller) => caller.sendNext(signal)));
  for (const { url, name } of gateways) {
    for (;;) {
      const { body } = await askJson<{ queue: { depth: number } }>(`${url}/stats`);
      if (body.queue.depth === 0) break;
      if (signal.aborted) throw new Error(`${body.queue.depth} messages of ${name} still wait`);
      await sleep(100);
    }
  }
}
