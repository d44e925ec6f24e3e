/** Whether a callback may go where its request says, as far as that can be told without looking its host up. */
import { Problem } from '../../kit/errors.ts';
import { checkLiteral, PrivateAddress, type IsAllowed } from '../../kit/public-address.ts';

/** Given the URL of a request. @throws Problem bad_request */
export type CheckCallbackUrl = (url: string) => void;

/** Callbacks need a secret, and go to no address that is not allowed. */
export function createCheckCallbackUrl(secrets: readonly Buffer[], isAllowed: IsAllowed): CheckCallbackUrl {
  return (url) => {
    if (secrets.length === 0) {
      const detail = 'callback_url is not taken here: callbacks are signed, and CALLBACK_SECRET is not set';
      throw new Problem('bad_request', detail);
    }
    try {
      checkLiteral(new URL(url), isAllowed);
    } catch (error) {
      if (!(error instanceof PrivateAddress)) throw error;
      const detail = `callback_url: ${error.message} (ALLOW_PRIVATE_URLS=true would allow it)`;
      throw new Problem('bad_request', detail, { cause: error });
    }
  };
}
