/** For tests: a sandbox on free ports in a folder of its own, and the client library held as the gateway holds it. */
import { createPublicKey } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { TelegramClient } from 'telegram';
import { _serverKeys } from 'telegram/crypto/RSA.js';
import { Logger } from 'telegram/extensions/Logger.js';
import { returnBigInt } from 'telegram/Helpers.js';
import { ConnectionTCPAbridged } from 'telegram/network/index.js';
import { MemorySession } from 'telegram/sessions/index.js';
import { Api } from 'telegram/tl/index.js';
import { fingerprintOf } from '../mtproto/rsa-key.ts';
import { createSandbox, type Sandbox, type SandboxSettings } from '../sandbox.ts';

/** A sandbox with what tests need around it. */
export interface TestSandbox extends Sandbox {
  dataDir: string;
  /** GET /report. */
  report: () => Promise<ReportJson>;
  /** Asks the HTTP side and returns the JSON; rejects on a status of 400 or more. */
  get: <R>(path: string) => Promise<R>;
  post: <R>(path: string, body?: unknown) => Promise<R>;
  fetchJson: <R>(method: string, path: string, body: unknown) => Promise<R>;
  /** Asks for the report until it is as wished; at most ten seconds long. */
  untilReport: (isReady: (report: ReportJson) => boolean) => Promise<ReportJson>;
  /** A connected client; it is disconnected when the sandbox is disposed of. */
  connect: (session?: MemorySession, options?: ClientOptions) => Promise<TestClient>;
  /** The same for the second data centre, which the client takes for its first. */
  connectSecond: () => Promise<TestClient>;
  /** Ends clients, sandbox and folder. */
  dispose: () => Promise<void>;
}

/** What tests read of GET /report. */
export interface ReportJson {
  rpc: Record<string, number>;
  errors: Record<string, number>;
  delivered: {
    chat_id: string;
    message_id: string;
    random_id: string;
    text: string;
    media?: { kind: string; name: string; size: number; sha256: string };
  }[];
  delivered_total: number;
  duplicates: number;
  flood_violations: number;
  violations: { method: string; chat_id?: string; early_ms: number }[];
}

/** What of the library's options a test may change. */
export type ClientOptions = Partial<ConstructorParameters<typeof TelegramClient>[3]>;

/** One client of the library. */
export interface TestClient {
  client: TelegramClient;
  session: MemorySession;
  /** Sends a method by the main sender, without updates; rejects with the raw error. */
  call: <R>(query: Api.AnyRequest) => Promise<R>;
  /** The same without any wrapper around it. */
  callBare: <R>(query: Api.AnyRequest) => Promise<R>;
}

/** Starts a sandbox on free ports. */
export async function startSandbox(settings: Partial<SandboxSettings> = {}): Promise<TestSandbox> {
  const dataDir = settings.dataDir ?? (await mkdtemp(join(tmpdir(), 'vestnik-sandbox-')));
  const log = pino({ level: 'silent' });
  const sandbox = await createSandbox({
    ...{ host: '127.0.0.1', port: 0, httpPort: 0, signIn: 'auto', log },
    ...settings,
    dataDir,
  });
  const clients: TelegramClient[] = [];
  const ask = async <R>(path: string, init?: RequestInit): Promise<R> => {
    const response = await fetch(`http://127.0.0.1:${sandbox.httpPort}${path}`, init);
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    return (await response.json()) as R;
  };
  return {
    ...sandbox,
    dataDir,
    report: () => ask<ReportJson>('/report'),
    get: (path) => ask(path),
    post: (path, body) => ask(path, { method: 'POST', body: JSON.stringify(body ?? {}) }),
    fetchJson: (method, path, body) => ask(path, { method, body: JSON.stringify(body) }),
    async untilReport(isReady) {
      const deadline = performance.now() + 10_000;
      for (;;) {
        const report = await ask<ReportJson>('/report');
        if (isReady(report)) return report;
        if (performance.now() > deadline) throw new Error(`not within 10 s: ${JSON.stringify(report)}`);
        await sleep(20);
      }
    },
    async connect(session, options) {
      const connected = await connectClient(sandbox, session, options);
      clients.push(connected.client);
      return connected;
    },
    async connectSecond() {
      const connected = await connectClient({ ...sandbox, port: sandbox.secondPort });
      clients.push(connected.client);
      return connected;
    },
    async dispose() {
      await Promise.all(clients.map((client) => client.destroy()));
      await sandbox.close();
      if (settings.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Connects the client library to a sandbox, whose key it comes to trust. */
export async function connectClient(
  sandbox: { port: number; publicKeyPem: string },
  session = new MemorySession(),
  options: ClientOptions = {},
): Promise<TestClient> {
  trust(sandbox.publicKeyPem);
  session.setDC(2, '127.0.0.1', sandbox.port);
  const logger = new Logger();
  logger.handler = () => {};
  const client = new TelegramClient(session, 1, 'hash', {
    connection: ConnectionTCPAbridged,
    autoReconnect: false,
    connectionRetries: 1,
    requestRetries: 2,
    floodSleepThreshold: 0,
    securityChecks: true,
    baseLogger: logger,
    ...options,
  });
  withoutUpdates(client);
  await client.connect();
  const sender = () => client.getSender(undefined as unknown as number);
  return {
    client,
    session,
    call: async <R>(query: Api.AnyRequest) =>
      (await (await sender()).send(new Api.InvokeWithoutUpdates({ query }))) as R,
    callBare: async <R>(query: Api.AnyRequest) => (await (await sender()).send(query)) as R,
  };
}

function withoutUpdates(client: TelegramClient): void {
  const manager = client.updateManager as unknown as Record<string, unknown>;
  manager.start = () => {};
  manager.ensureState = () => Promise.resolve();
  manager.catchUp = () => Promise.resolve();
}

/** Makes the library trust this server's key. */
function trust(publicKeyPem: string): void {
  const key = createPublicKey(publicKeyPem);
  const { n, e } = key.export({ format: 'jwk' });
  const number = (text = '') => BigInt(`0x${Buffer.from(text, 'base64url').toString('hex')}`);
  _serverKeys.set(fingerprintOf(key).toString(), { n: returnBigInt(number(n)), e: Number(number(e)) });
}
