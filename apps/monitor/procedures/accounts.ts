/** Which services send as which account. Pure. */

/** The services of one account. */
export interface AccountServices {
  /** Null where nothing is known of any of them. */
  readonly account: string | null;
  /** Names of services, as in the settings. */
  readonly services: readonly string[];
}

/**
 * In the order of the services. Where there is one account as far as is known, those of which it is not known belong to
 * it; where there are several, those belong to none.
 */
export function servicesByAccount(
  names: readonly string[],
  accountOf: (service: string) => string | null,
): AccountServices[] {
  const known = [...new Set(names.map(accountOf).filter((account) => account !== null))];
  if (known.length <= 1) return [{ account: known[0] ?? null, services: names }];
  return known.map((account) => ({
    account,
    services: names.filter((name) => accountOf(name) === account),
  }));
}
