/** The sandbox as a process: settings, log, start, and a clean stop. */
import { pino } from 'pino';
import { listeners } from './world/data-centres.ts';
import { createSandbox, type Sandbox } from './sandbox.ts';
import { readSettings, type ProcessSettings } from './settings.ts';
import { ListenError, type PortSetting } from './wire.ts';

const stopWithinMs = 1800;

/** Runs until SIGTERM or SIGINT. What keeps it from starting is one line on stderr and exit code 1. */
export async function run(process: NodeJS.Process): Promise<void> {
  let settings: ProcessSettings;
  let sandbox: Sandbox;
  try {
    settings = readSettings(process.env);
    const log = pino({ level: settings.logLevel, base: { service: 'sandbox' } });
    sandbox = await createSandbox({ ...settings, log });
    const { host, signIn } = settings;
    const { port, secondPort: second_port, dc1Port: dc1_port, mediaPort: media_port } = sandbox;
    const proxy_secret = sandbox.proxySecrets.plain;
    const ports = {
      port,
      second_port,
      dc1_port,
      media_port,
      proxy_port: sandbox.proxyPort,
      http_port: sandbox.httpPort,
    };
    stopOnSignal(process, async (signal) => {
      log.info({ signal }, 'stopping');
      await sandbox.close();
      log.info('stopped');
    });
    log.info({ host, ...ports, proxy_secret, sign_in: signIn }, 'listening');
  } catch (error) {
    process.stderr.write(`sandbox: ${problemOf(error)}\n`);
    process.exitCode = 1;
  }
}

function stopOnSignal(process: NodeJS.Process, stop: (signal: string) => Promise<void>): void {
  let isStopping = false;
  const once = (signal: string) => {
    if (isStopping) return;
    isStopping = true;
    setTimeout(() => process.exit(1), stopWithinMs).unref();
    stop(signal).then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGTERM', once);
  process.on('SIGINT', once);
}

function problemOf(error: unknown): string {
  if (error instanceof ListenError) {
    const setting = nameInEnvironment(error.setting);
    const { code, port, address } = error.cause as NodeJS.ErrnoException & {
      port?: number;
      address?: string;
    };
    if (code === 'EADDRINUSE') return `port ${port} is in use: set ${setting} to another`;
    if (code === 'EACCES') return `port ${port} needs more rights: set ${setting} to another`;
    return `cannot listen on ${address ?? 'the host'} (${code}): set SANDBOX_HOST and ${setting}`;
  }
  return error instanceof Error ? error.message : String(error);
}

function nameInEnvironment(setting: PortSetting): string {
  if (setting === 'proxyPort') return 'SANDBOX_PROXY_PORT';
  return listeners.find(({ port }) => port === setting)?.setting ?? 'SANDBOX_HTTP_PORT';
}
