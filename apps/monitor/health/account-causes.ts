/** Which root cause stands behind what a gateway says of its account, the same for diagnostics and alerts. Pure. */

const causes = {
  never_signed_in: 'never_signed_in',
  used_twice: 'two_clients',
  revoked: 'session_revoked',
  session_lost: 'session_revoked',
  unconfirmed: 'session_unconfirmed',
  deactivated: 'account_deactivated',
  banned: 'account_deactivated',
  frozen: 'account_frozen',
  other_account: 'other_account',
  unreachable: 'telegram_unreachable',
  proxy_failed: 'proxy_failed',
} as const;
export type AccountCause = (typeof causes)[keyof typeof causes];
export const accountCauses = [...new Set(Object.values(causes))];

/** Null where the account may send, where it waits as it was asked to, and where nothing is known of it. */
export function causeOfAccount(state: string | null): AccountCause | null {
  return state !== null && Object.hasOwn(causes, state) ? causes[state as keyof typeof causes] : null;
}
