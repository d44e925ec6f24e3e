/** A Docker engine of the test's own: its socket, data and processes in one temporary folder, nothing of the machine's. */
import { openSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BaseImage } from './base-images.ts';
import { until } from '../../apps/testkit/until.ts';
import { hasCommand, output, spawnBound } from './command.ts';

/** Why a Docker engine cannot be had here, or undefined when it can. */
export async function whyNoDocker(): Promise<string | undefined> {
  if (process.platform !== 'linux') return 'needs Linux';
  if (process.getuid?.() !== 0) return 'needs root';
  for (const command of ['dockerd', 'docker', 'debootstrap', 'dpkg-deb', 'apt-get'])
    if (!(await hasCommand(command))) return `needs ${command}`;
  return undefined;
}

export class DockerEngine {
  readonly dir: string;
  readonly #killAtExit = () => this.#signal('SIGTERM');

  /** Resolves when the engine answers. */
  static async start(): Promise<DockerEngine> {
    const engine = new DockerEngine(await mkdtemp(join(tmpdir(), 'vestnik-docker-engine-')));
    try {
      engine.#spawn();
      await until('the engine answers', () => engine.docker('version').then(() => true), 60_000);
    } catch (error) {
      const log = await readFile(join(engine.dir, 'log'), 'utf8').catch(() => '');
      await engine[Symbol.asyncDispose]();
      throw new Error(`dockerd did not start: ${log.slice(-2_000)}`, { cause: error });
    }
    return engine;
  }

  private constructor(dir: string) {
    this.dir = dir;
  }

  get socket(): string {
    return join(this.dir, 'docker.sock');
  }

  /** What a client needs to know in its environment, and nothing of this process's own. */
  get env(): Record<string, string> {
    return {
      PATH: process.env.PATH!,
      HOME: this.dir,
      DOCKER_CONFIG: join(this.dir, 'client'),
      DOCKER_HOST: `unix://${this.socket}`,
    };
  }

  docker(...args: string[]): Promise<string> {
    return output('docker', args, { env: this.env, withinMs: 120_000 });
  }

  async import({ tags, tar, changes }: BaseImage): Promise<void> {
    const [tag, ...others] = tags;
    await this.docker('import', ...changes.flatMap((change) => ['--change', change]), tar, tag!);
    for (const other of others) await this.docker('tag', tag!, other);
  }

  /** What `docker inspect` has for one container. */
  async inspect(container: string): Promise<Inspected> {
    return (JSON.parse(await this.docker('inspect', container)) as Inspected[])[0]!;
  }

  /** Mounts that lie in the engine's folder. */
  async mounts(): Promise<string[]> {
    const all = (await readFile('/proc/self/mounts', 'utf8')).split('\n').map((line) => line.split(' ')[1]!);
    return all.filter((path) => path?.startsWith(this.dir));
  }

  /** Stops the engine with its containers and takes its folder away. @throws when something of it stays */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#signal('SIGTERM');
    await until('the engine has ended', () => Promise.resolve(this.#pid() === undefined), 60_000);
    process.off('exit', this.#killAtExit);
    const mounts = await this.mounts();
    if (mounts.length > 0) throw new Error(`the engine left mounts: ${mounts.join(', ')}`);
    await rm(this.dir, { recursive: true, force: true });
  }

  #spawn(): void {
    const { dir } = this;
    const folders = ['--data-root', join(dir, 'data'), '--exec-root', join(dir, 'exec')];
    // Without a bridge and rules of its own it changes nothing of the machine's network but what Compose asks for.
    const network = ['--iptables=false', '--ip6tables=false', '--ip-forward=false', '--bridge=none'];
    const own = ['--host', `unix://${this.socket}`, '--pidfile', join(dir, 'pid')];
    const log = openSync(join(dir, 'log'), 'w');
    spawnBound('dockerd', [...folders, ...network, ...own], {
      stdio: ['ignore', log, log],
      detached: true,
    }).unref();
    process.on('exit', this.#killAtExit);
  }

  #signal(signal: NodeJS.Signals): void {
    const pid = this.#pid();
    if (pid !== undefined) process.kill(pid, signal);
  }

  /** Of the engine, as long as it runs. */
  #pid(): number | undefined {
    try {
      const pid = Number(readFileSync(join(this.dir, 'pid'), 'utf8'));
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(this.dir) ? pid : undefined;
    } catch {
      return undefined;
    }
  }
}

/** The part of a container's inspection that the tests look at. */
export interface Inspected {
  readonly State: {
    readonly Status: string;
    readonly Pid: number;
    readonly Health?: { readonly Status: string };
  };
  readonly RestartCount: number;
  readonly Config: { readonly User: string; readonly Env: readonly string[] };
  readonly HostConfig: {
    readonly ReadonlyRootfs: boolean;
    readonly Privileged: boolean;
    readonly CapAdd: readonly string[] | null;
    readonly CapDrop: readonly string[] | null;
    readonly SecurityOpt: readonly string[] | null;
    readonly Memory: number;
    readonly PidsLimit: number;
    readonly LogConfig: { readonly Config: Readonly<Record<string, string>> };
    readonly PortBindings: Readonly<Record<string, readonly { readonly HostIp: string }[]>>;
  };
  readonly NetworkSettings: { readonly Networks: Readonly<Record<string, unknown>> };
  readonly Mounts: readonly { readonly Source: string; readonly Destination: string; readonly RW: boolean }[];
}
