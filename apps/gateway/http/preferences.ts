/** How a caller wants a message handled: fields that both gateways take, or the headers that say the same. */
import type { Context } from 'koa';
import { clientOf, requestIdOf } from '../../kit/app.ts';
import { Problem } from '../../kit/errors.ts';

interface PreferenceFields {
  readonly idempotency_key?: string | undefined;
  readonly wait: number;
  readonly expires_in: number;
}

export interface Preferences {
  /** Name of the token it came with; undefined without tokens. */
  readonly caller: string | undefined;
  readonly idempotencyKey: string | undefined;
  readonly expiresInSeconds: number;
  readonly waitSeconds: number;
  /** Of the request: it stays with the message. */
  readonly requestId: string;
}

/** `Idempotency-Key` and `Prefer: respond-async` beside the fields. @throws Problem bad_request when two keys differ */
export function preferences(ctx: Context, fields: PreferenceFields): Preferences {
  const header = ctx.get('idempotency-key');
  if (header.length > 200) throw new Problem('bad_request', 'Idempotency-Key takes 1 to 200 characters');
  if (header && fields.idempotency_key && header !== fields.idempotency_key) {
    throw new Problem(
      'bad_request',
      'idempotency_key and the header Idempotency-Key differ: give one of them',
    );
  }
  const isAsync = /(^|,)\s*respond-async\s*(,|;|$)/i.test(ctx.get('prefer'));
  return {
    caller: clientOf(ctx),
    idempotencyKey: fields.idempotency_key ?? (header || undefined),
    waitSeconds: isAsync ? 0 : fields.wait,
    expiresInSeconds: fields.expires_in,
    requestId: requestIdOf(ctx),
  };
}
