/** A simulated Telegram: MTProto on one port, control and web inbox on another. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import { systemClock } from '../kit/clock.ts';
import { EventStreams } from '../kit/event-stream.ts';
import { createDispatcher } from './api/dispatch.ts';
import { sendDue } from './api/scheduled.ts';
import { dataCentres, homeDc } from './world/data-centres.ts';
import { createApp } from './http/app.ts';
import type { Call } from './mtproto/call.ts';
import { signedInKey, type AuthKey } from './mtproto/auth-keys.ts';
import { loadRsaKey } from './mtproto/rsa-key.ts';
import { loadProxySecret, secretsOf, type ProxySecrets } from './mtproxy/secret.ts';
import type { AgreedKey } from './mtproto/handshake.ts';
import { openState } from './world/state.ts';
import { ListenError, openWire, type WireAddress, type WirePorts } from './wire.ts';

/** What a sandbox is made with; port 0 takes a free one. */
export interface SandboxSettings extends WireAddress {
  httpPort: number;
  /** Names it may be asked by over HTTP, beside those of this machine. */
  allowedHosts?: readonly string[];
  /** Holds the RSA key, the proxy's secret, the auth keys, and uploads while it runs. */
  dataDir: string;
  /** `auto` signs every new auth key in as the default account. */
  signIn: 'auto' | 'required';
  /** For tests of several sessions of one key: it may call over two connections at once, which Telegram refuses. */
  takesParallelCalls?: boolean;
  log: Logger;
}

/** A running sandbox. */
export interface Sandbox extends WirePorts {
  httpPort: number;
  proxySecrets: ProxySecrets;
  publicKeyPem: string;
  publicKeyFile: string;
  /** Ends all connections and listeners, and empties the upload folder. */
  close(): Promise<void>;
}

/** Starts a sandbox. Rejects with ListenError where a port is not free. */
export async function createSandbox(settings: SandboxSettings): Promise<Sandbox> {
  const { host, allowedHosts = [], dataDir, log } = settings;
  const rsaKey = await loadRsaKey(dataDir);
  const proxySecret = await loadProxySecret(dataDir);
  const proxySecrets = secretsOf(proxySecret);
  const state = await openState(dataDir);
  const dispatcher = createDispatcher(state, log, settings.takesParallelCalls);
  state.scheduled.onDue = (due) => sendDue(state, due);
  const streams = new EventStreams({
    clock: systemClock,
    tooMany: 'pages follow the inbox already',
    retryMs: 1000,
  });
  const onAuthKey = ({ key, expiresInS, firstSalt }: AgreedKey, dc: number) => {
    const isTemporary = expiresInS !== undefined;
    const isSignedIn = settings.signIn === 'auto' && dc === homeDc && !isTemporary;
    const expiresAt = isTemporary ? Date.now() + expiresInS * 1000 : undefined;
    const first = { salt: firstSalt, atMs: state.clock.now() };
    const authKey = state.authKeys.add(key, dc, expiresAt, first);
    state.authKeys.signIn(authKey, isSignedIn ? state.accounts.standard.id : undefined);
    log.info({ dc, temporary: isTemporary, signed_in: isSignedIn }, 'auth key made');
  };
  const context = {
    rsaKey,
    authKeys: state.authKeys,
    log,
    now: () => state.clock.now(),
    socketFault: () => state.faults.socket(),
    transportError: () => state.faults.transportError(),
    onConnection: (authKey: AuthKey | undefined, openedAt: number) =>
      state.report.countConnection(authKey && signedInKey(authKey).accountId, openedAt),
    onAuthKey,
    onCall: (call: Call) => dispatcher.handle(call),
  };
  const wire = await openWire(settings, context, proxySecret);
  state.dataCentres = new Map(dataCentres.map(({ id, port }) => [id, wire.ports[port]]));
  state.mediaPort = wire.ports.mediaPort;
  state.cutConnections = () => wire.cut();
  const { publicKeyPem, publicKeyFile } = rsaKey;
  const connect = {
    port: wire.ports.port,
    dc: homeDc,
    fingerprint: String(rsaKey.fingerprint),
    data_centres: dataCentres.map(({ id, port }) => ({ id, port: wire.ports[port] })),
    proxy: { port: wire.ports.proxyPort, secrets: proxySecrets },
  };
  const app = createApp({ state, publicKeyPem, connect, host, allowedHosts, log, streams });
  let http: Server;
  try {
    http = await listenHttp(app.callback(), host, settings.httpPort);
  } catch (error) {
    await wire.close();
    throw new ListenError('httpPort', error);
  }

  return {
    ...wire.ports,
    httpPort: (http.address() as AddressInfo).port,
    proxySecrets,
    publicKeyPem,
    publicKeyFile,
    async close() {
      dispatcher.close();
      state.scheduled.close();
      state.timetable.replace([]);
      streams.endAll();
      const httpClosed = new Promise((resolve) => http.close(resolve));
      http.closeAllConnections();
      await Promise.all([wire.close(), httpClosed]);
      state.numbers.close();
      await state.authKeys.settled();
      await state.uploads.close();
    },
  };
}

async function listenHttp(
  handler: ReturnType<ReturnType<typeof createApp>['callback']>,
  host: string,
  port: number,
) {
  const server = createServer((request, response) => void handler(request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve());
  });
  return server;
}
