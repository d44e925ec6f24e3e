/** For tests: sessions that the real Telethon writes. Tests that cannot have it say so and are skipped. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { startProgram, type TestProcess } from '../../testkit/process.ts';

/** Debian's Python, for a newer one beside it would not have Debian's packages. */
const python = ['/usr/bin/python3', 'python3'].find(
  (each) => spawnSync(each, ['-c', 'import telethon']).status === 0,
);

/** Whether Telethon is there, and what to add to the title of a suite that needs it. */
export const hasTelethon = python !== undefined;
export const telethonReason = hasTelethon ? '' : ' (skipped: apt-get install python3-telethon)';

export interface TelethonChat {
  readonly kind: 'user' | 'chat' | 'channel';
  /** Without a mark. */
  readonly id: string;
  readonly hash: string;
  readonly title: string;
  readonly username?: string | undefined;
  readonly phone?: string | undefined;
  readonly min?: boolean;
}

export interface TelethonOptions {
  readonly file: string;
  readonly address: readonly [dcId: number, host: string, port: number];
  /** In hexadecimal digits. */
  readonly key?: string;
  /** PEM of the server's key, with which Telethon makes a key itself. */
  readonly server_key?: string;
  readonly chats: readonly TelethonChat[];
  /** Keeps the file open, and its latest rows in the write-ahead log. */
  readonly hold?: true;
}

export interface WrittenSession {
  /** The same session as Telethon's string. */
  readonly string: string;
  /** The process that holds the file; killed, it does not close it. */
  readonly holder: TestProcess;
}

/** Has Telethon write a session file. */
export async function writeTelethonSession(options: TelethonOptions): Promise<WrittenSession> {
  const holder = startProgram(python!, { args: [join(import.meta.dirname, 'write_session.py')] });
  holder.type(JSON.stringify(options));
  const [line] = await holder.says(/^\{.*\}$/m);
  if (!options.hold) await holder.ended;
  return { ...(JSON.parse(line) as { string: string }), holder };
}
