/** Where a session comes from: a file of Telethon's, or a session string in a file or typed. Never from an argument. */
import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { parseSession, type Session } from '../gateway/telegram/session.ts';
import { StartError } from '../kit/run.ts';
import type { Peer } from '../gateway/model/account.ts';
import { findHolders } from './file-holders.ts';
import { otherClientOf } from './other-sessions.ts';
import { withCopy, withSiblings } from './private-copy.ts';
import { readTelethonFile } from './telethon-file.ts';
import type { Terminal } from './terminal.ts';

export interface Found {
  readonly session: Session;
  readonly peers: readonly Peer[];
  /** Id of the user it speaks for, where that is known. */
  readonly userId: string | undefined;
  /** Lines about it for the terminal: neither its name nor its content. */
  readonly told: readonly string[];
}

const sqliteMagic = 'SQLite format 3\0';
const longestString = 4_096;
const longestJson = 1_000_000;

/**
 * The session in the file `from`, or one that is asked for where that is `-`. A file is read from a copy in `folder`.
 * @throws StartError that says what is wrong with it
 */
export async function findSession(from: string, folder: string, terminal: Terminal): Promise<Found> {
  if (isSessionString(from)) {
    throw new StartError(
      'others can read a session string on the command line in the list of processes and in the shell history: ' +
        'put it in a file and name that, or give - and type or pipe it; if others use this machine, end this ' +
        'session in Telegram (Settings, Devices)',
    );
  }
  if (from === '-') return fromString(await terminal.ask('Session string of Telethon or GramJS: ', true));
  const size = sizeOf(from);
  const beginning = beginningOf(from);
  if (beginning !== sqliteMagic) {
    if (beginning.startsWith('{') && size < longestJson)
      throw notASession(otherClientOf(readFileSync(from, 'utf8')));
    if (size > longestString) throw notASession();
    return fromString(readFileSync(from, 'utf8').trim());
  }
  const hidden = refuseInUse(from);
  const found = withCopy(from, folder, readTelethonFile);
  refuseInUse(from);
  const { version, peers, leftOut } = found;
  const sum =
    version < 6
      ? 'its chats are not imported: up to version 5 their access hashes may be wrong'
      : sumOf(peers, leftOut);
  return {
    ...found,
    told: [`A Telethon session of version ${version}, data centre ${found.session.dcId}; ${sum}`, ...hidden],
  };
}

function fromString(text: string): Found {
  const session = parseSession(text);
  if (!session) throw notASession(otherClientOf(text));
  const told = [`A session string, data centre ${session.dcId}; strings hold no chats`];
  return { session, peers: [], userId: undefined, told };
}

/** Whether a text is a session string, of any client: nobody may read it over a shoulder. */
export function isSessionString(text: string): boolean {
  return parseSession(text) !== undefined || otherClientOf(text) !== undefined;
}

function notASession(client?: string): StartError {
  if (client !== undefined) {
    return new StartError(
      `this is a session of ${client}; only sessions of Telethon and GramJS can be imported: npm run login signs in ` +
        'anew, beside the old service',
    );
  }
  return new StartError(
    'this is neither an SQLite file of Telethon nor a complete session string of Telethon or GramJS: ' +
      'name the .session file that the old service uses, and copy it again if it is incomplete',
  );
}

/** @throws StartError when it is not a regular file */
function sizeOf(file: string): number {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (!stat) throw new StartError(`${file} does not exist: name the .session file that the old service uses`);
  if (!stat.isFile())
    throw new StartError(`${file} is not a regular file: name the .session file that the old service uses`);
  return stat.size;
}

function beginningOf(file: string): string {
  const bytes = Buffer.alloc(sqliteMagic.length);
  try {
    const handle = openSync(file, 'r');
    try {
      return bytes.toString('latin1', 0, readSync(handle, bytes));
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new StartError(
      `${file} cannot be read (${code}): run this as a user who can read it and write DATA_DIR`,
    );
  }
}

/** Doubts that remain. @throws StartError when another process has the file open */
function refuseInUse(file: string): string[] {
  const { holders, hidden } = findHolders(withSiblings(file));
  const [first] = holders;
  if (first) {
    const names = holders.map(({ pid, command }) => `process ${pid} (${command})`).join(', ');
    throw new StartError(
      `the session is in use by ${names}: stop that first, or import a copy and stop it before the gateway starts; ` +
        'Telegram ends a key that two programs use at once (AUTH_KEY_DUPLICATED)',
    );
  }
  if (hidden === undefined)
    return ['This system does not report who holds a file open: make sure that the old service is stopped'];
  if (hidden === 0) return [];
  return [
    `${hidden} processes of other users could not be inspected: make sure that none of them is the old service`,
  ];
}

function sumOf(peers: readonly Peer[], leftOut: number): string {
  const count = (wanted: Peer['kind']) => peers.filter(({ kind }) => kind === wanted).length;
  const kinds = `users: ${count('user')}, basic groups: ${count('chat')}, supergroups and channels: ${count('channel')}`;
  return kinds + (leftOut > 0 ? `; left out because they have no access hash: ${leftOut}` : '');
}
