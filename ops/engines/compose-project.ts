/** The project as an operator has it: a fresh copy of it in a folder, and Compose acting on it by a given engine. */
import { cp, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { output } from './command.ts';
import { baseImages } from './base-images.ts';
import { cached, fileOfPackage } from './debian.ts';
import type { DockerEngine } from './docker-engine.ts';
import { stackPorts, type Ports } from './ports.ts';

const projectRoot = fileURLToPath(new URL('../../', import.meta.url));
const notOfTheProject = ['node_modules', '.git', '.env', 'data', 'coverage', 'screenshots'];

/** The only thing that a test builds otherwise: the engine has no way out but the machine's own network. */
const override = 'services: { send-text: { build: { network: host } } }\n';

export class ComposeProject {
  readonly dir: string;
  readonly ports: Ports;
  readonly #program: string;
  readonly #engine: DockerEngine;

  /** Copies the project into the engine's folder, free ports chosen, images at hand; starts nothing. */
  static async create(engine: DockerEngine): Promise<ComposeProject> {
    for (const image of await baseImages()) await engine.import(image);
    const plugin = 'usr/libexec/docker/cli-plugins/docker-compose';
    const make = (path: string) => fileOfPackage('trixie', 'docker-compose', plugin, path);
    const program = await cached('docker-compose', make);
    const dir = join(engine.dir, 'project');
    const filter = (path: string) => !notOfTheProject.includes(relative(projectRoot, path));
    await cp(projectRoot, dir, { recursive: true, filter });
    await writeFile(join(dir, 'docker-compose.override.yml'), override);
    return new ComposeProject(engine, dir, program, await stackPorts());
  }

  private constructor(engine: DockerEngine, dir: string, program: string, ports: Ports) {
    this.#engine = engine;
    this.dir = dir;
    this.#program = program;
    this.ports = ports;
  }

  /** Runs `docker compose` with `args`. */
  compose(args: readonly string[], withinMs = 120_000): Promise<string> {
    const ports = Object.entries(this.ports).map(([name, port]) => [name, String(port)] as const);
    const env = {
      ...this.#engine.env,
      DOCKER_SOCKET: this.#engine.socket,
      // Services are stopped and started here more often than an operator would, and noticed sooner.
      START_SPACING_S: '0',
      HEALTH_INTERVAL_S: '1',
      ...Object.fromEntries(ports),
    };
    return output(this.#program, args, { cwd: this.dir, env, withinMs });
  }

  /** What the monitor has printed as the operator's password. */
  async password(): Promise<string> {
    const log = await this.compose(['logs', '--no-log-prefix', 'monitor']);
    return /with the password (\S+)/.exec(log)![1]!;
  }

  /** Runs a script of Node's inside a service's container, as the user it has there. */
  node(service: string, script: string, ...args: string[]): Promise<string> {
    return this.compose(
      ['exec', '-T', service, 'node', '--input-type=module', '-e', script, ...args],
      60_000,
    );
  }

  /** The services whose containers run. */
  async running(): Promise<string[]> {
    return (await this.compose(['ps', '--services', '--status', 'running']))
      .split('\n')
      .filter(Boolean)
      .sort();
  }

  container(service: string): string {
    return `vestnik-${service}-1`;
  }

  url(port: keyof Ports): string {
    return `http://127.0.0.1:${this.ports[port]}`;
  }

  /** Gives the project an `.env`, or takes it away. */
  async configure(settings: Readonly<Record<string, string>> | undefined): Promise<void> {
    const file = join(this.dir, '.env');
    if (!settings) return rm(file, { force: true });
    const lines = Object.entries(settings).map(([name, value]) => `${name}='${value}'\n`);
    await writeFile(file, lines.join(''));
  }
}
