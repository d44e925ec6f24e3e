/** The stack of a scenario: the sandbox, the wire to it and both gateways, on free ports and with data of their own. */
import { createWriteStream, mkdtempSync, rmSync, type WriteStream } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import type { Release } from '../kit/release.ts';
import type { GatewayName, Scenario } from './data-file.ts';
import { startRelay, type Relay } from './relay.ts';
import { AnsweredErrors, Sandbox } from './sandbox.ts';
import { Service } from './service.ts';

export interface Gateway {
  readonly name: GatewayName;
  readonly service: Service;
  url: string;
}

export interface Stack {
  readonly sandbox: Sandbox;
  readonly answeredErrors: AnsweredErrors;
  readonly relay: Relay;
  readonly gateways: readonly Gateway[];
}

export interface StackOptions {
  readonly settings: Scenario['settings'];
  /** The port of the inbox; 0 takes a free one. */
  readonly inboxPort: number;
  /** Takes the log lines of all processes. */
  readonly logFile: string;
  readonly release: Release;
}

/** Starts the sandbox and the wire; the gateways are there, but not started. */
export async function openStack(options: StackOptions): Promise<Stack> {
  const { release, settings } = options;
  const folder = mkdtempSync(join(tmpdir(), 'vestnik-scenario-'));
  release.push('data', () => rmSync(folder, { recursive: true, force: true }));
  const log = openLog(options.logFile, release);

  const answeredErrors = new AnsweredErrors();
  const server = new Service({
    name: 'sandbox',
    cwd: folder,
    env: { DATA_DIR: folder, SANDBOX_PORT: '0', SANDBOX_HTTP_PORT: String(options.inboxPort) },
    onLine: (line) => {
      log.write(`${line}\n`);
      answeredErrors.line(line);
    },
  });
  release.push('sandbox', () => server.stop());
  const { port, http_port: httpPort } = await server.start();
  const relay = await startRelay(port!);
  release.push('relay', () => relay.close());

  const gateways = (['text', 'media'] as const).map((name): Gateway => {
    const service = new Service({
      name: `send-${name}`,
      cwd: folder,
      env: {
        PORT: '0',
        DATA_DIR: join(folder, 'gateways'),
        ACCESS_LOG: 'false',
        TELEGRAM_DC: `127.0.0.1:${relay.port}`,
        TELEGRAM_DC_PUBLIC_KEY_FILE: join(folder, 'sandbox/public-key.pem'),
        ...settings,
      },
      onLine: (line) => void log.write(`${line}\n`),
    });
    return { name, service, url: '' };
  });
  release.push('gateways', () => Promise.all(gateways.map(({ service }) => service.stop())));
  return { sandbox: new Sandbox(httpPort!), answeredErrors, relay, gateways };
}

/** Starts a gateway for the first time; it keeps the port that it finds. */
export async function startGateway(gateway: Gateway): Promise<void> {
  const { port } = await gateway.service.start();
  gateway.url = `http://127.0.0.1:${port}`;
  gateway.service.keep({ PORT: String(port) });
}

function openLog(file: string, release: Release): WriteStream {
  const log = createWriteStream(file);
  release.push('log', () => finished(log.end()));
  return log;
}
