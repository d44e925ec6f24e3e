/** Vestnik as ops/install.sh puts it on a booted Debian, sending to a sandbox on this machine that can go away. */
import { startSandbox, type TestSandbox } from '../../apps/testkit/sandbox.ts';
import { hashPassword } from '../../apps/monitor/access/passwords.ts';
import { BootedDebian } from './booted-debian.ts';
import { stackPorts, type Ports } from './ports.ts';
import { json, Operator, type MessageAnswer, type ServiceView } from './stack-client.ts';

export const gateways = ['send-text', 'send-media'] as const;
export const units = ['vestnik-send-text', 'vestnik-send-media', 'vestnik-monitor'] as const;

export const operatorsPassword = 'of-an-operator';
const sandboxKey = '/etc/vestnik/sandbox.pem';
/** Where an installation could leave something. */
const places = ['/etc', '/opt', '/usr', '/var/lib', '/var/cache'];
/** What adding a user leaves beside the list of them. */
const backups = /^\/etc\/(passwd|group|shadow|gshadow|subuid|subgid)-$/;

export class InstalledStack {
  readonly debian: BootedDebian;
  readonly ports: Ports;
  readonly operator: Operator;
  readonly #closers: AsyncDisposableStack;
  readonly #filesBefore: ReadonlySet<string>;
  readonly sandbox: TestSandbox;

  /** Boots a Debian and starts a sandbox; installs nothing yet. */
  static async create(): Promise<InstalledStack> {
    await using closers = new AsyncDisposableStack();
    const ports = await stackPorts();
    const sandbox = await startSandbox({}, (close) => closers.defer(close));
    const debian = closers.use(await BootedDebian.start());
    const files = await filesOf(debian);
    return new InstalledStack(debian, ports, sandbox, files, closers.move());
  }

  private constructor(
    debian: BootedDebian,
    ports: Ports,
    sandbox: TestSandbox,
    files: ReadonlySet<string>,
    closers: AsyncDisposableStack,
  ) {
    this.debian = debian;
    this.ports = ports;
    this.operator = new Operator(this.url('MONITOR_PORT'), operatorsPassword);
    this.sandbox = sandbox;
    this.#filesBefore = files;
    this.#closers = closers;
  }

  url(port: keyof Ports): string {
    return `http://127.0.0.1:${this.ports[port]}`;
  }

  /** Runs ops/install.sh without any network, as on a machine that has none. */
  install(...args: string[]): Promise<string> {
    return this.debian.run('unshare', '--net', 'sh', '/src/ops/install.sh', ...args);
  }

  /** Settings and one secret, as an operator fills them in. */
  async configure(): Promise<void> {
    const { debian, ports, sandbox } = this;
    await debian.write(sandboxKey, sandbox.publicKeyPem, 0o644);
    await debian.write(
      '/etc/vestnik/gateways.env',
      environment({
        TELEGRAM_DC: `127.0.0.1:${sandbox.port}`,
        TELEGRAM_DC_PUBLIC_KEY_FILE: sandboxKey,
        SEND_TEXT_PORT: ports.SEND_TEXT_PORT,
        SEND_MEDIA_PORT: ports.SEND_MEDIA_PORT,
      }),
    );
    await debian.write(
      '/etc/vestnik/monitor.env',
      environment({
        MONITOR_PORT: ports.MONITOR_PORT,
        SERVICES: `'${JSON.stringify(this.#services())}'`,
        START_SPACING_S: 0,
        USAGE_INTERVAL_S: 1,
        HEALTH_INTERVAL_S: 1,
      }),
    );
    await debian.write(
      '/etc/vestnik/credentials/monitor-password-hash',
      await hashPassword(operatorsPassword),
    );
  }

  #services(): object[] {
    return (['text', 'media'] as const).map((label) => ({
      name: `send-${label}`,
      label,
      unit: `vestnik-send-${label}.service`,
      url: this.url(label === 'text' ? 'SEND_TEXT_PORT' : 'SEND_MEDIA_PORT'),
    }));
  }

  message(id: string): Promise<MessageAnswer> {
    return json(`${this.url('SEND_TEXT_PORT')}/messages/${id}`);
  }

  /** Both gateways, once each of them is as wanted. */
  async bothAre(wanted: (service: ServiceView) => boolean): Promise<ServiceView[] | undefined> {
    const services = await this.operator.services();
    return services.every(wanted) ? services : undefined;
  }

  /** The files that the installation has brought and that are still there. */
  async filesLeft(): Promise<string[]> {
    const now = await filesOf(this.debian);
    return [...now].filter((path) => !this.#filesBefore.has(path) && !backups.test(path)).sort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#closers.disposeAsync();
  }
}

async function filesOf(debian: BootedDebian): Promise<ReadonlySet<string>> {
  return new Set((await debian.run('find', ...places, '-xdev')).split('\n').filter(Boolean));
}

function environment(settings: Readonly<Record<string, string | number>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}
