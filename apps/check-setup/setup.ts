/** What is to be checked: the settings of each service as it reads them itself, and which gateways run already. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { holdLock, LockHeld } from '../gateway/storage/lock.ts';
import { inspectGatewayConfig, noSession, type Endpoint, type Raw } from '../gateway/settings.ts';
import { services, type ServiceName } from '../gateway/telegram/session-file.ts';
import { ConfigError } from '../kit/config.ts';
import type { Environment } from '../kit/environment.ts';
import { StartError } from '../kit/run.ts';
import { readMonitorConfig, type MonitorConfig } from '../monitor/settings.ts';
import { askGateway, type Running } from './running.ts';

/** A gateway whose settings are right one by one. */
export interface Gateway {
  readonly name: ServiceName;
  readonly config: Raw;
  /** Where it connects and as whom; undefined where it is not known. */
  readonly endpoint: Endpoint | undefined;
  /** What it answers, where it runs: its session is not to be opened then. */
  readonly running: Running | undefined;
  /** Why its session is not to be opened although it does not answer. */
  readonly lockTrouble: string | undefined;
}

export interface Setup {
  readonly env: Environment;
  readonly gateways: readonly Gateway[];
  readonly monitor: MonitorConfig | undefined;
  /** What is wrong with the settings, by service. */
  readonly problems: ReadonlyMap<string, readonly string[]>;
  /** Where backups are looked for. */
  readonly backups: string;
  /** Lets the gateways start again. */
  release(): void;
}

const defaultPorts = { 'send-text': 5022, 'send-media': 5023 } as const;

const all = [...services, 'monitor'] as const;
type Name = (typeof all)[number];

/** The services that are named, or all of them. @throws Error for a name that is none */
export function namesOf(words: readonly string[]): readonly Name[] {
  const unknown = words.find((word) => !all.some((name) => name === word));
  if (unknown !== undefined)
    throw new Error(`${unknown} is not a service: name any of ${all.join(', ')}, or none`);
  return words.length === 0 ? all : all.filter((name) => words.includes(name));
}

/** Reads the settings and holds the locks of the gateways that do not run. Makes no folder. */
export async function readSetup(env: Environment, names: readonly Name[], backups: string): Promise<Setup> {
  const problems = new Map<string, readonly string[]>();
  const releases: (() => void)[] = [];
  const gateways: Gateway[] = [];
  for (const name of services.filter((each) => names.includes(each))) {
    const read = reading(name, problems, () => inspectGatewayConfig(env, name, defaultPorts[name]));
    if (!read) continue;
    problems.set(
      name,
      read.problems.filter((problem) => problem !== noSession),
    );
    const { raw: config, endpoint } = read;
    const held = hold(name, config);
    if (held.release) releases.push(held.release);
    const running = held.isTaken ? await askGateway(name, config) : undefined;
    gateways.push({ name, config, endpoint, running, lockTrouble: running ? undefined : held.trouble });
  }
  const monitor = names.includes('monitor')
    ? reading('monitor', problems, () => readMonitorConfig(env))
    : undefined;
  if (monitor) problems.set('monitor', []);
  return { env, gateways, monitor, problems, backups, release: () => releases.forEach((each) => each()) };
}

/** What `read` answers; where it throws, what it says is a problem of the service. */
function reading<T>(name: string, problems: Map<string, readonly string[]>, read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ConfigError || error instanceof StartError)) throw error;
    problems.set(name, error instanceof ConfigError ? error.problems : [error.message]);
    return undefined;
  }
}

/** Whether a file of the owner `uid` is this user's; always, where there are no such ids. */
export function isThisUser(uid: number): boolean {
  return process.getuid === undefined || process.getuid() === uid;
}

interface Held {
  readonly release?: () => void;
  readonly isTaken?: true;
  readonly trouble?: string;
}

/** Keeps a gateway from starting. A DATA_DIR that is not there yet has none. */
function hold(name: ServiceName, { DATA_DIR, TELEGRAM_ACCOUNT }: Raw): Held {
  const owner = statSync(DATA_DIR, { throwIfNoEntry: false })?.uid;
  if (owner === undefined) return {};
  // What another user made there, the gateway could not open.
  if (!isThisUser(owner)) return { trouble: `DATA_DIR belongs to user ${owner}: run this as that user` };
  try {
    return { release: holdLock(join(DATA_DIR, `${TELEGRAM_ACCOUNT}.${name}.lock`), name) };
  } catch (error) {
    return { ...(error instanceof LockHeld && { isTaken: true }), trouble: (error as Error).message };
  }
}
