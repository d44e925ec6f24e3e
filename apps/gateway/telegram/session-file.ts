/** Where the sessions that `npm run login` makes are kept: one file for each gateway, for its owner only. */
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { StartError } from '../../kit/run.ts';

export const services = ['send-text', 'send-media'] as const;
export type ServiceName = (typeof services)[number];

/** The file of one gateway's session in `dataDir`. */
export function sessionFile(dataDir: string, account: string, service: ServiceName): string {
  return join(dataDir, 'sessions', `${account}.${service}.session`);
}

/** The session string in a file, or undefined when there is none. @throws StartError when it may not be read */
export function readSessionFile(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new StartError(`the session in ${file} cannot be read (${code}): it must be a file of this user`);
  }
}

/** Writes a session string to a file of mode 0600 in a folder of mode 0700. */
export function writeSessionFile(file: string, session: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, session + '\n', { mode: 0o600 });
  chmodSync(file, 0o600); // A file that was there before keeps its mode when written.
}

export function removeSessionFile(file: string): void {
  rmSync(file, { force: true });
}
