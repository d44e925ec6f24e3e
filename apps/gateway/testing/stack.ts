/** The real parts for a test: the sandbox, and gateways on free ports that send to it over TCP. */
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { systemClock } from '../../kit/clock.ts';
import { createLogger } from '../../kit/log.ts';
import { Release } from '../../kit/release.ts';
import { createSandbox, type Sandbox } from '../../sandbox/sandbox.ts';
import { createMediaSends } from '../../send-media/route.ts';
import { createTextSends } from '../../send-text/route.ts';
import { startGateway } from '../gateway.ts';
import { readGatewayConfig } from '../settings.ts';
import { temporaryFolder } from '../../testkit/folder.ts';
import type { WhenDone } from '../../testkit/when-done.ts';

/** A supergroup of the sandbox's default world. */
export const demoChat = -1_003_833_950_795;

const log = createLogger('test', process.env.TEST_LOG_LEVEL ?? 'fatal');

export interface Report {
  readonly rpc: Record<string, number>;
  readonly errors: Record<string, number>;
  readonly delivered: readonly {
    readonly chat_id: string;
    readonly message_id: string;
    readonly random_id: string;
    readonly text: string;
    readonly link_preview?: false;
    readonly media: {
      readonly kind: string;
      readonly name: string;
      readonly size: number;
      readonly sha256: string;
    } | null;
  }[];
  readonly duplicates: number;
  readonly flood_violations: number;
}

export interface TestSandbox extends Sandbox {
  /** POSTs to its control API. */
  control(path: string, body: unknown): Promise<void>;
  /** GETs from its control API. */
  read(path: string): Promise<unknown>;
  report(): Promise<Report>;
}

/** A sandbox of its own for the test; `at` takes the place of one that was closed. */
export async function startSandbox(
  at?: { port: number; httpPort: number; dataDir: string },
  whenDone: WhenDone = onTestFinished,
  signIn: 'auto' | 'required' = 'auto',
): Promise<TestSandbox> {
  const settings = at ?? { port: 0, httpPort: 0, dataDir: temporaryFolder(whenDone) };
  const sandbox = await createSandbox({ ...settings, host: '127.0.0.1', signIn, log });
  whenDone(() => sandbox.close());
  const url = `http://127.0.0.1:${sandbox.httpPort}`;
  return {
    ...sandbox,
    control: async (path, body) => {
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    },
    read: async (path) => (await fetch(url + path)).json(),
    report: async () => (await fetch(`${url}/report`)).json() as Promise<Report>,
  };
}

export interface TestGateway {
  readonly url: string;
  /** POSTs JSON; the status and the body. */
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  get(path: string): Promise<Answer>;
  close(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

/** For tests of anything but the paces: as fast as the gates allow. */
const unpaced = { PACE_CHAT_PER_S: '0', PACE_GROUP_PER_MIN: '0', PACE_ACCOUNT_PER_S: '0' };

/** The environment of a gateway that sends to `sandbox` and keeps its data in `dataDir`. */
export function gatewayEnvironment(sandbox: Sandbox, dataDir: string): Record<string, string> {
  return {
    PORT: '0',
    DATA_DIR: dataDir,
    TELEGRAM_DC: `127.0.0.1:${sandbox.port}`,
    TELEGRAM_DC_PUBLIC_KEY_FILE: sandbox.publicKeyFile,
    LOG_LEVEL: 'error',
    ...unpaced,
  };
}

/** A gateway in this process, closed when the test is over. */
export async function startTestGateway(
  gateway: 'text' | 'media',
  sandbox: Sandbox,
  dataDir: string,
  more: Record<string, string> = {},
  whenDone: WhenDone = onTestFinished,
  clock = systemClock,
): Promise<TestGateway> {
  const env = { ...gatewayEnvironment(sandbox, dataDir), ...more };
  const config = readGatewayConfig(env, `send-${gateway}`, 0);
  const release = new Release();
  whenDone(() => release.run(log));
  const addSends = gateway === 'text' ? createTextSends(config) : createMediaSends(config);
  const { port } = await startGateway({ gateway, config, log, release, clock, addSends });
  return { ...client(port), close: () => release.run(log) };
}

/** Speaks to a gateway on loopback. */
export function client(port: number): Omit<TestGateway, 'close'> {
  const url = `http://127.0.0.1:${port}`;
  const read = async (response: Response): Promise<Answer> => ({
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
  });
  return {
    url,
    get: async (path) => read(await fetch(url + path)),
    post: async (path, body, headers) =>
      read(
        await fetch(url + path, {
          method: 'POST',
          headers: { ...(!(body instanceof FormData) && { 'content-type': 'application/json' }), ...headers },
          body: body instanceof FormData ? body : JSON.stringify(body ?? {}),
        }),
      ),
  };
}

/** Asks again until `ready` holds, for at most `seconds`. */
export async function until<T>(
  ask: () => T | Promise<T>,
  ready: (value: T) => boolean,
  seconds = 15,
): Promise<T> {
  const deadline = performance.now() + seconds * 1000;
  for (;;) {
    const value = await ask();
    if (ready(value)) return value;
    if (performance.now() > deadline)
      throw new Error(`not within ${seconds} s; last: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A sandbox and one warm gateway; for several tests with `whenDone` = afterAll and `reset` between them. */
export async function startStack(
  gateway: 'text' | 'media',
  more: Record<string, string> = {},
  whenDone: WhenDone = onTestFinished,
) {
  const sandbox = await startSandbox(undefined, whenDone);
  const dataDir = temporaryFolder(whenDone);
  const running = await startTestGateway(gateway, sandbox, dataDir, more, whenDone);
  await untilWarm(running);
  return { sandbox, dataDir, gateway: running };
}

/** Waits until a gateway has walked all dialogs. */
export async function untilWarm(gateway: Pick<TestGateway, 'get'>): Promise<void> {
  await until(
    () => gateway.get('/health'),
    ({ body }) => (body.checks as { cache: { ok: boolean } }).cache.ok,
  );
}

/** A multipart body with one file. */
export function fileForm(file: Buffer, name: string, fields: Record<string, string | number>): FormData {
  const form = new FormData();
  for (const [field, value] of Object.entries(fields)) form.set(field, String(value));
  form.set('file', new Blob([new Uint8Array(file)]), name);
  return form;
}

export const samplePhoto = join(import.meta.dirname, '../../../ops/samples/photo.jpg');
