/** Writes down who did what over HTTP. What was done is answered as done also where that cannot be written. */
import type { Context, Middleware } from 'koa';
import { userOf } from '../access/basic-authentication.ts';
import type { Audit, AuditEntry } from '../files/audit.ts';

export interface RecordDeps {
  readonly audit: Audit;
  readonly now: () => number;
}

interface RecordState {
  isUnrecorded?: true;
}

export const unrecordedNote =
  'it was done, but the monitor cannot write under DATA_DIR, and forgets who did it when it stops';

/** Writes down what the user of this request did. */
export async function record(
  { audit, now }: RecordDeps,
  ctx: Context,
  what: Pick<AuditEntry, 'service' | 'action' | 'ok' | 'detail'>,
): Promise<void> {
  const who = { at: new Date(now()).toISOString(), user: userOf(ctx), address: ctx.ip };
  const isWritten = await audit.add({ ...who, ...what });
  if (!isWritten) (ctx.state as RecordState).isUnrecorded = true;
}

/** Adds a `note` to the answer to an action that could not be written down. */
export const tellUnrecorded: Middleware = async (ctx, next) => {
  await next();
  const { isUnrecorded } = ctx.state as RecordState;
  if (isUnrecorded) ctx.body = { ...(ctx.body as object | undefined), note: unrecordedNote };
};
