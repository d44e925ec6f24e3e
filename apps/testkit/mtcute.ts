/** For tests: a client that is not ours, with its session in memory. It speaks an older layer, obfuscated and padded. */
import { MemoryStorage, TelegramClient, type TelegramClientOptions } from '@mtcute/node';
import { addPublicKey, NodeCryptoProvider } from '@mtcute/node/utils.js';
import { onTestFinished } from 'vitest';
import type { TestSandbox } from './sandbox.ts';
import type { WhenDone } from './when-done.ts';

let crypto: Promise<NodeCryptoProvider> | undefined;

/** What may differ from test to test. */
export type ForeignClientOptions = Partial<TelegramClientOptions> & {
  /** Whether the key exchange uses the padding that came before RSA_PAD. */
  oldPadding?: boolean;
};

/** A client that trusts this sandbox; it is destroyed when the test is over. */
export async function foreignClient(
  sandbox: TestSandbox,
  { oldPadding = false, ...options }: ForeignClientOptions = {},
  whenDone: WhenDone = onTestFinished,
): Promise<TelegramClient> {
  crypto ??= makeCrypto();
  addPublicKey(await crypto, sandbox.publicKeyPem, oldPadding);
  const main = { id: 2, ipAddress: '127.0.0.1', port: sandbox.port };
  const client = new TelegramClient({
    apiId: 1,
    apiHash: 'hash',
    storage: new MemoryStorage(),
    defaultDcs: { main, media: { ...main, mediaOnly: true } },
    logLevel: 0,
    ...options,
  });
  whenDone(() => client.destroy());
  return client;
}

async function makeCrypto(): Promise<NodeCryptoProvider> {
  const made = new NodeCryptoProvider();
  await made.initialize();
  return made;
}
