/** The client library connected to a sandbox as the gateway connects it: one sender, no updates. */
import { createPublicKey } from 'node:crypto';
import { TelegramClient } from 'telegram';
import { _serverKeys } from 'telegram/crypto/RSA.js';
import { Logger } from 'telegram/extensions/Logger.js';
import { returnBigInt } from 'telegram/Helpers.js';
import { ConnectionTCPAbridged } from 'telegram/network/index.js';
import { MemorySession } from 'telegram/sessions/index.js';
import { Api } from 'telegram/tl/index.js';
import { fingerprintOf } from '../sandbox/mtproto/rsa-key.ts';

/** The library's options that a test may change, and whether the client takes updates. */
export type ClientOptions = Partial<ConstructorParameters<typeof TelegramClient>[3]> & {
  hearsUpdates?: boolean;
};

/** One client of the library; end it with `client.destroy()`. */
export interface TestClient {
  client: TelegramClient;
  session: MemorySession;
  /** Sends a method by the main sender, without updates; rejects with the raw error. */
  call: <R>(query: Api.AnyRequest) => Promise<R>;
  /** The same without any wrapper around it. */
  callBare: <R>(query: Api.AnyRequest) => Promise<R>;
}

/** Connects the client library to a sandbox, whose key it comes to trust. */
export async function connectClient(
  sandbox: { port: number; publicKeyPem: string },
  session = new MemorySession(),
  { hearsUpdates = false, ...options }: ClientOptions = {},
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
  if (!hearsUpdates) withoutUpdates(client);
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
