/** Recognises sessions of other clients, which cannot be imported, so that a refusal can name the client. */

/** Pyrogram's strings are base64url without padding, of these lengths: its versions 1, 1.2 and 2. */
const pyrogramLengths = [351, 356, 362];
const newestDc = 5;
/** mtcute's begin with the version of their form, then flags in four bytes, the lowest one first. */
const newestOfMtcute = 3;
const flagsOfMtcute = 7;

/** The client that wrote this session string or file, or undefined. */
export function otherClientOf(text: string): string | undefined {
  if (/^\{\s*"Version"\s*:\s*\d+\s*,\s*"Data"\s*:/.test(text)) return 'gotd/td';
  if (!/^[\w-]+={0,2}$/.test(text)) return undefined;
  const bare = text.replace(/=+$/, '');
  const [first = 0, flags = 0, ...others] = Buffer.from(bare.slice(0, 8), 'base64url').subarray(0, 5);
  if (pyrogramLengths.includes(bare.length) && first >= 1 && first <= newestDc) return 'Pyrogram';
  const isMtcute =
    first >= 1 && first <= newestOfMtcute && flags <= flagsOfMtcute && others.join() === '0,0,0';
  return isMtcute ? 'mtcute' : undefined;
}

/** The client that wrote an SQLite file with these tables, or undefined. */
export function otherClientOfTables(tables: readonly string[]): string | undefined {
  const has = (...wanted: string[]) => wanted.every((each) => tables.includes(each));
  if (has('auth_keys', 'peers', 'key_value')) return 'mtcute';
  if (has('sessions', 'peers')) return 'Pyrogram';
  return undefined;
}
