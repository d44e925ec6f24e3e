/**
 * A Prometheus and an Alertmanager of the test's own, on copies of the project's files in which only addresses differ and
 * every interval is short.
 */
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hasCommand } from './command.ts';
import { freePorts } from './ports.ts';
import { Program } from './program.ts';
import { json, post } from './stack-client.ts';

const opsDir = fileURLToPath(new URL('../', import.meta.url));
/** Debian calls it otherwise than the rest of the world. */
const alertmanagers = ['prometheus-alertmanager', 'alertmanager'];

/** Why they cannot be had here, or undefined when they can. */
export async function whyNoPrometheus(): Promise<string | undefined> {
  for (const command of ['prometheus', 'promtool'])
    if (!(await hasCommand(command))) return `needs ${command}`;
  return (await alertmanagerCommand()) === undefined ? 'needs prometheus-alertmanager' : undefined;
}

async function alertmanagerCommand(): Promise<string | undefined> {
  for (const command of alertmanagers) if (await hasCommand(command)) return command;
  return undefined;
}

export interface Watched {
  readonly text: number;
  readonly media: number;
  readonly monitor: number;
  /** Where alerts are to be POSTed. */
  readonly webhook: string;
}

/** A series as Prometheus answers a range query: each value with its time in seconds. */
export interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [number, string])[];
}

export class Observability {
  readonly dir: string;
  readonly prometheus: Program;
  readonly alertmanager: Program;

  /** Resolves when both answer. */
  static async start(watched: Watched): Promise<Observability> {
    const dir = await mkdtemp(join(tmpdir(), 'vestnik-prometheus-'));
    const started: Program[] = [];
    try {
      const [prometheusPort, alertmanagerPort] = (await freePorts(2)) as [number, number];
      await copyConfigs(dir, { ...watched, alertmanager: alertmanagerPort });
      started.push(await startAlertmanager(dir, alertmanagerPort));
      started.push(await startPrometheus(dir, prometheusPort));
      return new Observability(dir, started[1]!, started[0]!);
    } catch (error) {
      for (const program of started) await program[Symbol.asyncDispose]();
      await rm(dir, { recursive: true, force: true });
      throw error;
    }
  }

  private constructor(dir: string, prometheus: Program, alertmanager: Program) {
    this.dir = dir;
    this.prometheus = prometheus;
    this.alertmanager = alertmanager;
  }

  /** What Prometheus answers at `path` of its API. @throws what it says is wrong */
  async ask<T>(path: string, parameters: Readonly<Record<string, string>> = {}): Promise<T> {
    const url = `${this.prometheus.url}/api/v1/${path}?${new URLSearchParams(parameters).toString()}`;
    return (await json<{ data: T }>(url)).data;
  }

  /** An expression at each second from `from`, in ms since the epoch, until now. */
  async range(query: string, from: number): Promise<Series[]> {
    const times = { start: String(from / 1000), end: String(Date.now() / 1000), step: '1' };
    return (await this.ask<{ result: Series[] }>('query_range', { query, ...times })).result;
  }

  /** Writes a file of Prometheus' config, at a path within its folder; it notices by itself. */
  write(path: string, text: string): Promise<void> {
    return writeFile(join(this.dir, 'prometheus', path), text);
  }

  /** Tells Alertmanager of alerts, as a Prometheus would. */
  async alert(alerts: readonly { readonly labels: Readonly<Record<string, string>> }[]): Promise<void> {
    const { ok, status } = await fetch(`${this.alertmanager.url}/api/v2/alerts`, {
      ...post(alerts),
      signal: AbortSignal.timeout(5_000),
    });
    if (!ok) throw new Error(`Alertmanager answers ${status}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.prometheus[Symbol.asyncDispose]();
    await this.alertmanager[Symbol.asyncDispose]();
    await rm(this.dir, { recursive: true, force: true });
  }
}

async function copyConfigs(dir: string, watched: Watched & { readonly alertmanager: number }): Promise<void> {
  for (const folder of ['prometheus', 'alertmanager'])
    await cp(join(opsDir, folder), join(dir, folder), { recursive: true });
  const change = async (path: string, by: (text: string) => string) =>
    writeFile(join(dir, path), by(await readFile(join(dir, path), 'utf8')));

  const ports: Readonly<Record<string, number>> = {
    5022: watched.text,
    5023: watched.media,
    5099: watched.monitor,
    9093: watched.alertmanager,
  };
  for (const name of ['gateways', 'monitor', 'alertmanager'])
    await change(`prometheus/targets/${name}.yml`, (text) =>
      text.replaceAll(/(?<=:)\d+(?=')/g, (port) => String(ports[port])),
    );
  await change('prometheus/prometheus.yml', (text) =>
    text.replaceAll(/(scrape_interval|scrape_timeout|evaluation_interval): \w+/g, '$1: 1s'),
  );
  for (const name of await readdir(join(dir, 'prometheus/rules')))
    await change(`prometheus/rules/${name}`, (text) => text.replaceAll(/^( +for:) \w+$/gm, '$1 2s'));
  await change('alertmanager/alertmanager.yml', (text) =>
    text.replaceAll(/(group_wait|group_interval): \w+/g, '$1: 1s'),
  );
  await writeFile(join(dir, 'webhook'), `${watched.webhook}\n`, { mode: 0o600 });
}

async function startAlertmanager(dir: string, port: number): Promise<Program> {
  const args = [
    ...[(await alertmanagerCommand())!, `--storage.path=${join(dir, 'alerts')}`],
    ...[`--web.listen-address=127.0.0.1:${port}`, '--cluster.listen-address='],
  ];
  return Program.start(join(dir, 'alertmanager/start'), args, {
    url: `http://127.0.0.1:${port}`,
    readyPath: '/-/ready',
    env: { TMPDIR: dir, ALERTMANAGER_WEBHOOK_URL_FILE: join(dir, 'webhook') },
  });
}

async function startPrometheus(dir: string, port: number): Promise<Program> {
  const args = [
    ...[
      `--config.file=${join(dir, 'prometheus/prometheus.yml')}`,
      `--storage.tsdb.path=${join(dir, 'tsdb')}`,
    ],
    `--web.listen-address=127.0.0.1:${port}`,
  ];
  return Program.start('prometheus', args, { url: `http://127.0.0.1:${port}`, readyPath: '/-/ready' });
}
