/** Runs the launcher as a process of its own for a test, and makes sure that nothing of it is left. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from '../../testkit/until.ts';
import type { ServiceStatus } from '../service.ts';

const portSettings = [
  'SEND_TEXT_PORT',
  'SEND_MEDIA_PORT',
  'MONITOR_PORT',
  'SANDBOX_PORT',
  'SANDBOX_HTTP_PORT',
] as const;

export interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
}

/** Whether a process of that id exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

export class LauncherProcess {
  readonly dir: string;
  readonly ports: Readonly<Record<(typeof portSettings)[number], number>>;
  stdout = '';
  stderr = '';
  readonly ended: Promise<Ended>;
  readonly #child: ReturnType<typeof spawn>;
  readonly #pids = new Set<number>();

  /** Starts `entry` in an empty folder, with free ports and nothing else configured but `env`. */
  static async start(env: Record<string, string> = {}, entry = 'main.ts'): Promise<LauncherProcess> {
    const dir = await mkdtemp(join(tmpdir(), 'vestnik-launcher-'));
    return new LauncherProcess(dir, await freePorts(), env, fileURLToPath(new URL(entry, import.meta.url)));
  }

  private constructor(
    dir: string,
    ports: LauncherProcess['ports'],
    env: Record<string, string>,
    entry: string,
  ) {
    this.dir = dir;
    this.ports = ports;
    const numbers = Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, String(port)]));
    this.#child = spawn(process.execPath, [entry], {
      cwd: dir,
      env: { PATH: process.env.PATH, NO_COLOR: '1', ...numbers, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    this.#child.stdout!.on('data', (chunk: Buffer) => (this.stdout += chunk.toString()));
    this.#child.stderr!.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
    this.ended = new Promise((resolve) =>
      this.#child.once('close', (code, signal) => resolve({ code, signal })),
    );
  }

  /** Resolves when the summary is printed. */
  async up(withinMs = 15_000): Promise<void> {
    const gone = this.ended.then(({ code }) => {
      throw new Error(`the launcher ended with ${code}: ${this.stderr}${this.stdout}`);
    });
    const isUp = until('the stack is up', () => this.stdout.includes('Vestnik is up'), withinMs);
    await Promise.race([isUp, gone]);
    await this.services();
  }

  /** Reads its output no more, as `npm start | head` does. */
  closeOutput(): void {
    this.#child.stdout!.destroy();
    this.#child.stderr!.destroy();
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Signals the launcher and its children together, as a terminal does on Ctrl-C. */
  killGroup(signal: NodeJS.Signals): void {
    process.kill(-this.#child.pid!, signal);
  }

  /** What the control socket tells; the pids are remembered. */
  async services(): Promise<ServiceStatus[]> {
    const { body } = await this.ask('GET', '/services');
    const services = body as ServiceStatus[];
    for (const { pid } of services) if (pid !== null) this.#pids.add(pid);
    return services;
  }

  async service(name: string): Promise<ServiceStatus> {
    return (await this.services()).find((service) => service.name === name)!;
  }

  /** Ids of all processes seen so far that still exist. */
  left(): number[] {
    return [...this.#pids].filter(isAlive);
  }

  /** A request to the control socket. */
  ask(method: string, path: string): Promise<{ status: number; body: unknown }> {
    const socketPath = join(this.dir, 'data', 'launcher.sock');
    return new Promise((resolve, reject) => {
      const asked = request({ socketPath, method, path, agent: false }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('end', () =>
          resolve({ status: response.statusCode!, body: JSON.parse(Buffer.concat(chunks).toString()) }),
        );
      });
      asked.once('error', reject).end();
    });
  }

  /** Ends whatever still runs and takes its folder away. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill('SIGKILL');
    await this.ended;
    for (const pid of this.left()) process.kill(pid, 'SIGKILL');
    await rm(this.dir, { recursive: true, force: true });
  }
}

async function freePorts(): Promise<LauncherProcess['ports']> {
  const servers = await Promise.all(
    portSettings.map(
      () =>
        new Promise<ReturnType<typeof createServer>>((resolve) => {
          const server = createServer().listen(0, '127.0.0.1', () => resolve(server));
        }),
    ),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return Object.fromEntries(
    portSettings.map((name, index) => [name, ports[index]!]),
  ) as LauncherProcess['ports'];
}
