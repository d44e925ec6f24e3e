/** A Debian with two old services, a neighbour and Vestnik installed beside them; the sandbox is its Telegram. */
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startSandbox, type TestSandbox } from '../../../apps/testkit/sandbox.ts';
import { until } from '../../../apps/testkit/until.ts';
import { BootedDebian } from '../../engines/booted-debian.ts';
import { stackPorts, type Ports } from '../../engines/ports.ts';
import { writeTelethonSession } from './telethon-session.ts';

export const oldUnits = ['tg-send-text.service', 'tg-send-media.service'] as const;
export const newUnits = ['vestnik-send-text.service', 'vestnik-send-media.service'] as const;
/** Nobody may touch these. */
const neighbours = ['neighbour.service', 'vestnik-monitor.service', 'dbus.service'] as const;
const command = ['/src/node_modules/.bin/node', '/src/ops/cutover/main.ts'];
const job = 'cutover-under-test.service';
// Not below /run, which is not on the container's disk.
const output = '/root/cutover.out';
const sandboxKey = '/etc/vestnik/sandbox.pem';

export class MovingDebian {
  readonly debian: BootedDebian;
  readonly ports: Ports;
  readonly #closers: AsyncDisposableStack;
  readonly sandbox: TestSandbox;

  static async create(): Promise<MovingDebian> {
    await using closers = new AsyncDisposableStack();
    const ports = await stackPorts();
    const sandbox = await startSandbox({}, (close) => closers.defer(close));
    const debian = closers.use(await BootedDebian.start(['python3']));
    const machine = new MovingDebian(debian, ports, sandbox, closers.move());
    await machine.#prepare();
    return machine;
  }

  private constructor(
    debian: BootedDebian,
    ports: Ports,
    sandbox: TestSandbox,
    closers: AsyncDisposableStack,
  ) {
    this.debian = debian;
    this.ports = ports;
    this.sandbox = sandbox;
    this.#closers = closers;
  }

  /** What an operator says to begin. */
  get arguments(): string[] {
    const [text, media] = oldUnits;
    const sessions = ['--text-session', '/opt/old/text.session', '--media-session', '/opt/old/media.session'];
    return ['--old-text', text, '--old-media', media, ...sessions, '--pause', '30', '--watch', '10'];
  }

  /** Runs it to its end. */
  async cutover(...args: string[]): Promise<{ code: number; told: string }> {
    await this.start(...args);
    return this.ended();
  }

  /** Starts it as a job of systemd, which goes on beside the test. */
  async start(...args: string[]): Promise<void> {
    await this.debian.run('rm', '-f', output);
    const into = ['StandardOutput', 'StandardError'].flatMap((name) => ['-p', `${name}=append:${output}`]);
    const how = ['--quiet', `--unit=${job}`, '--service-type=exec', '-p', 'RemainAfterExit=yes', ...into];
    await this.debian.run('systemd-run', ...how, ...command, ...args);
  }

  /** What it printed so far. */
  told(): string {
    try {
      return readFileSync(this.debian.path(output), 'utf8');
    } catch {
      return '';
    }
  }

  /** Waits until `isSaid` holds of what it printed. */
  async says(isSaid: (told: string) => boolean): Promise<void> {
    await until(
      'it says so',
      async () => {
        if (isSaid(this.told())) return true;
        const state = await this.debian.property(job, 'SubState');
        if (state !== 'running') throw new Error(`it is ${state}: ${this.told()}`);
        return false;
      },
      150_000,
    );
  }

  /** Waits for its end. */
  async ended(): Promise<{ code: number; told: string }> {
    await until(
      'the cutover has ended',
      async () => (await this.debian.property(job, 'SubState')) !== 'running',
      240_000,
    );
    const code = Number(await this.debian.property(job, 'ExecMainStatus'));
    await this.debian.run('systemctl', 'stop', job);
    await this.debian.run('sh', '-c', `systemctl reset-failed ${job} 2>/dev/null || :`);
    return { code, told: this.told() };
  }

  /** Sends it a signal. */
  async signal(name: 'INT' | 'KILL'): Promise<void> {
    await this.debian.run('systemctl', 'kill', '--signal', name, job);
  }

  /** What has to be as before when all was put back. */
  async picture(): Promise<string> {
    const units = [...oldUnits, ...newUnits, ...neighbours];
    const properties = ['Id', 'ActiveState', 'UnitFileState', 'LoadState'].flatMap((name) => ['-p', name]);
    const folders = [
      '/etc/systemd',
      '/etc/vestnik',
      '/opt/old',
      '/var/lib/vestnik/sessions',
      '/run/vestnik-cutover',
    ];
    const files = `find ${folders.join(' ')} 2>/dev/null -printf '%p %y %m %u %l\\n' | sort
      find ${folders.join(' ')} -type f 2>/dev/null -exec sha256sum {} + | sort`;
    return (await this.debian.run('systemctl', 'show', ...properties, ...units)) + (await this.#sh(files));
  }

  /** Changes whenever one of the neighbours is started, stopped or reloaded. */
  async neighbours(): Promise<string> {
    const properties = ['Id', 'ActiveState', 'InvocationID', 'MainPID', 'StateChangeTimestampMonotonic'];
    return this.debian.run('systemctl', 'show', ...properties.flatMap((name) => ['-p', name]), ...neighbours);
  }

  /** What either port answers: an old service with a text of its own, a new one with its name. */
  async answers(): Promise<string[]> {
    const { SEND_TEXT_PORT, SEND_MEDIA_PORT } = this.ports;
    return Promise.all(
      [SEND_TEXT_PORT, SEND_MEDIA_PORT].map(async (port) => {
        const url = `http://127.0.0.1:${port}/stats`;
        const body = await (await fetch(url, { signal: AbortSignal.timeout(10_000) })).text();
        return body.startsWith('{') ? (JSON.parse(body) as { service: string }).service : body;
      }),
    );
  }

  /** Adds lines to a unit until the returned function is called. */
  async dropIn(unit: string, lines: string): Promise<() => Promise<void>> {
    const folder = `/run/systemd/system/${unit}.d`;
    await this.#sh(`mkdir -p ${folder}; printf '${lines}' >${folder}/fault.conf; systemctl daemon-reload`);
    return async () => void (await this.#sh(`rm -r ${folder}; systemctl daemon-reload`));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#closers.disposeAsync();
  }

  #sh(script: string): Promise<string> {
    return this.debian.run('sh', '-c', script);
  }

  async #prepare(): Promise<void> {
    const { debian, ports, sandbox } = this;
    await debian.run('unshare', '--net', 'sh', '/src/ops/install.sh');
    await debian.write(sandboxKey, sandbox.publicKeyPem, 0o644);
    const settings = {
      TELEGRAM_DC: `127.0.0.1:${sandbox.port}`,
      TELEGRAM_DC_PUBLIC_KEY_FILE: sandboxKey,
      SEND_TEXT_PORT: ports.SEND_TEXT_PORT,
      SEND_MEDIA_PORT: ports.SEND_MEDIA_PORT,
    };
    const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
    await debian.write('/etc/vestnik/gateways.env', lines.join(''));
    await debian.write('/etc/vestnik/monitor.env', `MONITOR_PORT=${ports.MONITOR_PORT}\n`);
    mkdirSync(debian.path('/opt/old'));
    cpSync(join(import.meta.dirname, 'old_service.py'), debian.path('/opt/old/send.py'));
    await this.#addService('tg-send-text', ports.SEND_TEXT_PORT, 'text');
    await this.#addService('tg-send-media', ports.SEND_MEDIA_PORT, 'media');
    await this.#addService('neighbour', ports.SANDBOX_PORT, 'neighbour');
    await debian.run('systemctl', 'start', 'vestnik-monitor');
  }

  async #addService(name: string, port: number, session: string): Promise<void> {
    const file = `/opt/old/${session}.session`;
    await writeTelethonSession(this.sandbox, this.debian.path(file));
    const start = `/usr/bin/python3 /opt/old/send.py ${port} ${file}`;
    const unit = `[Service]\nExecStart=${start}\nRestart=always\n[Install]\nWantedBy=multi-user.target\n`;
    await this.debian.write(`/etc/systemd/system/${name}.service`, unit, 0o644);
    await this.debian.run('systemctl', '--quiet', 'enable', '--now', name);
    await until(`${name} answers`, async () => (await fetch(`http://127.0.0.1:${port}`)).ok);
  }
}
