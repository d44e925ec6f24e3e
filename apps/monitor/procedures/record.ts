/** Clear flood wait as it is kept on disk, and as it is shown. Pure. */
import type { ServiceView } from '../health/service-view.ts';
import type { Detail } from '../model/detail.ts';
import type { AccountServices } from './accounts.ts';
import type { Who } from './control.ts';
import type { ClearedAccount, Planned } from './plan.ts';
import { remainingMs, secondsLeft, type Step } from './steps.ts';

export const procedureName = 'clear-flood-wait';

/** A wait that Telegram had announced before the services were stopped. */
export interface KeptGate {
  readonly service: string;
  readonly scope: string;
  readonly until: string;
}

export interface ProcedureRecord extends Who, Detail {
  /** `cancelling` while what was stopped is handed over to be started again. */
  readonly state: 'running' | 'cancelling' | 'done' | 'failed' | 'cancelled';
  readonly started_at: string;
  readonly ended_at: string | null;
  /** Whose services are cleared; null where that is not known. */
  readonly account: string | null;
  readonly steps: readonly Step[];
  readonly gates: readonly KeptGate[];
}

/** What `GET /api/procedures/clear-flood-wait` answers. */
export interface ProcedureStatus extends Detail {
  readonly name: typeof procedureName;
  /** `idle` where it was never run. */
  readonly state: ProcedureRecord['state'] | 'idle';
  /** The account it runs for, or would. */
  readonly account: string | null;
  /** The accounts it may be asked for, each with its services. */
  readonly accounts: readonly ClearedAccount[];
  readonly user: string | null;
  readonly started_at: string | null;
  readonly ended_at: string | null;
  /** The step that runs, counted from 1. */
  readonly step:
    (Step & { readonly number: number; readonly of: number; readonly seconds_left: number | null }) | null;
  /** Of all waits together; what it would take where it does not run. */
  readonly seconds_left: number;
  readonly ends_at: string;
  readonly steps: readonly Step[];
  /** The waits that Telegram has announced, with what will be left of each in the end. */
  readonly gates: readonly (KeptGate & { readonly remains_s: number })[];
}

/** The waits Telegram has announced to the services of an account. */
export function closedGates(
  views: readonly ServiceView[],
  { services }: AccountServices,
  now: number,
): KeptGate[] {
  return views.flatMap(({ name, floods }) =>
    (services.includes(name) ? (floods ?? []) : [])
      .filter(({ seconds }) => seconds > 0)
      .map(({ scope, until, seconds }) => ({
        service: name,
        scope,
        until: until ?? new Date(now + seconds * 1000).toISOString(),
      })),
  );
}

/** The state of a procedure at this time; `views` and `planned` tell what it would come to where none runs. */
export function statusOf(
  record: ProcedureRecord | null,
  views: readonly ServiceView[],
  planned: Planned,
  accounts: readonly ClearedAccount[],
  now: number,
): ProcedureStatus {
  const runs = record?.state === 'running' || record?.state === 'cancelling';
  const leftMs = remainingMs(runs ? record.steps : planned.steps, now);
  const endsAt = now + leftMs;
  const gates = runs ? record.gates : closedGates(views, planned.account, now);
  const index = runs ? record.steps.findIndex(({ state }) => state === 'running') : -1;
  const current = record?.steps[index];
  return {
    name: procedureName,
    state: record?.state ?? 'idle',
    account: runs ? record.account : planned.account.account,
    accounts,
    user: record?.user ?? null,
    started_at: record?.started_at ?? null,
    ended_at: record?.ended_at ?? null,
    detail: record?.detail ?? null,
    ...(record?.causes && { causes: record.causes }),
    step: current
      ? { ...current, number: index + 1, of: record.steps.length, seconds_left: secondsLeft(current, now) }
      : null,
    seconds_left: Math.ceil(leftMs / 1000),
    ends_at: new Date(endsAt).toISOString(),
    steps: record?.steps ?? [],
    gates: gates.map((gate) => ({
      ...gate,
      remains_s: Math.max(0, Math.ceil((Date.parse(gate.until) - endsAt) / 1000)),
    })),
  };
}
