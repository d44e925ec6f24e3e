/** Runs the launcher as a process of its own for a test, and makes sure that nothing of it is left. */
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TestProcess } from '../../testkit/process.ts';
import type { ServiceStatus } from '../service.ts';

const portSettings = [
  'SEND_TEXT_PORT',
  'SEND_MEDIA_PORT',
  'MONITOR_PORT',
  'SANDBOX_PORT',
  'SANDBOX_HTTP_PORT',
] as const;

/** Whether a process of that id exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

export class LauncherProcess extends TestProcess {
  readonly dir: string;
  readonly ports: Readonly<Record<(typeof portSettings)[number], number>>;
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
    const numbers = Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, String(port)]));
    const all = { NO_COLOR: '1', ...numbers, ...env };
    super(process.execPath, { args: [entry], cwd: dir, env: all, detached: true });
    this.dir = dir;
    this.ports = ports;
  }

  /** Resolves when the summary is printed. */
  async up(withinMs?: number): Promise<void> {
    await this.says(/Vestnik is up/, withinMs);
    await this.services();
  }

  /** Reads its output no more, as `npm start | head` does. */
  closeOutput(): void {
    this.child.stdout!.destroy();
    this.child.stderr!.destroy();
  }

  /** Signals the launcher and its children together, as a terminal does on Ctrl-C. */
  killGroup(signal: NodeJS.Signals): void {
    process.kill(-this.pid, signal);
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

  /** Ends whatever still runs and removes its folder. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop('SIGKILL');
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
