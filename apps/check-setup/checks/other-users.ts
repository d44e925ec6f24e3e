/** Who else uses the account by the same application: an old service, or a copy of this one on another machine. */
import type { Authorization } from '../../gateway/telegram/authorizations.ts';
import { ok, warn, type Finding } from '../finding.ts';

const check = 'other users';
const recentMs = 24 * 3_600_000;
/** As the gateways introduce themselves. */
const ourDevice = 'Vestnik';
const end = 'stop the program that uses it, or end it in Telegram (Settings, Devices)';

/** `ours` is how many sessions the gateways have, with the one that asked; their addresses are not told. */
export function otherUsers(
  authorizations: readonly Authorization[] | undefined,
  { apiId, ours, now }: { readonly apiId: number; readonly ours: number; readonly now: number },
): Finding {
  if (!authorizations)
    return warn(check, 'Telegram does not list the sessions: check them in Telegram (Settings, Devices)');
  const recent = authorizations.filter(
    (each) => !each.isCurrent && each.apiId === apiId && now - each.activeAt < recentMs,
  );
  const isOurs = ({ device }: Authorization) => device === ourDevice;
  const others = [...recent.filter((each) => !isOurs(each)), ...recent.filter(isOurs).slice(ours - 1)];
  if (others.length === 0)
    return ok(check, `no other session of api_id ${apiId} was used in the last 24 hours`);
  return warn(check, `${others.map(nameOf).join('; ')}: with the same api_id ${apiId}; ${end}`);
}

function nameOf({ device, app, country, activeAt }: Authorization): string {
  const parts = [device, app, country].filter((part) => part !== '');
  return `${parts.join(', ') || 'a session without a name'}, used ${new Date(activeAt).toISOString().slice(0, 16)}Z`;
}
