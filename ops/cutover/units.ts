/** The units a cutover may touch: a closed list, so that no other can be named by mistake. */
import { lstatSync, mkdirSync, readdirSync, readlinkSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Host } from './host.ts';

/** A unit as it was found. */
export interface UnitBefore {
  readonly isActive: boolean;
  readonly isEnabled: boolean;
  /** Every link by which systemd starts it or knows it, as `[path, target]`. */
  readonly links: readonly (readonly [string, string])[];
}

export class Units {
  readonly #host: Host;
  readonly #folder: string;
  readonly #allowed: ReadonlySet<string>;
  readonly #say: (line: string) => void;

  /** `folder` is where systemd keeps the machine's own units, such as /etc/systemd/system. */
  constructor(host: Host, folder: string, allowed: readonly string[], say: (line: string) => void) {
    this.#host = host;
    this.#folder = folder;
    this.#allowed = new Set(allowed);
    this.#say = say;
  }

  /** @throws Error when `unit` is not of the list, or systemctl fails */
  async change(verb: 'start' | 'stop' | 'enable' | 'disable' | 'reset-failed', unit: string): Promise<void> {
    if (!this.#allowed.has(unit)) throw new Error(`${unit} is none of the units of this cutover`);
    this.#say(`  $ systemctl ${verb} ${unit}`);
    await this.#host.run('systemctl', ['--quiet', '--no-ask-password', verb, '--', unit]);
  }

  /** Forgets earlier failures and restarts; a unit that systemd does not hold in memory has none. */
  async forgetFailures(unit: string): Promise<void> {
    await this.change('reset-failed', unit).catch((error: unknown) => {
      if (!/not loaded/.test((error as Error).message)) throw error;
    });
  }

  async property(unit: string, name: string): Promise<string> {
    return (await this.#host.run('systemctl', ['show', '--value', '-p', name, '--', unit])).trim();
  }

  async isActive(unit: string): Promise<boolean> {
    const state = await this.property(unit, 'ActiveState');
    return state !== 'inactive' && state !== 'failed';
  }

  async describe(unit: string): Promise<UnitBefore> {
    const state = await this.property(unit, 'UnitFileState');
    return { isActive: await this.isActive(unit), isEnabled: state === 'enabled', links: this.#links(unit) };
  }

  /** Has systemd start it at boot, by the same links as before. */
  async restoreLinks(unit: string, before: UnitBefore): Promise<void> {
    const missing = before.links.filter(([path]) => !isThere(path));
    if (missing.length === 0) return;
    for (const [path, target] of missing) {
      mkdirSync(dirname(path), { recursive: true });
      symlinkSync(target, path);
      this.#say(`  $ ln -s ${target} ${path}`);
    }
    await this.#host.run('systemctl', ['daemon-reload']);
  }

  #links(unit: string): [string, string][] {
    const inFolder = (folder: string) =>
      readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isSymbolicLink())
        .map(({ name }): [string, string] => [join(folder, name), readlinkSync(join(folder, name))])
        .filter(([path, target]) => basename(path) === unit || basename(target) === unit);
    const pulling = readdirSync(this.#folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && /\.(wants|requires|upholds)$/.test(entry.name))
      .flatMap(({ name }) => inFolder(join(this.#folder, name)));
    return [...inFolder(this.#folder), ...pulling];
  }
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
