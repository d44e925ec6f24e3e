/** Objects that are written once and sent many times: users and chats, which nearly every answer carries. */
import type { TlObject } from './values.ts';

/** The name of an object that is bytes already. */
export const PREPARED = '#prepared';

/** An object as the bytes that clients of either layer read. */
export function preparedObject(bytes: Buffer, olderBytes: Buffer): TlObject {
  return { _: PREPARED, bytes, olderBytes };
}
