/** The sessions of an account, as Telegram lists them to one of these (account.getAuthorizations). */
import { Api } from 'telegram/tl/index.js';
import type { Link } from './link.ts';

export interface Authorization {
  /** Whether it is the one that asked. */
  readonly isCurrent: boolean;
  readonly apiId: number;
  readonly device: string;
  readonly app: string;
  readonly country: string;
  /** When it was last used, in milliseconds since the epoch. */
  readonly activeAt: number;
}

const callTimeoutMs = 15_000;

/** @throws as Link.call does */
export async function askAuthorizations(link: Link): Promise<readonly Authorization[]> {
  const request = new Api.account.GetAuthorizations();
  const { authorizations } = await link.call<Api.account.Authorizations>(request, callTimeoutMs);
  return authorizations.map(({ current, apiId, deviceModel, appName, appVersion, country, dateActive }) => ({
    isCurrent: current === true,
    apiId,
    device: deviceModel,
    app: `${appName} ${appVersion}`.trim(),
    country,
    activeAt: dateActive * 1000,
  }));
}
