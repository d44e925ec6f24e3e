/**
 * A machine of the test's own: two old services, ours and a neighbour. Which of them run is in memory; files, links,
 * session databases and the journal are real. It refuses every command that it does not expect.
 */
import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { temporaryFolder } from '../../../apps/testkit/folder.ts';
import type { CutoverOptions } from '../arguments.ts';
import type { Host } from '../host.ts';
import type { Places } from '../installed.ts';

export const oldText = 'old-text.service';
export const oldMedia = 'old-media.service';
export const newText = 'vestnik-send-text.service';
export const newMedia = 'vestnik-send-media.service';
export const neighbour = 'neighbour.service';

const ports: Readonly<Record<string, number>> = {
  [oldText]: 5022,
  [oldMedia]: 5023,
  [newText]: 5022,
  [newMedia]: 5023,
};
const pairs = [
  [oldText, newText],
  [oldMedia, newMedia],
] as const;
const secret = 'f'.repeat(32);

export class FakeMachine {
  readonly folder = temporaryFolder();
  readonly places: Places = {
    state: join(this.folder, 'state'),
    settings: join(this.folder, 'settings'),
    units: join(this.folder, 'units'),
    data: join(this.folder, 'data'),
    staged: join(this.folder, 'staged'),
  };
  readonly options: CutoverOptions = {
    oldUnits: { text: oldText, media: oldMedia },
    sessions: { text: join(this.folder, 'old/text.session'), media: join(this.folder, 'old/media.session') },
    also: [],
    tokenFile: undefined,
    pauseS: 45,
    watchS: 20,
  };
  readonly active = new Set([oldText, oldMedia, neighbour]);
  readonly changes: string[] = [];
  /** When each service was started, by the machine's clock. */
  readonly startedAt: [string, number][] = [];
  readonly sentKeys: string[] = [];
  health = { status: 'ok', reasons: [] as string[] };
  errors: { at: string; class: string; message: string }[] = [];
  /** Told of each command and request before it is done; what it throws is what comes of it. */
  before: (what: string) => void = () => {};
  #nowMs = Date.parse('2026-01-01T00:00:00Z');

  constructor() {
    const { settings, units, data } = this.places;
    for (const folder of [
      join(settings, 'credentials'),
      join(units, 'multi-user.target.wants'),
      join(data, 'sessions'),
    ])
      mkdirSync(folder, { recursive: true });
    mkdirSync(join(this.folder, 'old'));
    writeFileSync(join(settings, 'gateways.env'), `TELEGRAM_API_ID=1\n`);
    writeFileSync(join(settings, 'credentials/telegram-api-hash'), secret);
    writeFileSync(join(settings, 'credentials/telegram-proxy'), '');
    writeFileSync(join(settings, 'credentials/api-tokens'), '');
    for (const [index, file] of Object.values(this.options.sessions).entries()) makeSession(file, index + 1);
    for (const unit of [...Object.keys(ports), neighbour]) {
      writeFileSync(join(units, unit), '[Service]\n');
      symlinkSync(join(units, unit), this.#link(unit));
    }
    writeFileSync(join(this.folder, 'old/send.py'), 'print()\n');
  }

  readonly host: Host = {
    clock: {
      now: () => this.#nowMs,
      sleep: async (ms, signal) => {
        this.before(`sleep ${ms}`);
        signal?.throwIfAborted();
        this.#nowMs += ms;
        await new Promise((resolve) => setImmediate(resolve));
      },
    },
    run: async (command, args) => {
      await Promise.resolve();
      const told = [basename(command), ...args.filter((arg) => !arg.startsWith('-'))].join(' ');
      this.before(told);
      if (command === 'systemctl') return this.#systemctl(args);
      this.changes.push(told);
      if (command === 'install') copyFileSync(args.at(-2)!, args.at(-1)!);
      else if (command === '/opt/vestnik/vestnik-account') this.#import(args);
      else throw new Error(`not expected: ${told}`);
      return '';
    },
    request: async (url, init) => {
      await Promise.resolve();
      const { pathname, port } = new URL(url);
      this.before(`${init?.method ?? 'GET'} ${pathname}`);
      const unit = port === '5022' ? newText : newMedia;
      if (!this.active.has(unit)) throw new Error('connect ECONNREFUSED');
      return { status: 200, body: this.#answer(pathname, init) };
    },
    isListening: (port) => Promise.resolve(this.isTaken(port)),
    holders: (file) => {
      const side = file === this.options.sessions.text ? oldText : oldMedia;
      return this.active.has(side) ? [4711] : [];
    },
    askTelegram: async () => {
      await Promise.resolve();
      this.before('ask Telegram');
    },
    clockOffsetMs: () => Promise.resolve(0),
  };

  isTaken(port: number): boolean {
    return [...this.active].some((unit) => ports[unit] === port);
  }

  /** What has to be as before after all was undone: which run, and every file beside those of the cutover. */
  picture() {
    const { state, staged } = this.places;
    const files = readdirSync(this.folder, { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map(({ parentPath, name }) => join(parentPath, name))
      .filter((path) => !path.startsWith(state) && !path.startsWith(staged));
    return { active: [...this.active].sort(), files: files.sort().map((path) => `${path} ${read(path)}`) };
  }

  #link(unit: string): string {
    return join(this.places.units, 'multi-user.target.wants', unit);
  }

  #isEnabled(unit: string): boolean {
    return readdirSync(join(this.places.units, 'multi-user.target.wants')).includes(unit);
  }

  #systemctl(args: readonly string[]): string {
    const [verb, ...rest] = args.filter((arg) => !arg.startsWith('--quiet') && !arg.startsWith('--no-ask'));
    const unit = rest.at(-1)!;
    if (verb === 'show') return this.#property(unit, rest[2]!);
    this.changes.push([verb, unit === verb ? undefined : unit].join(' ').trim());
    if (verb === 'daemon-reload') return '';
    if (ports[unit] === undefined) throw new Error(`not expected: ${verb} ${unit}`);
    if (verb === 'stop') this.active.delete(unit);
    else if (verb === 'start') this.#start(unit);
    else if (verb === 'enable' && !this.#isEnabled(unit))
      symlinkSync(join(this.places.units, unit), this.#link(unit));
    else if (verb === 'disable') rmSync(this.#link(unit), { force: true });
    return '';
  }

  #start(unit: string): void {
    if (this.active.has(unit)) return;
    for (const pair of pairs)
      if (pair.some((one) => one === unit) && pair.some((one) => this.active.has(one)))
        throw new Error(`two services on one session: ${pair.join(' and ')}`);
    this.active.add(unit);
    this.startedAt.push([unit, this.#nowMs]);
  }

  #property(unit: string, name: string): string {
    const known: Record<string, string> = {
      LoadState: 'loaded',
      UnitFileState: this.#isEnabled(unit) ? 'enabled' : 'disabled',
      ActiveState: this.active.has(unit) ? 'active' : 'inactive',
      NRestarts: '0',
      FragmentPath: join(this.places.units, unit),
      WorkingDirectory: join(this.folder, 'old'),
      ExecStart: unit.startsWith('vestnik-')
        ? '{ path=/opt/vestnik/node ; argv[]=/opt/vestnik/node main.ts ; }'
        : '{ path=/usr/bin/python3 ; argv[]=/usr/bin/python3 send.py ; }',
      TriggeredBy: '',
      DropInPaths: '',
      EnvironmentFiles: '',
    };
    if (known[name] === undefined) throw new Error(`not expected: property ${name}`);
    return known[name] + '\n';
  }

  #import(args: readonly string[]): void {
    mkdirSync(join(this.places.data, 'sessions'), { recursive: true });
    const service = args.find((arg) => arg.startsWith('send-'))!;
    writeFileSync(join(this.places.data, 'sessions', `main.${service}.session`), 'imported\n');
  }

  #answer(path: string, init?: RequestInit): string {
    if (path === '/health') return JSON.stringify(this.health);
    if (path === '/stats') return JSON.stringify({ errors: { recent: this.errors } });
    if (path === '/metrics')
      return 'telegram_gateway_connected 1\ntelegram_gateway_messages_total{outcome="sent"} 1\n';
    if (!path.startsWith('/send_')) throw new Error(`not expected: ${path}`);
    this.sentKeys.push((init!.headers as Record<string, string>)['idempotency-key']!);
    return '{}';
  }
}

/** A session as Telethon writes it, with a key of its own. */
function makeSession(file: string, keyByte: number): void {
  const db = new DatabaseSync(file);
  db.exec(`CREATE TABLE version (version INTEGER PRIMARY KEY); INSERT INTO version VALUES (7);
    CREATE TABLE sessions (dc_id INTEGER PRIMARY KEY, server_address TEXT, port INTEGER, auth_key BLOB, takeout_id INTEGER)`);
  db.prepare('INSERT INTO sessions VALUES (2, ?, 443, ?, NULL)').run('127.0.0.1', Buffer.alloc(256, keyByte));
  db.close();
}

function read(path: string): string {
  return statSync(path).size < 1_000 ? readFileSync(path, 'utf8') : `${statSync(path).size} bytes`;
}
