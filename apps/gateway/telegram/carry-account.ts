/** Carries a signed-in account to another data centre, where it gets a key of its own. */
import { Api } from 'telegram/tl/index.js';
import { openLink, type Link, type LinkOptions } from './link.ts';
import type { Address } from './mtproto/dial.ts';
import { addressesOf } from './server-config.ts';

const callTimeoutMs = 15_000;

/** The new address and the new key. @throws TelegramError, Unreached; Error where Telegram names no address of it */
export async function carryAccount(
  link: Link,
  dcId: number,
  options: Pick<LinkOptions, 'apiId' | 'connectTimeoutMs' | 'log' | 'wayOut'>,
): Promise<{ readonly address: Address; readonly authKey: Buffer }> {
  const { dcOptions } = await link.call<Api.Config>(new Api.help.GetConfig(), callTimeoutMs);
  const [address] = addressesOf(dcOptions, dcId, false);
  if (!address) throw new Error(`Telegram names no address of its data centre ${dcId}`);
  const exporting = new Api.auth.ExportAuthorization({ dcId });
  const { id, bytes } = await link.call<Api.auth.ExportedAuthorization>(exporting, callTimeoutMs);
  const there = await openLink({ dcId, address, ...options });
  try {
    await there.call(new Api.auth.ImportAuthorization({ id, bytes }), callTimeoutMs);
    return { address, authKey: there.authKey };
  } finally {
    there.close();
  }
}
