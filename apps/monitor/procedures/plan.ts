/** What Clear flood wait would come to: of which accounts, with which steps. Pure. */
import { Problem } from '../../kit/errors.ts';
import { knownReason, reason, type Reason } from '../../kit/reason.ts';
import type { ServiceView } from '../health/service-view.ts';
import { servicesByAccount, type AccountServices } from './accounts.ts';
import { planSteps, type Durations, type Step } from './steps.ts';

/** What Clear flood wait comes to for one account. */
export interface ClearedAccount extends AccountServices {
  /** Those of them that are only watched: they go on, unless they are stopped by hand. */
  readonly left_out: readonly string[];
}

/** A procedure that was not begun yet. */
export interface Planned {
  readonly account: ClearedAccount;
  readonly steps: readonly Step[];
}

/** The accounts it may be asked for. */
export function clearedAccounts(
  names: readonly string[],
  accountOf: (service: string) => string | null,
  views: readonly ServiceView[],
): ClearedAccount[] {
  const watchedOnly = views.filter(({ watched_only }) => watched_only).map(({ name }) => name);
  return servicesByAccount(names, accountOf).map((each) => ({
    ...each,
    left_out: each.services.filter((name) => watchedOnly.includes(name)),
  }));
}

/** @throws Problem bad_request for a `wanted` that is none of them; by default it is the first */
export function planFor(
  accounts: readonly ClearedAccount[],
  wanted: string | undefined,
  durations: Durations,
): Planned {
  const account = accountNamed(accounts, wanted);
  const names = account.services.filter((name) => !account.left_out.includes(name));
  return { account, steps: names.length === 0 ? [] : planSteps(names, durations) };
}

/** Why there is nothing that it could stop. */
export function whyNothing({ account: { services } }: Planned, views: readonly ServiceView[]): Reason {
  const first = views.find(({ name }) => services.includes(name));
  const why = knownReason(first?.control.causes[0] ?? null) ?? reason('no_service_left');
  return reason('procedure_nothing', { reason: why });
}

function accountNamed(accounts: readonly ClearedAccount[], wanted: string | undefined): ClearedAccount {
  const found = accounts.find(({ account }) => wanted === undefined || account === wanted);
  if (found) return found;
  const names = accounts.map(({ account }) => account).filter((account) => account !== null);
  const takes = names.length === 0 ? 'nothing: no service has told its account yet' : names.join(' or ');
  throw new Problem('bad_request', `account takes ${takes}`);
}
