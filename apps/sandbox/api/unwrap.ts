/** Takes the wrappers off a call: what is left is the method itself. */
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

/** The innermost query, or undefined where a wrapper holds no object. Notes the layer on the session. */
export function unwrap(session: Session, query: TlObject): TlObject | undefined {
  let current = query;
  while (WRAPPERS.has(current._)) {
    if (current._ === 'invokeWithLayer') session.layer = current.layer as number;
    const inner: TlValue = current.query;
    if (typeof inner !== 'object' || inner === null || !('_' in inner)) return undefined;
    current = inner;
  }
  return current;
}
