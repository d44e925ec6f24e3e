/** For tests: a client that is not ours, with its session in memory. It speaks an older layer, obfuscated and padded. */
import { MemoryStorage, TelegramClient, type TelegramClientOptions } from '@mtcute/node';
import { addPublicKey, NodeCryptoProvider } from '@mtcute/node/utils.js';
import type { TestSandbox } from './harness.ts';

let crypto: Promise<NodeCryptoProvider> | undefined;

/** What may differ from test to test. */
export type ForeignClientOptions = Partial<TelegramClientOptions> & {
  /** Whether the key exchange uses the padding that came before RSA_PAD. */
  oldPadding?: boolean;
};

/** A client that trusts this sandbox; end it with `destroy()`. */
export async function foreignClient(
  sandbox: TestSandbox,
  { oldPadding = false, ...options }: ForeignClientOptions = {},
): Promise<TelegramClient> {
  crypto ??= makeCrypto();
  addPublicKey(await crypto, sandbox.publicKeyPem, oldPadding);
  const main = { id: 2, ipAddress: '127.0.0.1', port: sandbox.port };
  return new TelegramClient({
    apiId: 1,
    apiHash: 'hash',
    storage: new MemoryStorage(),
    defaultDcs: { main, media: { ...main, mediaOnly: true } },
    logLevel: 0,
    ...options,
  });
}

async function makeCrypto(): Promise<NodeCryptoProvider> {
  const made = new NodeCryptoProvider();
  await made.initialize();
  return made;
}
