/** Takes the wrappers off a call: what is left is the method itself. What they say of the client is noted. */
import { signedInKey, type ClientInfo } from '../mtproto/auth-keys.ts';
import type { Session } from '../mtproto/session.ts';
import type { TlObject, TlValue } from '../tl/values.ts';

const WRAPPERS = new Set([
  'invokeWithLayer',
  'initConnection',
  'invokeWithoutUpdates',
  'invokeAfterMsg',
  'invokeAfterMsgs',
  'invokeWithMessagesRange',
  'invokeWithTakeout',
]);

/** The innermost query, or undefined where a wrapper holds no object. Notes layer, client and the wish for updates. */
export function unwrap(session: Session, query: TlObject): TlObject | undefined {
  let current = query;
  let wantsUpdates = true;
  while (WRAPPERS.has(current._)) {
    if (current._ === 'invokeWithLayer') session.layer = current.layer as number;
    else if (current._ === 'invokeWithoutUpdates') wantsUpdates = false;
    else if (current._ === 'initConnection') signedInKey(session.authKey).client = clientOf(current);
    const inner: TlValue = current.query;
    if (typeof inner !== 'object' || inner === null || !('_' in inner)) return undefined;
    current = inner;
  }
  session.wantsUpdates = wantsUpdates;
  return current;
}

function clientOf(init: TlObject): ClientInfo {
  const { apiId, deviceModel, systemVersion, appVersion } = init as TlObject & ClientInfo;
  return { apiId, deviceModel, systemVersion, appVersion };
}
