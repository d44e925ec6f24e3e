/** Writes down who did what over HTTP. What was done is answered as done also where that cannot be written. */
import type { Context, Middleware } from 'koa';
import { reason, reasonOf, sentence, type Reason } from '../../kit/reason.ts';
import { userOf } from '../access/basic-authentication.ts';
import type { Audit, AuditEntry } from '../files/audit.ts';
import { detailOf } from '../model/detail.ts';
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

const unrecorded = reason('unrecorded');

/** Does it, and writes down who did it and what came of it; `act` may note what is not plain of a success. */
export async function recorded<T>(
  { audit, metrics, now }: RecordDeps,
  ctx: Context,
  what: Pick<AuditEntry, 'service' | 'action' | 'deed'>,
  act: (note: (detail: Reason) => void) => Promise<T>,
): Promise<T> {
  const { service, action } = what;
  const write = async (ok: boolean, detail: Reason | null) => {
    if (service !== '') metrics.acted(service, action, ok ? 'ok' : 'failed');
    const at = new Date(now()).toISOString();
    const entry = { at, ...whoIs(ctx), ...what, ok, ...detailOf(detail) };
    if (!(await audit.add(entry))) (ctx.state as RecordState).isUnrecorded = true;
  };
  let noted: Reason | null = null;
  let result: T;
  try {
    result = await act((detail) => (noted = detail));
  } catch (error) {
    await write(false, reasonOf(error));
    throw error;
  }
  const { status = 200 } = (result ?? {}) as { status?: number };
  await write(status < 400, status < 400 ? noted : reason('service_answered', { status: String(status) }));
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
  if (!isUnrecorded) return;
  const note = { note: sentence(unrecorded), note_causes: [unrecorded] };
  ctx.body = { ...(ctx.body as object | undefined), ...note };
};
