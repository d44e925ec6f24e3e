/** Takes the wrappers off a call: what is left is the method itself. What they say of the client is noted. */
import { signedInKey, type ClientInfo } from '../mtproto/auth-keys.ts';
import type { Session } from '../mtproto/session.ts';
import type { TlObject, TlValue } from '../tl/values.ts';

const wrappers = new Set([
  'invokeWithLayer',
  'initConnection',
  'invokeWithoutUpdates',
  'invokeAfterMsg',
  'invokeAfterMsgs',
  'invokeWithMessagesRange',
  'invokeWithTakeout',
]);

/** A call without its wrappers. */
export interface Unwrapped {
  /** The method itself; undefined where a wrapper holds no object. */
  query: TlObject | undefined;
  /** The layer that was announced with it. */
  layer: number | undefined;
  /** The ids of the calls that must succeed before this one is carried out. */
  after: readonly bigint[];
}

const none: readonly bigint[] = [];

/** Takes the wrappers off. Notes the client and the wish for updates. */
export function unwrap(session: Session, query: TlObject): Unwrapped {
  let current = query;
  let layer: number | undefined;
  let wantsUpdates = true;
  let after = none;
  while (wrappers.has(current._)) {
    if (current._ === 'invokeWithLayer') layer = current.layer as number;
    else if (current._ === 'invokeWithoutUpdates') wantsUpdates = false;
    else if (current._ === 'initConnection') init(session, current);
    else if (current._ === 'invokeAfterMsg') after = [...after, current.msgId as bigint];
    else if (current._ === 'invokeAfterMsgs') after = [...after, ...(current.msgIds as bigint[])];
    const inner: TlValue = current.query;
    if (typeof inner !== 'object' || inner === null || !('_' in inner))
      return { query: undefined, layer, after };
    current = inner;
  }
  session.wantsUpdates = wantsUpdates;
  return { query: current, layer, after };
}

function init(session: Session, current: TlObject): void {
  session.needsInit = false;
  signedInKey(session.authKey).client = clientOf(current);
}

function clientOf(init: TlObject): ClientInfo {
  const { apiId, deviceModel, systemVersion, appVersion } = init as TlObject & ClientInfo;
  return { apiId, deviceModel, systemVersion, appVersion };
}
