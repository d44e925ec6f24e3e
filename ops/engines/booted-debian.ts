/** A Debian of the test's own, booted by systemd-nspawn in a temporary folder, on this machine's network. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { debianRoot, debianSuite, pack } from './base-images.ts';
import { until } from '../../apps/testkit/until.ts';
import { hasCommand, output, spawnBound } from './command.ts';
import { cached } from './debian.ts';

const projectRoot = fileURLToPath(new URL('../../', import.meta.url));
/** Debootstrap does not find by itself that libpam-systemd is the logind that polkitd needs. */
const packages = ['systemd-sysv', 'dbus', 'libpam-systemd', 'polkitd', 'procps', 'libatomic1'];
/** How systemd-nspawn ends when the container asks to be booted again. */
const rebootCode = 133;

/** Why no Debian can be booted here, or undefined when one can. */
export async function whyNoDebian(): Promise<string | undefined> {
  if (process.platform !== 'linux') return 'needs Linux';
  if (process.getuid?.() !== 0) return 'needs root';
  for (const command of ['systemd-nspawn', 'debootstrap', 'apt-get', 'nsenter', 'tar'])
    if (!(await hasCommand(command))) return `needs ${command}`;
  return undefined;
}

export class BootedDebian {
  /** Holds the container's file system and what it printed. */
  readonly dir: string;
  #nspawn: ChildProcess | undefined;
  #killAtExit = () => void this.#nspawn?.kill('SIGKILL');

  /** Resolves when it has booted, with `more` packages. The project is at /src, and cannot be written there. */
  static async start(more: readonly string[] = []): Promise<BootedDebian> {
    const name = ['systemd', ...more, debianSuite].join('-');
    const tar = await cached(`${name}.tar`, async (path) =>
      pack(await debianRoot(`${path}.root`, [...packages, ...more]), path),
    );
    const debian = new BootedDebian(await mkdtemp(join(tmpdir(), 'vestnik-debian-')));
    try {
      await mkdir(debian.path('/'));
      await output('tar', ['-C', debian.path('/'), '-xpf', tar], { withinMs: 120_000 });
      await debian.#boot();
    } catch (error) {
      const printed = await readFile(join(debian.dir, 'console'), 'utf8').catch(() => '');
      await debian[Symbol.asyncDispose]();
      throw new Error(`no Debian was booted: ${printed.slice(-2_000)}`, { cause: error });
    }
    return debian;
  }

  private constructor(dir: string) {
    this.dir = dir;
    process.on('exit', this.#killAtExit);
  }

  /** Where a path of the container is on this machine. */
  path(inside: string): string {
    return join(this.dir, 'root', inside);
  }

  /** Runs a command in it as root. @throws when it fails */
  async run(...command: string[]): Promise<string> {
    const environment = ['env', '-i', 'PATH=/usr/sbin:/usr/bin:/sbin:/bin', 'LC_ALL=C.UTF-8'];
    const enter = ['-t', String(await this.#init()), '-a', ...environment];
    return output('nsenter', [...enter, ...command], { withinMs: 90_000 });
  }

  /** Runs a command as another user. @throws when it fails */
  runAs(user: string, ...command: string[]): Promise<string> {
    return this.run('runuser', '-u', user, '--', ...command);
  }

  /** Whether a unit is active, failed and so on. */
  async property(unit: string, name: string): Promise<string> {
    return (await this.run('systemctl', 'show', '--value', '-p', name, '--', unit)).trim();
  }

  /** Writes a file that only root may read, unless `mode` says otherwise. */
  write(inside: string, text: string, mode = 0o600): Promise<void> {
    return writeFile(this.path(inside), text, { mode });
  }

  /** Shuts it down in order and boots it again. */
  async reboot(): Promise<void> {
    const ended = once(this.#nspawn!, 'exit', { signal: AbortSignal.timeout(60_000) });
    await this.run('systemctl', 'reboot');
    const [code] = (await ended) as [number | null];
    if (code !== rebootCode) throw new Error(`the container ended with ${code} instead of asking for a boot`);
    await this.#boot();
  }

  /** Shuts it down and takes its folder away. @throws when a mount of it stays */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#shutDown();
    process.off('exit', this.#killAtExit);
    // systemd-nspawn leaves this empty folder where no systemd runs this machine.
    await rmdir(join('/run/systemd/nspawn/propagate', this.#name)).catch(() => {});
    const mounts = await readFile('/proc/self/mounts', 'utf8');
    if (mounts.includes(this.dir)) throw new Error(`the container left mounts in ${this.dir}`);
    await rm(this.dir, { recursive: true, force: true });
  }

  get #name(): string {
    return basename(this.dir);
  }

  async #boot(): Promise<void> {
    const console = openSync(join(this.dir, 'console'), 'a');
    const quietly = ['--quiet', '--register=no', '--keep-unit', '--resolv-conf=off', '--timezone=off'];
    const what = ['-D', this.path('/'), '-M', this.#name, '--boot', `--bind-ro=${projectRoot}:/src`];
    this.#nspawn = spawnBound('systemd-nspawn', [...what, ...quietly], {
      stdio: ['ignore', console, console],
    });
    await until(
      'the container has booted',
      async () => {
        if (this.#nspawn?.exitCode != null) throw new Error(`systemd-nspawn ended: ${this.#nspawn.exitCode}`);
        // A degraded one is told by a failing exit code.
        return (await this.run('systemctl', 'is-system-running')).trim() === 'running';
      },
      60_000,
    );
  }

  /** On SIGTERM systemd-nspawn shuts the container down in order. */
  async #shutDown(): Promise<void> {
    const nspawn = this.#nspawn;
    if (!nspawn || nspawn.exitCode !== null || nspawn.signalCode !== null) return;
    const ended = once(nspawn, 'exit');
    nspawn.kill('SIGTERM');
    const late = setTimeout(() => nspawn.kill('SIGKILL'), 30_000);
    await ended;
    clearTimeout(late);
  }

  /** The id that the container's process 1 has on this machine. */
  async #init(): Promise<number> {
    const { pid } = this.#nspawn!;
    const [init] = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim().split(' ');
    if (!init) throw new Error('the container does not run');
    return Number(init);
  }
}
