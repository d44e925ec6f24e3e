/**
 * Clear flood wait: stops the services of an account, waits, starts them one by one. Each step is on disk before it is taken, and a
 * monitor that is started again goes on where the one before it was.
 */
import type { Clock } from '../../kit/clock.ts';
import { Problem } from '../../kit/errors.ts';
import type { Logger } from '../../kit/log.ts';
import { knownReason, reason, type Reason } from '../../kit/reason.ts';
import { detailOf, type Detail } from '../model/detail.ts';
import type { ServiceView } from '../health/service-view.ts';
import type { WatchedService } from '../model/services.ts';
import { StateFile } from '../files/state-file.ts';
import type { Control, Who } from './control.ts';
import { clearedAccounts, planFor, whyNothing, type ClearedAccount } from './plan.ts';
import {
  closedGates,
  procedureName,
  statusOf,
  type ProcedureRecord,
  type ProcedureStatus,
} from './record.ts';
import { concern, isLeftStopped, isOpen, stoppedBy, type Durations, type Step } from './steps.ts';
import { takeStep } from './take-step.ts';

export interface ProcedureDeps {
  readonly services: readonly WatchedService[];
  readonly control: Control;
  /** The account a service sends as; null where it is not known. */
  readonly accountOf: (service: string) => string | null;
  /** Why services cannot be stopped and started; null when they can. */
  readonly refusal: Reason | null;
  readonly durations: Durations;
  readonly clock: Clock;
  readonly log: Logger;
  /** Called for every step, and of a cancel, with a failure if there was one. */
  readonly onStep: (who: Who, service: string | null, deed: Reason, failure: Reason | null) => Promise<void>;
}

/** Of what is kept. */
function asReason({ detail, causes }: Detail): Reason {
  return knownReason(causes?.[0] ?? null) ?? reason('verbatim', { text: detail ?? '' });
}

export class ClearFloodWait {
  readonly #deps: ProcedureDeps;
  readonly #file: StateFile<ProcedureRecord | null>;
  readonly #stopped = new AbortController();
  #record: ProcedureRecord | null;
  #cancelled = new AbortController();
  #running: Promise<void> = Promise.resolve();

  private constructor(
    deps: ProcedureDeps,
    file: StateFile<ProcedureRecord | null>,
    record: ProcedureRecord | null,
  ) {
    this.#deps = deps;
    this.#file = file;
    this.#record = record;
  }

  static async open(path: string, deps: ProcedureDeps): Promise<ClearFloodWait> {
    const { file, value } = await StateFile.open<ProcedureRecord | null>(path, null);
    // Those of a monitor that knew one account alone do not name it.
    return new ClearFloodWait(deps, file, value && { ...value, account: value.account ?? null });
  }

  get isRunning(): boolean {
    return this.#record?.state === 'running' || this.#record?.state === 'cancelling';
  }

  /** Whether this service is stopped now because it runs. */
  holds(service: string): boolean {
    return this.isRunning && isLeftStopped(this.#record!.steps, service);
  }

  /** @throws Problem bad_request for an `account` that no service is of; by default it is the first */
  status(views: readonly ServiceView[], account?: string): ProcedureStatus {
    const accounts = this.#accounts(views);
    const planned = planFor(accounts, account, this.#deps.durations);
    return statusOf(this.#record, views, planned, accounts, this.#deps.clock.now());
  }

  /** @throws Problem conflict while it runs, where a service is named: while it has to do with that */
  mustNotRun(service?: string): void {
    if (!this.isRunning || (service !== undefined && !concern(this.#record!.steps, service))) return;
    throw new Problem('conflict', reason('procedure_runs'));
  }

  /** Goes on with what a monitor before this one has begun. */
  resume(): void {
    if (this.isRunning) this.#begin();
  }

  /**
   * @returns the account it is begun for: `account`, or by default the first
   * @throws Problem conflict when it runs already, or no service can be controlled; bad_request for an account that no
   *   service is of; storage_full
   */
  async start(who: Who, views: readonly ServiceView[], account?: string): Promise<string | null> {
    const { refusal, control, clock, durations } = this.#deps;
    if (refusal !== null) throw new Problem('conflict', refusal);
    const planned = planFor(this.#accounts(views), account, durations);
    this.mustNotRun();
    const stopped = stoppedBy(planned.steps);
    if (stopped.length === 0) throw new Problem('conflict', whyNothing(planned, views));
    this.#cancelled = new AbortController();
    const now = clock.now();
    const before = this.#record;
    this.#record = {
      ...who,
      state: 'running',
      started_at: new Date(now).toISOString(),
      ended_at: null,
      detail: null,
      account: planned.account.account,
      steps: planned.steps,
      gates: closedGates(views, planned.account, now),
    };
    try {
      await this.#file.write(this.#record);
    } catch (error) {
      this.#record = before; // What a restart would forget is not begun.
      throw new Problem('storage_full', reason('procedure_unwritten'), { cause: error });
    }
    await control.forgetDelayed(stopped);
    this.#begin();
    return planned.account.account;
  }

  /**
   * Ends it early: what it has stopped is started again, one by one as far apart as ever.
   * @throws Problem conflict when it does not run
   */
  async cancel(who: Who): Promise<void> {
    if (this.#record?.state !== 'running') throw new Problem('conflict', reason('procedure_idle'));
    await this.#change({ state: 'cancelling', ...detailOf(reason('cancelled_by', { user: who.user })) });
    this.#cancelled.abort(new Error('cancelled'));
    await this.#running;
  }

  /** Leaves it where it is, to be gone on with. */
  async stop(): Promise<void> {
    this.#stopped.abort(new Error('stopped'));
    await this.#running;
  }

  #begin(): void {
    this.#running = this.#run().catch((error: unknown) => {
      if (!this.#stopped.signal.aborted)
        this.#deps.log.fatal({ err: error }, `${procedureName} ended unexpectedly`);
    });
  }

  async #run(): Promise<void> {
    const { steps } = this.#record!;
    for (let index = 0; index < steps.length && this.#record!.state === 'running'; index += 1) {
      if (!isOpen(this.#record!.steps[index]!)) continue;
      const failure = await this.#take(index);
      if (this.#stopped.signal.aborted) return;
      if (failure !== null && steps[index]!.kind === 'stop') break;
    }
    await this.#end();
  }

  /** One step, from its note on disk to the note of its outcome. @returns why it failed */
  async #take(index: number): Promise<Reason | null> {
    const { clock, onStep } = this.#deps;
    const { kind, service, seconds, until, started_at } = this.#record!.steps[index]!;
    const now = clock.now();
    const ends = kind === 'wait' ? (until ?? new Date(now + seconds! * 1000).toISOString()) : null;
    await this.#note(index, {
      state: 'running',
      started_at: started_at ?? new Date(now).toISOString(),
      until: ends,
    });
    const signal = AbortSignal.any([this.#stopped.signal, this.#cancelled.signal]);
    const failure = await takeStep(this.#deps, { kind, service, seconds, until: ends }, signal);
    if (this.#stopped.signal.aborted) return failure;
    const wasCut = kind === 'wait' && this.#cancelled.signal.aborted;
    const state = wasCut ? 'skipped' : failure === null ? 'done' : 'failed';
    await this.#note(index, {
      state,
      until: null,
      ended_at: new Date(clock.now()).toISOString(),
      ...detailOf(failure),
    });
    const deed = kind === 'wait' ? reason('deed_wait', { seconds: seconds! }) : reason(`deed_${kind}`);
    if (!wasCut) await onStep(this.#record!, service, deed, failure);
    return failure;
  }

  /** Whatever way it ends, no service that it has stopped is left so. */
  async #end(): Promise<void> {
    const { services, control, clock, onStep } = this.#deps;
    const { steps, state, detail, causes } = this.#record!;
    for (const service of services.filter(({ name }) => isLeftStopped(steps, name))) {
      await control.startWhenPossible(service, this.#record!);
    }
    const failed = steps.find((step) => step.state === 'failed');
    const ended = state === 'cancelling' ? 'cancelled' : failed ? 'failed' : 'done';
    const why: Detail = failed ?? { detail, ...(causes && { causes }) };
    await this.#change({
      state: ended,
      detail: why.detail,
      ...(why.causes && { causes: why.causes }),
      ended_at: new Date(clock.now()).toISOString(),
      steps: steps.map((step) => (isOpen(step) ? { ...step, state: 'skipped' } : step)),
    });
    await onStep(this.#record!, null, reason(`deed_${ended}`), failed ? asReason(failed) : null);
  }

  #accounts(views: readonly ServiceView[]): ClearedAccount[] {
    const { services, accountOf } = this.#deps;
    return clearedAccounts(
      services.map(({ name }) => name),
      accountOf,
      views,
    );
  }

  #note(index: number, change: Partial<Step>): Promise<void> {
    const steps = this.#record!.steps.map((step, at) => (at === index ? { ...step, ...change } : step));
    return this.#change({ steps });
  }

  /** Once begun it goes on, though its notes may not be written: services are not left stopped by a full disk. */
  async #change(change: Partial<ProcedureRecord>): Promise<void> {
    this.#record = { ...this.#record!, ...change };
    await this.#file.write(this.#record).catch((error: unknown) => {
      this.#deps.log.error({ err: error }, `${procedureName} could not be written down`);
    });
  }
}
