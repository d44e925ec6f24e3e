/** Writes down who did what over HTTP. What was done is answered as done also where that cannot be written. */
import type { Context, Middleware } from 'koa';
import { userOf } from '../access/basic-authentication.ts';
import type { Audit, AuditEntry } from '../files/audit.ts';
import type { MonitorMetrics } from '../model/metrics.ts';
import type { Who } from '../procedures/control.ts';

export interface RecordDeps {
  readonly audit: Audit;
  readonly metrics: Pick<MonitorMetrics, 'acted'>;
  readonly now: () => number;
}

interface RecordState {
  isUnrecorded?: true;
}

export const unrecordedNote =
  'it was done, but the monitor cannot write under DATA_DIR, and forgets who did it when it stops';

/** Does it, and writes down who did it and what came of it; `act` may note what is not plain of a success. */
export async function recorded<T>(
  { audit, metrics, now }: RecordDeps,
  ctx: Context,
  { service, action }: Pick<AuditEntry, 'service' | 'action'>,
  act: (note: (detail: string) => void) => Promise<T>,
): Promise<T> {
  const write = async (ok: boolean, detail: string | null) => {
    if (service !== '') metrics.acted(service, action, ok ? 'ok' : 'failed');
    const entry = { ...{ at: new Date(now()).toISOString(), ...whoIs(ctx) }, service, action, ok, detail };
    if (!(await audit.add(entry))) (ctx.state as RecordState).isUnrecorded = true;
  };
  let noted: string | null = null;
  let result: T;
  try {
    result = await act((detail) => (noted = detail));
  } catch (error) {
    await write(false, (error as Error).message);
    throw error;
  }
  const { status = 200 } = (result ?? {}) as { status?: number };
  await write(status < 400, status < 400 ? noted : `the service answered ${status}`);
  return result;
}

/** Who made the request. */
export function whoIs(ctx: Context): Who {
  return { user: userOf(ctx), address: ctx.ip };
}

/** Adds a `note` to the answer to an action that could not be written down. */
export const tellUnrecorded: Middleware = async (ctx, next) => {
  await next();
  const { isUnrecorded } = ctx.state as RecordState;
  if (isUnrecorded) ctx.body = { ...(ctx.body as object | undefined), note: unrecordedNote };
};
