/** What `npm start` runs: which processes, with which settings, in which order, and how each shows that it is up. */
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { integer, readConfig, text, type Setting } from '../kit/config.ts';
import type { Environment } from '../kit/environment.ts';
import { telegramIsConfigured } from './credentials.ts';

export interface Address {
  readonly host: string;
  readonly port: number;
  /** The setting that chooses the port. */
  readonly setting: string;
}

/** One process to keep running. */
export interface ServiceSpec {
  readonly name: string;
  /** Path of its main.ts. */
  readonly entry: string;
  /** What it gets beside the launcher's own environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly listens: readonly Address[];
  /** Up when this URL answers: anything at all, or 200 where `mustBeOk`. */
  readonly ready: { readonly url: string; readonly mustBeOk: boolean };
  /** Services that must be up before this one is started. */
  readonly after: readonly string[];
}

export interface Plan {
  /** Whether Telegram is simulated. */
  readonly sandbox: boolean;
  readonly dataDir: string;
  /** Where every service finds what was compiled before. */
  readonly compiledDir: string;
  readonly urls: Readonly<{ text: string; media: string; monitor: string; inbox: string }>;
  readonly services: readonly ServiceSpec[];
}

/**
 * The plan for an environment. `appsDir` holds a folder for each process.
 * @throws ConfigError when a port or folder setting is wrong
 */
export function createPlan(env: Environment, appsDir: URL, socketPath: string): Plan {
  const sandbox = !telegramIsConfigured(env);
  const dataDir = dataDirOf(env);
  const text = gatewayAddress(env, 'SEND_TEXT', 5022);
  const media = gatewayAddress(env, 'SEND_MEDIA', 5023);
  const monitor = monitorAddress(env);
  const { mtproto, others, inbox } = sandboxAddresses(env);
  const urls = { text: urlOf(text), media: urlOf(media), monitor: urlOf(monitor), inbox: urlOf(inbox) };

  const entry = (name: string) => fileURLToPath(new URL(`${name}/main.ts`, appsDir));
  const gateway = (name: string, address: Address): ServiceSpec => ({
    name,
    entry: entry(name),
    env: sandbox ? simulatedTelegram(env, dataDir, mtproto) : {},
    listens: [address],
    ready: { url: `${urlOf(address)}/health`, mustBeOk: false },
    after: sandbox ? ['sandbox'] : [],
  });
  const sandboxService: ServiceSpec = {
    name: 'sandbox',
    entry: entry('sandbox'),
    env: { DATA_DIR: dataDir, SANDBOX_HOST: inbox.host },
    listens: [mtproto, ...others, inbox],
    ready: { url: `${urls.inbox}/public-key.pem`, mustBeOk: true },
    after: [],
  };
  const monitorService: ServiceSpec = {
    name: 'monitor',
    entry: entry('monitor'),
    env: {
      LAUNCHER_SOCKET: socketPath,
      ...(env.SERVICES || env.SERVICES_FILE ? {} : { SERVICES: servicesAt(urls) }),
      INBOX_URL: env.INBOX_URL || urls.inbox,
    },
    listens: [monitor],
    ready: { url: `${urls.monitor}/health`, mustBeOk: false },
    after: [],
  };
  const services = [gateway('send-text', text), gateway('send-media', media), monitorService];
  // With what it compiled before, a process starts sooner and never loads the compiler of TypeScript: 35 MB less.
  const compiledDir = resolve(env.NODE_COMPILE_CACHE || join(dataDir, 'compiled'));
  const compiled = { NODE_COMPILE_CACHE: compiledDir };
  const all = (sandbox ? [sandboxService, ...services] : services).map((service) => ({
    ...service,
    env: { ...compiled, ...service.env },
  }));
  return { sandbox, dataDir, compiledDir, urls, services: all };
}

/** The folder of all stored data, absolute. */
export function dataDirOf(env: Environment): string {
  return resolve(env.DATA_DIR || 'data');
}

/** What points a gateway at the sandbox; its data stay apart from what real Telegram will leave one day. */
function simulatedTelegram(env: Environment, dataDir: string, mtproto: Address): Record<string, string> {
  const sandboxDir = resolve(env.SANDBOX_DATA_DIR || dataDir);
  return {
    TELEGRAM_DC: `${reachable(mtproto)}:${mtproto.port}`,
    TELEGRAM_DC_PUBLIC_KEY_FILE: join(sandboxDir, 'sandbox', 'public-key.pem'),
    DATA_DIR: env.DATA_DIR ? dataDir : join(dataDir, 'simulated'),
  };
}

/** Where a gateway listens, read as it reads it itself. */
function gatewayAddress(env: Environment, prefix: string, fallback: number): Address {
  const settings = { HOST: text('127.0.0.1', 'an address'), PORT: listeningPort(fallback) };
  const { HOST, PORT } = readConfig(settings, env, prefix);
  return { host: HOST, port: PORT, setting: `${prefix}_PORT` };
}

/** What the monitor is told to watch, unless SERVICES says it. */
function servicesAt(urls: Readonly<Record<'text' | 'media', string>>): string {
  const labels = ['text', 'media'] as const;
  return JSON.stringify(labels.map((label) => ({ name: `send-${label}`, label, url: urls[label] })));
}

function monitorAddress(env: Environment): Address {
  const settings = { MONITOR_HOST: text('127.0.0.1', 'an address'), MONITOR_PORT: listeningPort(5099) };
  const { MONITOR_HOST, MONITOR_PORT } = readConfig(settings, env, 'MONITOR');
  return { host: MONITOR_HOST, port: MONITOR_PORT, setting: 'MONITOR_PORT' };
}

/** The sandbox leaves this machine only where that is asked for by its own setting, not by the plain HOST. */
function sandboxAddresses(env: Environment): { mtproto: Address; others: Address[]; inbox: Address } {
  const settings = {
    SANDBOX_HOST: text('127.0.0.1', 'an address'),
    SANDBOX_PORT: listeningPort(4430),
    SANDBOX_SECOND_PORT: chosenPort,
    SANDBOX_DC1_PORT: chosenPort,
    SANDBOX_MEDIA_PORT: chosenPort,
    SANDBOX_PROXY_PORT: chosenPort,
    SANDBOX_HTTP_PORT: listeningPort(4431),
  };
  const { SANDBOX_HOST: host, ...ports } = readConfig(settings, env, 'SANDBOX');
  const further = [
    'SANDBOX_SECOND_PORT',
    'SANDBOX_DC1_PORT',
    'SANDBOX_MEDIA_PORT',
    'SANDBOX_PROXY_PORT',
  ] as const;
  const others = further.flatMap((setting) => {
    const port = ports[setting];
    return port === undefined ? [] : [{ host, port, setting }];
  });
  return {
    mtproto: { host, port: ports.SANDBOX_PORT, setting: 'SANDBOX_PORT' },
    others,
    inbox: { host, port: ports.SANDBOX_HTTP_PORT, setting: 'SANDBOX_HTTP_PORT' },
  };
}

/** Left open, the sandbox chooses a port that is free. */
const chosenPort: Setting<number | undefined> = { ...integer(0, 0, 65_535, 'a port'), fallback: undefined };

function listeningPort(fallback: number) {
  return integer(fallback, 1, 65_535, 'a port');
}

function urlOf(address: Address): string {
  return `http://${reachable(address)}:${address.port}`;
}

/** How this machine reaches an address: what listens everywhere answers on loopback too. */
function reachable({ host }: Address): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
