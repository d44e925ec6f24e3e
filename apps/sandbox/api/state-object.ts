/** Where the common update counter of an account stands. */
import type { Account } from '../world/accounts.ts';
import type { SandboxState } from '../world/state.ts';
import type { TlObject } from '../tl/values.ts';

/** updates.state. */
export function stateObject(state: SandboxState, account: Account): TlObject {
  return {
    _: 'updates.state',
    pts: account.pts,
    qts: 0,
    date: state.clock.seconds(),
    seq: 0,
    unreadCount: 0,
  };
}
