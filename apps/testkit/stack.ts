/** Gateways in the process of the test, on free ports, which send over TCP to a sandbox. */
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { startGateway } from '../gateway/gateway.ts';
import { readGatewayConfig } from '../gateway/settings.ts';
import type { Clock } from '../kit/clock.ts';
import { createLogger } from '../kit/log.ts';
import { Release } from '../kit/release.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { createMediaSends } from '../send-media/route.ts';
import { createTextSends } from '../send-text/route.ts';
import { temporaryFolder } from './folder.ts';
import { movableClock, type MovableClock } from './movable-clock.ts';
import { startProcess, type TestProcess } from './process.ts';
import { startSandbox } from './sandbox.ts';
import { until } from './until.ts';
import type { WhenDone } from './when-done.ts';

/** A supergroup of the sandbox's default world. */
export const demoChat = -1_003_833_950_795;

const log = createLogger('test', process.env.TEST_LOG_LEVEL ?? 'fatal');

/** A gateway as its callers see it. */
export interface GatewayClient {
  readonly url: string;
  /** POSTs JSON or a form. */
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  get(path: string): Promise<Answer>;
  /** Asks for a message until it has the status; its last answer. */
  untilStatus(id: unknown, status: string, withinMs?: number): Promise<Answer>;
  /** Waits until all dialogs have been read; the pause between their pages passes at once on a clock that can be moved. */
  untilWarm(): Promise<void>;
  /** Waits until no message waits. */
  untilSettled(withinMs?: number): Promise<void>;
}

/** A gateway that a test started. */
export interface TestGateway extends GatewayClient {
  close(): Promise<void>;
}

/** An HTTP answer with its JSON. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

/** For tests of anything but the paces: as fast as the gates allow. */
const unpaced = { PACE_CHAT_PER_S: '0', PACE_GROUP_PER_MIN: '0', PACE_ACCOUNT_PER_S: '0' };

/** The environment of a gateway that sends to `sandbox` and keeps its data in `dataDir`. */
export function gatewayEnvironment(
  sandbox: Pick<Sandbox, 'port' | 'publicKeyFile'>,
  dataDir: string,
): Record<string, string> {
  return {
    PORT: '0',
    DATA_DIR: dataDir,
    TELEGRAM_DC: `127.0.0.1:${sandbox.port}`,
    TELEGRAM_DC_PUBLIC_KEY_FILE: sandbox.publicKeyFile,
    LOG_LEVEL: 'info',
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
  clock: Clock & Partial<MovableClock> = movableClock(),
): Promise<TestGateway> {
  const env = { ...gatewayEnvironment(sandbox, dataDir), ...more };
  const config = readGatewayConfig(env, `send-${gateway}`, 0);
  const release = new Release();
  whenDone(() => release.run(log));
  const addSends = gateway === 'text' ? createTextSends(config) : createMediaSends(config);
  const { port } = await startGateway({ gateway, config, log, release, clock, addSends });
  return { ...client(port, clock), close: () => release.run(log) };
}

/** A gateway as it runs in production: a process of its own. */
export function startGatewayProcess(
  name: 'send-text' | 'send-media',
  env: Record<string, string>,
): TestProcess {
  return startProcess(join(import.meta.dirname, '..', name, 'main.ts'), { env });
}

/** Speaks to a gateway on loopback. */
export function client(port: number, clock?: Partial<MovableClock>): GatewayClient {
  const url = `http://127.0.0.1:${port}`;
  const ask = async (path: string, init?: RequestInit): Promise<Answer> => {
    const response = await fetch(url + path, init);
    const body = (await response.json()) as Record<string, unknown>;
    return { status: response.status, headers: response.headers, body };
  };
  const get = (path: string) => ask(path);
  return {
    url,
    get,
    post(path, body = {}, headers) {
      const isForm = body instanceof FormData;
      const all = { ...(!isForm && { 'content-type': 'application/json' }), ...headers };
      return ask(path, { method: 'POST', headers: all, body: isForm ? body : JSON.stringify(body) });
    },
    untilStatus(id, status, withinMs) {
      const ofMessage = async () => {
        const answer = await get(`/messages/${String(id)}`);
        if (answer.body.status !== status) throw new Error(JSON.stringify(answer.body));
        return answer;
      };
      return until(`message ${String(id)} is ${status}`, ofMessage, withinMs);
    },
    async untilWarm() {
      await until('the gateway knows all dialogs', async () => {
        const { authorized, cache } = (await get('/health')).body.checks as Record<string, { ok: boolean }>;
        if (authorized!.ok && !cache!.ok) clock?.advance?.(1_000);
        return cache!.ok;
      });
    },
    async untilSettled(withinMs) {
      const queue = async () => (await get('/stats')).body.queue as { depth: number };
      await until('no message waits', async () => (await queue()).depth === 0, withinMs);
    },
  };
}

/** A sandbox and one warm gateway; for several tests with `whenDone` = afterAll and `reset` between them. */
export async function startStack(
  gateway: 'text' | 'media',
  more: Record<string, string> = {},
  whenDone: WhenDone = onTestFinished,
) {
  const sandbox = await startSandbox({}, whenDone);
  const dataDir = temporaryFolder(whenDone);
  const running = await startTestGateway(gateway, sandbox, dataDir, more, whenDone);
  await running.untilWarm();
  return { sandbox, dataDir, gateway: running };
}

/** A multipart body with one file. */
export function fileForm(file: Buffer, name: string, fields: Record<string, string | number>): FormData {
  const form = new FormData();
  for (const [field, value] of Object.entries(fields)) form.set(field, String(value));
  form.set('file', new Blob([new Uint8Array(file)]), name);
  return form;
}

/** The path of a JPEG. */
export const samplePhoto = join(import.meta.dirname, '../../ops/samples/photo.jpg');
