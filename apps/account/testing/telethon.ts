/** For tests: sessions that the real Telethon writes. Tests that cannot have it say so and are skipped. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';

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
  readonly child: ChildProcess;
  /** Ends the process that holds the file, without it closing the file. */
  kill(): Promise<void>;
}

/** Has Telethon write a session file. */
export async function writeTelethonSession(options: TelethonOptions): Promise<WrittenSession> {
  const child = spawn(python!, [join(import.meta.dirname, 'write_session.py')], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close');
  const kill = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  onTestFinished(kill);
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (complaint += chunk));
  child.stdin.write(JSON.stringify(options) + '\n');
  const lines = createInterface({ input: child.stdout });
  const said = (await Promise.race([once(lines, 'line'), ended.then(() => undefined)])) as
    [string] | undefined;
  if (!said) throw new Error(`Telethon wrote no session: ${complaint}`);
  if (!options.hold) await ended;
  return { ...(JSON.parse(said[0]) as { string: string }), child, kill };
}
