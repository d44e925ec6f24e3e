/** What a TL value is in this server: plain objects, numbers for int, bigint for long, Buffers for bytes and nonces. */

/** Any value that a TL field can hold. */
export type TlValue =
  undefined | null | boolean | number | bigint | string | Buffer | TlObject | readonly TlValue[];

/** One TL object or method call; `_` is its name as in the schema, for instance `messages.sendMessage`. */
export interface TlObject {
  _: string;
  [field: string]: TlValue;
}
