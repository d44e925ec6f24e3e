/** Opens the TCP connection that a transport speaks over: directly, or through a proxy. */
import { connect, type Socket } from 'node:net';
import { SocksClient } from 'socks';
import { ProxyError, type MtProxy, type Proxy, type Socks5 } from './proxy.ts';
import { FakeTlsOpening } from './fake-tls.ts';
import { ProtocolError } from './message-key.ts';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** A connection that is there; `rest` is what has come over it already. */
export interface Dialled {
  readonly socket: Socket;
  readonly rest: Buffer;
}

const nothing = Buffer.alloc(0);

/** Connects, and passes the proxy's own beginning. @throws Error where that fails or takes longer than `timeoutMs`; ProxyError where the proxy is at fault */
export async function dial(address: Address, proxy: Proxy | undefined, timeoutMs: number): Promise<Dialled> {
  if (!proxy) return { socket: await dialDirectly(address, timeoutMs), rest: nothing };
  if (proxy.kind === 'socks5') return { socket: await dialSocks(proxy, address, timeoutMs), rest: nothing };
  return dialMtProxy(proxy, timeoutMs);
}

async function dialMtProxy(proxy: MtProxy, timeoutMs: number): Promise<Dialled> {
  const deadline = performance.now() + timeoutMs;
  const socket = await dialDirectly(proxy, timeoutMs).catch((error: Error): never => {
    throw new ProxyError(proxy, 'unreachable', error.message);
  });
  if (proxy.domain === undefined) return { socket, rest: nothing };
  try {
    return { socket, rest: await openFakeTls(socket, proxy, proxy.domain, deadline - performance.now()) };
  } catch (error) {
    socket.resetAndDestroy();
    throw new ProxyError(proxy, 'secret', (error as Error).message);
  }
}

/** Resolves with what came behind the proxy's answer. @throws Error */
async function openFakeTls(
  socket: Socket,
  { secret }: MtProxy,
  domain: string,
  timeoutMs: number,
): Promise<Buffer> {
  const opening = new FakeTlsOpening({ secret, domain, now: Math.floor(Date.now() / 1000) });
  const opened = Promise.withResolvers<Buffer>();
  const take = (chunk: Buffer) => {
    try {
      const rest = opening.push(chunk);
      if (rest) opened.resolve(rest);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      opened.reject(error);
    }
  };
  const closed = () => opened.reject(new Error('it closed the connection without an answer'));
  const timer = setTimeout(
    () => opened.reject(new Error(`no answer within ${Math.round(timeoutMs)} ms`)),
    timeoutMs,
  );
  socket.on('data', take).on('error', opened.reject).on('close', closed).write(opening.hello);
  try {
    return await opened.promise;
  } finally {
    clearTimeout(timer);
    socket.pause().off('data', take).off('error', opened.reject).off('close', closed);
  }
}

async function dialSocks(proxy: Socks5, { host, port }: Address, timeoutMs: number): Promise<Socket> {
  const { user, password } = proxy;
  try {
    const { socket } = await SocksClient.createConnection({
      proxy: {
        host: proxy.host,
        port: proxy.port,
        type: 5,
        ...(user !== undefined && { userId: user }),
        ...(password !== undefined && { password }),
      },
      command: 'connect',
      destination: { host, port },
      timeout: Math.max(1, timeoutMs),
      set_tcp_nodelay: true,
    });
    return socket;
  } catch (error) {
    throw socksError(proxy, (error as Error).message);
  }
}

/** What the library's words say of the proxy. */
function socksError(proxy: Socks5, message: string): ProxyError {
  if (/authentication failed|no accepted authentication type/i.test(message))
    return new ProxyError(proxy, 'user', message);
  const [, refusal] = /rejected connection(?: - (\w+))?/.exec(message) ?? [];
  if (refusal !== undefined) return new ProxyError(proxy, 'onward', refusal);
  return new ProxyError(proxy, 'unreachable', message);
}

function dialDirectly({ host, port }: Address, timeoutMs: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    const timer = setTimeout(
      () => socket.destroy(new Error(`no connection within ${Math.round(timeoutMs)} ms`)),
      timeoutMs,
    );
    socket.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.removeAllListeners('error');
      resolve(socket);
    });
  });
}
