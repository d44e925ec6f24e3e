/** Objects that are sent many times and written once for each layer: users and chats, which nearly every answer carries. */
import type { TlObject } from './values.ts';

/** The name of an object that keeps its bytes. */
export const prepared = '#prepared';

/** An object with its bytes by layer, from OLDEST_LAYER on; each is written when a client first needs it. */
export interface Prepared extends TlObject {
  object: TlObject;
  bytes: (Buffer | undefined)[];
}

/** An object that must not change any more, to be sent many times. */
export function prepare(object: TlObject): Prepared {
  return { _: prepared, object, bytes: [] };
}
