/** A simulated Telegram: MTProto on one port, control and web inbox on another. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { Accounts } from './accounts.ts';
import { DC_ID } from './api/help.ts';
import { createDispatcher } from './api/dispatch.ts';
import { Deliveries } from './deliveries.ts';
import { Events } from './events.ts';
import { Faults } from './faults.ts';
import { createApp } from './http/app.ts';
import { Limits } from './limits.ts';
import type { Call } from './mtproto/call.ts';
import { AuthKeys } from './mtproto/auth-keys.ts';
import { loadRsaKey } from './mtproto/rsa-key.ts';
import { listenMtproto } from './mtproto/server.ts';
import { Report } from './report.ts';
import type { SandboxState } from './state.ts';
import { Uploads } from './uploads.ts';

/** What a sandbox is made with; port 0 takes a free one. */
export interface SandboxSettings {
  host: string;
  port: number;
  httpPort: number;
  /** Holds the RSA key, the auth keys, and uploads while it runs. */
  dataDir: string;
  /** `auto` signs every new auth key in as the default account. */
  signIn: 'auto' | 'required';
  log: Logger;
}

/** A running sandbox. */
export interface Sandbox {
  port: number;
  httpPort: number;
  publicKeyPem: string;
  publicKeyFile: string;
  /** Ends all connections and listeners, and empties the upload folder. */
  close(): Promise<void>;
}

/** A listener that cannot be opened; `setting` names the port that is at fault. */
export class ListenError extends Error {
  readonly setting: 'port' | 'httpPort';
  constructor(setting: 'port' | 'httpPort', cause: unknown) {
    super((cause as Error).message, { cause });
    this.name = 'ListenError';
    this.setting = setting;
  }
}

/** Starts a sandbox. Rejects with ListenError where a port is not free. */
export async function createSandbox(settings: SandboxSettings): Promise<Sandbox> {
  const { host, dataDir, log } = settings;
  const rsaKey = await loadRsaKey(dataDir);
  const state = await openState(dataDir);
  const dispatcher = createDispatcher(state, log);
  const streams = new AbortController();
  const onAuthKey = (key: Buffer, expiresInS: number | undefined) => {
    const expiresAt = expiresInS === undefined ? undefined : Date.now() + expiresInS * 1000;
    const isSignedIn = settings.signIn === 'auto';
    const authKey = state.authKeys.add(key, expiresAt);
    state.authKeys.signIn(authKey, isSignedIn ? state.accounts.standard.id : undefined);
    log.info({ temporary: expiresAt !== undefined, signed_in: isSignedIn }, 'auth key made');
  };
  const context = {
    rsaKey,
    authKeys: state.authKeys,
    log,
    onAuthKey,
    onCall: (call: Call) => dispatcher.handle(call),
  };
  const wire = await listenMtproto({ host, port: settings.port }, context).catch((error: unknown) => {
    throw new ListenError('port', error);
  });
  const { publicKeyPem, publicKeyFile } = rsaKey;
  const connect = { port: wire.port, dc: DC_ID, fingerprint: String(rsaKey.fingerprint) };
  const app = createApp({ state, publicKeyPem, connect, host, log, signal: streams.signal });
  let http: Server;
  try {
    http = await listenHttp(app.callback(), host, settings.httpPort);
  } catch (error) {
    await wire.close();
    throw new ListenError('httpPort', error);
  }

  return {
    port: wire.port,
    httpPort: (http.address() as AddressInfo).port,
    publicKeyPem,
    publicKeyFile,
    async close() {
      dispatcher.close();
      streams.abort();
      const httpClosed = new Promise((resolve) => http.close(resolve));
      http.closeAllConnections();
      await Promise.all([wire.close(), httpClosed]);
      await state.authKeys.settled();
      await state.uploads.close();
    },
  };
}

async function openState(dataDir: string): Promise<SandboxState> {
  const uploads = new Uploads(join(dataDir, 'uploads'));
  const authKeys = new AuthKeys(join(dataDir, 'auth-keys'));
  await uploads.open();
  await authKeys.load();
  return {
    accounts: new Accounts(),
    authKeys,
    uploads,
    deliveries: new Deliveries((delivery) => delivery.media && uploads.release(delivery.media.file)),
    faults: new Faults(),
    limits: new Limits(),
    report: new Report(),
    events: new Events(),
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
