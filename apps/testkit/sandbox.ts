/** A sandbox in the process of the test, on free ports and in a folder of its own. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import type { MemorySession } from 'telegram/sessions/index.js';
import { onTestFinished } from 'vitest';
import { saltOf } from '../sandbox/mtproto/salts.ts';
import { createSandbox, type Sandbox, type SandboxSettings } from '../sandbox/sandbox.ts';
import { temporaryFolder } from './folder.ts';
import { connectClient, type ClientOptions, type TestClient } from './library-client.ts';
import { RawClient, type RawOptions } from './raw-client.ts';
import type { Report } from './report.ts';
import { until } from './until.ts';
import type { WhenDone } from './when-done.ts';

/** A sandbox and its clients. `close()` ends only the server, as if Telegram were away, until `restart()`. */
export interface TestSandbox extends Sandbox {
  dataDir: string;
  /** Asks the HTTP side and returns the JSON; rejects on a status of 400 or more. */
  get: <R>(path: string) => Promise<R>;
  post: <R>(path: string, body?: unknown) => Promise<R>;
  patch: <R>(path: string, body: unknown) => Promise<R>;
  /** GET /report. */
  report: () => Promise<Report>;
  /** Asks for the report until it is as wished. */
  untilReport: (isReady: (report: Report) => boolean) => Promise<Report>;
  /** A connected client of the library. */
  connect: (session?: MemorySession, options?: ClientOptions) => Promise<TestClient>;
  /** The same for the second data centre, which the client takes for its first. */
  connectSecond: () => Promise<TestClient>;
  /** A connection that writes single messages, with an auth key that the library agreed on, and its salt of now. */
  connectRaw: (options?: Partial<RawOptions>) => Promise<RawClient>;
  /** Starts it on the same ports and folder again, after closing it where it still runs. */
  restart: () => Promise<void>;
  /** Ends clients, server and folder, early; otherwise they end with the test. */
  dispose: () => Promise<void>;
}

/** The RSA key of the first sandbox that these tests start, and of all others: to make one takes as long as the rest. */
let privateKey: Buffer | undefined;

/**
 * Starts a sandbox that ends with the test: on free ports, with a folder of its own, and with every key signed in, unless
 * `settings` say otherwise. In `beforeAll`, pass the `whenDone` of `shared`. TEST_LOG_LEVEL shows its log.
 */
export async function startSandbox(
  settings: Partial<SandboxSettings> = {},
  whenDone: WhenDone = onTestFinished,
): Promise<TestSandbox> {
  const opened = new AsyncDisposableStack();
  const dispose = () => opened.disposeAsync();
  whenDone(dispose);
  const own = <T>(value: T, close: (value: T) => Promise<void>): T => opened.adopt(value, close);
  const dataDir = settings.dataDir ?? temporaryFolder((close) => opened.defer(close));
  const log = pino({ level: process.env.TEST_LOG_LEVEL ?? 'silent' });
  const wished = { host: '127.0.0.1', port: 0, httpPort: 0, signIn: 'auto' as const, log, ...settings };
  const keyFile = join(dataDir, 'private-key.pem');
  if (privateKey && !existsSync(keyFile)) writeFileSync(keyFile, privateKey, { mode: 0o600 });
  let server = await createSandbox({ ...wished, dataDir });
  privateKey ??= readFileSync(keyFile);
  opened.defer(() => server.close());
  const { port, secondPort, dc1Port, mediaPort, proxyPort, httpPort, publicKeyPem } = server;

  const ask = async <R>(path: string, init?: RequestInit): Promise<R> => {
    const response = await fetch(`http://127.0.0.1:${httpPort}${path}`, init);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as R;
  };
  const report = () => ask<Report>('/report');
  const connectTo = async (at: number, session?: MemorySession, options?: ClientOptions) => {
    const connected = await connectClient({ port: at, publicKeyPem }, session, options);
    return own(connected, ({ client }) => client.destroy());
  };
  let key: Promise<Buffer> | undefined;
  const agreeOnKey = async () => {
    const { client, session } = await connectTo(port);
    await client.disconnect();
    return session.getAuthKey(2)!.getKey()!;
  };

  return {
    ...server,
    dataDir,
    get: (path) => ask(path),
    post: (path, body = {}) => ask(path, { method: 'POST', body: JSON.stringify(body) }),
    patch: (path, body) => ask(path, { method: 'PATCH', body: JSON.stringify(body) }),
    report,
    untilReport: (isReady) =>
      until('the report is as wished', async () => {
        const now = await report();
        if (!isReady(now)) throw new Error(JSON.stringify(now));
        return now;
      }),
    connect: (session, options) => connectTo(port, session, options),
    connectSecond: () => connectTo(secondPort),
    async connectRaw(options) {
      const agreed = await (key ??= agreeOnKey());
      const raw = new RawClient({ port, key: agreed, salt: saltOf(agreed), ...options });
      return own(raw, () => raw.close());
    },
    close: () => server.close(),
    async restart() {
      await server.close();
      const ports = { port, secondPort, dc1Port, mediaPort, proxyPort, httpPort };
      server = await createSandbox({ ...wished, ...ports, dataDir });
    },
    dispose,
  };
}
