/** The data centre of a gateway, and the session that it would open there. */
import { homeOf } from '../account/settings.ts';
import { wayOutOf } from '../gateway/settings.ts';
import type { WayOut } from '../gateway/telegram/mtproto/transport.ts';
import type { DataCentre } from '../gateway/telegram/sign-in.ts';
import type { Gateway } from './setup.ts';

/** Where to connect, and how to introduce oneself there; without an api_id no more than a key can be made. */
export interface Place extends DataCentre {
  readonly apiId: number | undefined;
  readonly wayOut: WayOut;
  /** PEM of a key that is not Telegram's own. */
  readonly publicKey: string | undefined;
}

/** Undefined where no Telegram is configured at all. */
export function placeOf({ endpoint, config }: Gateway): Place | undefined {
  const { TELEGRAM_DC: dc, TELEGRAM_API_ID: apiId } = config;
  if (!endpoint && dc === undefined && apiId === undefined) return undefined;
  return {
    ...(endpoint ?? homeOf(dc)),
    apiId: endpoint?.apiId ?? apiId,
    publicKey: endpoint?.publicKey,
    wayOut: wayOutOf(config),
  };
}

/** What opens a link there. */
export function linkSettings({ apiId = 1, wayOut, publicKey }: Place) {
  return { apiId, wayOut, publicKey, logLevel: 'silent' };
}
