/**
 * Session strings: where an account's data centre is and the key that speaks for the account. Reads GramJS's form and
 * Telethon's; both are "1" and base64, told apart by the length they state.
 */
export interface Session {
  readonly dcId: number;
  readonly host: string;
  readonly port: number;
  /** 256 bytes; whoever has them is signed in as the account. */
  readonly authKey: Buffer;
}

const keyBytes = 256;
const telethonBytes = { ipv4: 1 + 4 + 2 + keyBytes, ipv6: 1 + 16 + 2 + keyBytes };

/** The session, or undefined when the string is not one. Never shows any of it in an error. */
export function parseSession(value: string): Session | undefined {
  if (!/^1[\w+/=-]+$/.test(value)) return undefined;
  const data = Buffer.from(value.slice(1), 'base64url');
  const isTelethon = data.length === telethonBytes.ipv4 || data.length === telethonBytes.ipv6;
  // An address of 14 letters makes GramJS's form as long as Telethon's with IPv6, but no IPv6 address begins 000e:.
  return readGramJs(data) ?? (isTelethon ? readTelethon(data) : undefined);
}

/** The GramJS form of a session. */
export function formatSession({ dcId, host, port, authKey }: Session): string {
  const address = Buffer.from(host);
  const head = Buffer.alloc(3);
  head.writeUInt8(dcId);
  head.writeUInt16BE(address.length, 1);
  const portBytes = Buffer.alloc(2);
  portBytes.writeUInt16BE(port);
  return '1' + Buffer.concat([head, address, portBytes, authKey]).toString('base64');
}

function readTelethon(data: Buffer): Session {
  const addressBytes = data.length - 1 - 2 - keyBytes;
  const address = data.subarray(1, 1 + addressBytes);
  return {
    dcId: data.readUInt8(0),
    host: addressBytes === 4 ? address.join('.') : address.toString('hex').replace(/(.{4})(?!$)/g, '$1:'),
    port: data.readUInt16BE(1 + addressBytes),
    authKey: data.subarray(-keyBytes),
  };
}

function readGramJs(data: Buffer): Session | undefined {
  if (data.length < 3) return undefined;
  const addressBytes = data.readUInt16BE(1);
  if (data.length !== 3 + addressBytes + 2 + keyBytes) return undefined;
  return {
    dcId: data.readUInt8(0),
    host: data.toString('latin1', 3, 3 + addressBytes),
    port: data.readUInt16BE(3 + addressBytes),
    authKey: data.subarray(-keyBytes),
  };
}
