/** Answers of a gateway, as the monitor passes them on. */
import type { Context } from 'koa';
import { Problem } from '../../kit/errors.ts';
import { reason } from '../../kit/reason.ts';
import type { GatewayAnswer } from '../health/gateway.ts';
import type { Watched } from '../health/watcher.ts';

/** @throws Problem unavailable where the gateway does not answer */
export async function askGateway(
  { service }: Watched,
  asking: Promise<GatewayAnswer>,
): Promise<GatewayAnswer> {
  try {
    return await asking;
  } catch (error) {
    const detail = reason('silent', { label: service.label, address: service.url });
    throw new Problem('unavailable', detail, { cause: error });
  }
}

/** Answers as the gateway did. It was asked with the id of this request, which an error of it has for its own. */
export function passOn(ctx: Context, { status, body, retryAfter }: GatewayAnswer): void {
  // A gateway that wants a token is a setting of the monitor, not a wrong password of whoever looks.
  if (status === 401 || status === 403) {
    throw new Problem('unavailable', reason('token_needed'));
  }
  ctx.status = status;
  if (retryAfter !== null) ctx.set('Retry-After', retryAfter);
  ctx.body = body;
  if (status >= 400) ctx.type = 'application/problem+json';
}
