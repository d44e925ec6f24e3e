/**
 * An MTProxy before the sandbox's data centres: it takes clients that know its secret to the one that they name, over TCP,
 * and closes the connections of all others without a word.
 */
import { connect, type Socket } from 'node:net';
import type { Logger } from 'pino';
import { listenForSockets, type MtprotoServer } from '../mtproto/server.ts';
import { Beginning, type Begun } from './beginning.ts';
import { domain } from './secret.ts';

/** What a proxy is made with. */
export interface ProxyOptions {
  host: string;
  port: number;
  secret: Buffer;
  /** The port of each data centre at the same host, by its id: negative for media. */
  ports: ReadonlyMap<number, number>;
  log: Logger;
  now: () => number;
}

const beginsWithinMs = 10_000;
const rememberedBeginnings = 10_000;

/** Listens on `host:port` (0 takes a free port). Rejects with the listener's error, for instance EADDRINUSE. */
export function listenProxy(options: ProxyOptions): Promise<MtprotoServer> {
  const isRepeated = memory();
  return listenForSockets(options, (socket) => serve(socket, options, isRepeated));
}

/** Remembers so many beginnings, the latest of them. */
function memory(): (beginning: Buffer) => boolean {
  const known = new Set<string>();
  return (beginning) => {
    const name = beginning.toString('latin1');
    if (known.has(name)) return true;
    known.add(name);
    const [oldest] = known;
    if (known.size > rememberedBeginnings) known.delete(oldest!);
    return false;
  };
}

function serve(client: Socket, options: ProxyOptions, isRepeated: (beginning: Buffer) => boolean): void {
  const { secret, log, now } = options;
  const beginning = new Beginning({
    secret,
    domain,
    now: now(),
    isRepeated,
    answer: (bytes) => client.write(bytes),
  });
  const timer = setTimeout(() => client.destroy(), beginsWithinMs);
  client.setNoDelay(true);
  client.on('error', (error) => log.debug({ err: error }, 'a client of the proxy was lost'));
  client.once('close', () => clearTimeout(timer));
  const refuse = (reason: string) => {
    log.info({ reason }, 'the proxy refused a client');
    client.destroy();
  };
  const begin = (chunk: Buffer) => {
    orRefuse(refuse, () => {
      const begun = beginning.push(chunk);
      if (!begun) return;
      clearTimeout(timer);
      client.off('data', begin);
      const port = options.ports.get(begun.dc);
      if (port === undefined) throw new RangeError(`there is no data centre ${begun.dc}`);
      const { dc, transport, isTls } = begun;
      log.debug({ dc, transport, tls: isTls }, 'the proxy took a client');
      relay(client, connect({ host: reachable(options.host), port }), begun, refuse);
    });
  };
  client.on('data', begin);
}

/** Passes bytes both ways for as long as both sides live. */
function relay(client: Socket, centre: Socket, begun: Begun, refuse: (reason: string) => void) {
  centre.setNoDelay(true);
  centre.write(begun.first);
  pass(client, centre, (chunk) => orRefuse(refuse, () => begun.open(chunk)));
  pass(centre, client, (chunk) => begun.seal(chunk));
  centre.on('error', () => {});
  centre.once('close', () => client.destroySoon());
  client.once('close', (isFailed) => (isFailed ? centre.resetAndDestroy() : centre.destroy()));
}

function pass(from: Socket, to: Socket, changed: (chunk: Buffer) => Buffer | undefined): void {
  from.on('data', (chunk: Buffer) => {
    const bytes = changed(chunk);
    if (bytes && to.writable && bytes.length > 0 && !to.write(bytes)) from.pause();
  });
  from.on('end', () => to.end());
  to.on('drain', () => from.resume());
}

/** Whatever is malformed closes the connection. */
function orRefuse<T>(refuse: (reason: string) => void, work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    refuse(error.message);
    return undefined;
  }
}

/** What listens everywhere answers on loopback, too. */
function reachable(host: string): string {
  return host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
}
