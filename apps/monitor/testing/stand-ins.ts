/** What the monitor speaks to, as real servers in the test: a gateway, and the launcher on its socket. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, type Clock } from '../../kit/clock.ts';
import { Release } from '../../kit/release.ts';
import { startMonitor } from '../start.ts';

/** A gateway whose answers the test may change. */
export class GatewayStandIn {
  readonly #server: Server;
  #port = 0;
  health: object = { status: 'ok', sandbox: true, reasons: [], last_sent_at: null };
  healthStatus = 200;
  stats: Record<string, unknown> = {
    version: '0.1.0',
    sandbox: true,
    account: 'main',
    uptime_s: 5,
    cache: { size: 30 },
    queue: { depth: 12, oldest_s: 3, paused: false },
    floods: [],
    errors: { by_class: {} },
  };
  metrics = `# HELP process_resident_memory_bytes Resident memory size in bytes.
process_resident_memory_bytes 148000000
process_cpu_seconds_total 1.5
process_start_time_seconds ${Math.floor(Date.now() / 1000) - 100}
telegram_gateway_peer_cache_entries 30
telegram_gateway_queue_depth 12
telegram_gateway_last_request_timestamp_seconds 1790000000.5
telegram_gateway_last_sent_timestamp_seconds 0
telegram_gateway_errors_total{class="flood_wait"} 3
telegram_gateway_errors_total{class="internal"} 0
`;
  /** What a GET of any other address is answered. */
  readonly pages: Record<string, { status: number; body: object }> = {};
  /** Requests that change something, as `POST /pause`. */
  readonly asked: string[] = [];
  /** Of the requests, in order. */
  readonly requestIds: (string | undefined)[] = [];
  readonly authorizations = new Set<string | undefined>();
  /** What a POST is answered. */
  answer: { status: number; body: object; headers?: Record<string, string> } = {
    status: 200,
    body: { ok: true },
  };
  /** Answers nothing at all, though it takes the connection. */
  isMute = false;
  readonly #unanswered: (() => void)[] = [];

  private constructor() {
    this.#server = createServer((request, response) => {
      this.authorizations.add(request.headers.authorization);
      this.requestIds.push(request.headers['x-request-id']?.toString());
      if (this.isMute) this.#unanswered.push(() => this.#tell(request, response));
      else this.#tell(request, response);
    });
  }

  /** Answers again, first what was asked meanwhile. */
  unmute(): void {
    this.isMute = false;
    for (const tell of this.#unanswered.splice(0)) tell();
  }

  #tell(request: IncomingMessage, response: ServerResponse): void {
    const page = this.pages[request.url!];
    if (request.method !== 'GET') {
      this.asked.push(`${request.method} ${request.url}`);
      response.writeHead(this.answer.status, this.answer.headers).end(JSON.stringify(this.answer.body));
    } else if (request.url === '/health') {
      response.writeHead(this.healthStatus).end(JSON.stringify(this.health));
    } else if (request.url === '/stats') response.end(JSON.stringify(this.stats));
    else if (request.url === '/metrics') response.end(this.metrics);
    else if (page) response.writeHead(page.status).end(JSON.stringify(page.body));
    else response.writeHead(404).end('{"detail":"there is nothing here"}');
  }

  static async start(): Promise<GatewayStandIn> {
    const gateway = new GatewayStandIn();
    await gateway.open();
    return gateway;
  }

  /** Listens; after `close`, again on the same port. */
  async open(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  close(): Promise<void> {
    return closeServer(this.#server);
  }
}

/** A launcher that does what it is asked at once. */
export class LauncherStandIn {
  readonly #server: Server;
  readonly #dir: string;
  readonly asked: string[] = [];
  /** What it has to tell of its services' lines. */
  readonly lines: { at: string; service: string; stream: string; line: string }[] = [];
  /** Why the next action fails. */
  refusal: string | undefined;
  /** Started an hour ago. */
  readonly services: Record<string, Record<string, unknown>>;

  private constructor(dir: string, clock: Clock) {
    this.#dir = dir;
    const now = () => new Date(clock.now()).toISOString();
    const started = new Date(clock.now() - 3_600_000).toISOString();
    this.services = Object.fromEntries(
      ['send-text', 'send-media'].map((name) => [name, standInService(name, started)]),
    );
    this.#server = createServer((request, response) => {
      const answer = (status: number, body: unknown) => response.writeHead(status).end(JSON.stringify(body));
      if (request.url!.startsWith('/logs')) return answer(200, this.#page(request.url!));
      if (request.method === 'GET') return answer(200, Object.values(this.services));
      const [, , name = '', action = ''] = request.url!.split('/');
      this.asked.push(`${action} ${name}`);
      if (this.refusal) return answer(503, { detail: this.refusal });
      const state = action === 'stop' ? 'stopped' : 'running';
      Object.assign(this.services[name]!, {
        state,
        started_at: state === 'running' ? now() : null,
        since: now(),
      });
      answer(200, this.services[name]);
    });
  }

  static async start(clock: Clock): Promise<LauncherStandIn> {
    const launcher = new LauncherStandIn(await mkdtemp(join(tmpdir(), 'vestnik-monitor-')), clock);
    await new Promise<void>((resolve) => launcher.#server.listen(launcher.socketPath, resolve));
    return launcher;
  }

  get socketPath(): string {
    return join(this.#dir, 'launcher.sock');
  }

  /** Has a service write a line. */
  write(service: string, line: string, stream = 'stdout'): void {
    this.lines.push({ at: new Date().toISOString(), service, stream, line });
  }

  #page(url: string): object {
    const [, seen = '0'] = /since=stand-(\d+)/.exec(url) ?? [];
    const lines = this.lines.slice(Number(seen), Number(seen) + 250);
    return { lines, next: `stand-${Number(seen) + lines.length}`, dropped: 0 };
  }

  /** A folder that goes away with the launcher. */
  get dir(): string {
    return this.#dir;
  }

  async close(): Promise<void> {
    await closeServer(this.#server);
    await rm(this.#dir, { recursive: true, force: true });
  }
}

export interface MonitorStand {
  /** Where the monitor listens now: a new address after each start of it. */
  readonly url: string;
  readonly text: GatewayStandIn;
  readonly media: GatewayStandIn;
  readonly launcher: LauncherStandIn;
  /** Stops the monitor alone. */
  stopMonitor(): Promise<void>;
  /** Starts it again on what it has left behind; what stands in `changes` is set anew. */
  startMonitor(changes?: Record<string, string>): Promise<void>;
  close(): Promise<void>;
}

export const user = 'admin';
export const password = 'correct horse';
/** Of the least cost that is taken, because it is checked in hundreds of tests. */
export const passwordHash = 'scrypt$4096$8$1$c2FsdC1vZi10ZXN0cw$657VnuIDwqUYZmvplnmVZh2cWJ3a6wyvwh5HbGilJbk';

/** The monitor as its main.ts starts it, on a free port, between stand-ins; `env` is added to its settings. */
export async function startStand(
  env: Record<string, string> = {},
  clock: Clock = systemClock,
): Promise<MonitorStand> {
  const [text, media, launcher] = await Promise.all([
    GatewayStandIn.start(),
    GatewayStandIn.start(),
    LauncherStandIn.start(clock),
  ]);
  const settings = {
    MONITOR_PORT: '0',
    MONITOR_PASSWORD_HASH: passwordHash,
    LAUNCHER_SOCKET: launcher.socketPath,
    SERVICES: JSON.stringify([
      { name: 'send-text', label: 'text', url: text.url },
      { name: 'send-media', label: 'media', url: media.url },
    ]),
    INBOX_URL: 'http://127.0.0.1:4431',
    DATA_DIR: launcher.dir,
    LOG_LEVEL: 'fatal',
    ...env,
  };
  let url = '';
  let stopMonitor = () => Promise.resolve();
  const start = async (changes: Record<string, string> = {}) => {
    const release = new Release();
    const { port, log } = await startMonitor({ ...settings, ...changes }, release, clock);
    url = `http://127.0.0.1:${port}`;
    stopMonitor = () => release.run(log);
  };
  await start();
  return {
    get url() {
      return url;
    },
    text,
    media,
    launcher,
    stopMonitor: () => stopMonitor(),
    startMonitor: start,
    close: async () => {
      await stopMonitor();
      await Promise.all([text.close(), media.close(), launcher.close()]);
    },
  };
}

function standInService(name: string, since: string): Record<string, unknown> {
  return { name, pid: null, state: 'running', since, restarts: 2, started_at: since, last_exit: null };
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
