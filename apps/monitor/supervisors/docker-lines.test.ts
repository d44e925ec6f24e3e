/** Docker's client following the lines of a container, against an engine on a Unix socket that says what it is told. */
import { createServer, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../testkit/folder.ts';
import { createLogger } from '../../kit/log.ts';
import { systemClock } from '../../kit/clock.ts';
import { Follower } from '../logs/follower.ts';
import { everyLine } from '../logs/log-rows.ts';
import { LogStore } from '../logs/log-store.ts';
import { createDockerSupervisor, toUsage } from './docker.ts';

const service = {
  name: 'send-text',
  label: 'text',
  url: '',
  handles: { container: 'vestnik-send-text-1' },
  account: null,
};
const path = `/containers/${service.handles.container}`;
const timeOf = (n: number) => `2026-11-23T10:00:0${n}.123456789Z`;

/** A line as the engine sends it: a head of eight bytes, its time, its text. */
function frame(n: number, text: string, stream = 1): Buffer {
  const payload = Buffer.from(`${timeOf(n)} ${text}\n`);
  const head = Buffer.alloc(8);
  head[0] = stream;
  head.writeUInt32BE(payload.length, 4);
  return Buffer.concat([head, payload]);
}

/** An engine with one container. What it is not prepared for it does not answer, and the test fails for it. */
class Engine {
  readonly #server: Server;
  readonly queries: Record<string, string>[] = [];
  readonly unexpected: string[] = [];
  readonly #streams: ((response: ServerResponse) => void)[] = [];
  isThere = true;
  hasTerminal = false;

  constructor() {
    this.#server = createServer((request, response) => {
      const url = new URL(request.url!, 'http://docker');
      if (!this.isThere) response.writeHead(404).end('{"message":"No such container"}');
      else if (url.pathname === `${path}/json`) {
        response.end(JSON.stringify({ Config: { Tty: this.hasTerminal } }));
      } else if (url.pathname === `${path}/logs` && this.#streams.length > 0) {
        this.queries.push(Object.fromEntries(url.searchParams));
        this.#streams.shift()!(response);
      } else {
        this.unexpected.push(`${request.method} ${request.url}`);
        request.socket.destroy();
      }
    });
  }

  /** What the next requests for lines are answered with, in turn. */
  willStream(...streams: ((response: ServerResponse) => void)[]): void {
    this.#streams.push(...streams);
  }

  listen(socket: string): Promise<void> {
    return new Promise((resolve) => this.#server.listen(socket, resolve));
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }
}

let dir: string;
let engine: Engine;
let store: LogStore;
let follower: Follower | undefined;
beforeEach(async () => {
  dir = temporaryFolder();
  engine = new Engine();
  await engine.listen(join(dir, 'docker.sock'));
  store = LogStore.open(join(dir, 'logs.sqlite'));
});
afterEach(async () => {
  await follower?.stop();
  follower = undefined;
  store.close();
  await engine.close();
  expect(engine.unexpected).toEqual([]);
});

async function follow(socket = join(dir, 'docker.sock')): Promise<Follower> {
  const docker = await createDockerSupervisor(`unix://${socket}`);
  const [source] = docker.sources([service]);
  const log = createLogger('monitor', 'silent');
  follower = new Follower({ source: source!, store, clock: systemClock, log });
  follower.start();
  return follower;
}
const messages = () => store.newest(everyLine, 100, null).map(({ message }) => message);
const send =
  (...frames: Buffer[]) =>
  (response: ServerResponse) =>
    void response.write(Buffer.concat(frames));

describe('following a container', () => {
  it('takes a stream that is cut in the middle of a line up again, without gaps or repeats', async () => {
    const [one, two, three] = [frame(1, 'ERROR: one'), frame(2, 'ERROR: two', 2), frame(3, 'ERROR: three')];
    engine.willStream(
      (response) => {
        response.write(Buffer.concat([one, two, three.subarray(0, 20)]), () => response.destroy());
      },
      // The engine begins with the lines of the very time that is asked for.
      send(two, three, frame(3, 'ERROR: at the same time')),
    );
    await follow();
    await expect.poll(messages).toEqual(['one', 'two', 'three', 'at the same time']);
    const common = { follow: 'true', stdout: 'true', stderr: 'true', timestamps: 'true' };
    expect(engine.queries).toEqual([
      { ...common, tail: '10000' },
      { ...common, since: '1795428002.123456789' },
    ]);
    expect(store.newest(everyLine, 1, null)[0]!.at).toBe('2026-11-23T10:00:03.123Z');
  });

  it('goes on behind what a monitor before this one has read', async () => {
    engine.willStream(send(frame(1, 'ERROR: one')), send(frame(1, 'ERROR: one'), frame(2, 'ERROR: two')));
    const first = await follow();
    await expect.poll(messages).toHaveLength(1);
    await first.stop();
    await follow();
    await expect.poll(messages).toContain('two');
    expect(messages()).toEqual(['one', 'two']);
  });

  it('asks a stopped container for more until it runs again', async () => {
    const end = (response: ServerResponse) => void response.end(frame(1, 'ERROR: the last words'));
    engine.willStream(end, end, send(frame(1, 'ERROR: the last words'), frame(2, 'ERROR: again')));
    await follow();
    await expect.poll(messages).toEqual(['the last words', 'again']);
  });

  it('reads a container that has a terminal', async () => {
    engine.hasTerminal = true;
    engine.willStream((response) => void response.write(`${timeOf(1)} ERROR: \u001b[31mred\u001b[0m\r\n`));
    await follow();
    await expect.poll(messages).toEqual(['red']);
  });

  it('says that the container is not there, and reads it when it is', async () => {
    engine.isThere = false;
    engine.willStream(send(frame(1, 'ERROR: here')));
    const { status } = await follow();
    expect(status.following).toBe(false);
    await expect
      .poll(() => follower!.status.reason)
      .toBe('Docker has no container named vestnik-send-text-1');
    engine.isThere = true;
    await expect.poll(messages).toHaveLength(1);
    expect(follower!.status).toMatchObject({ following: true, reason: null });
  });

  it.each([
    ['a log driver that cannot be read', 501, 'configured logging driver does not support reading'],
    ['an engine in trouble', 500, 'server error'],
  ])('says why it is not possible: %s', async (_, status, message) => {
    const refuse = (response: ServerResponse) =>
      void response
        .writeHead(status, { 'content-type': 'application/json' })
        .end(JSON.stringify({ message }));
    engine.willStream(refuse, refuse, refuse);
    await follow();
    await expect.poll(() => follower!.status.reason).toContain(message);
  });

  it('says that there is no socket', async () => {
    await follow(join(dir, 'none.sock'));
    await expect.poll(() => follower!.status.reason).toContain('Docker does not answer: there is no socket');
  });
});

describe('what a container uses', () => {
  it('is counted as docker stats counts it, under either version of control groups', () => {
    const cpu_stats = { cpu_usage: { total_usage: 2_500_000_000 } };
    expect(toUsage({ cpu_stats, memory_stats: { usage: 100, stats: { inactive_file: 30 } } })).toEqual({
      memoryBytes: 70,
      cpuSeconds: 2.5,
    });
    const first = { usage: 100, stats: { total_inactive_file: 20, cache: 50 } };
    expect(toUsage({ cpu_stats, memory_stats: first }).memoryBytes).toBe(80);
    expect(toUsage({ cpu_stats: {}, memory_stats: {} })).toEqual({ memoryBytes: null, cpuSeconds: null });
  });
});
