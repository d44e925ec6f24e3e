/** The folder everything is kept in, for its owner only. */
import { accessSync, closeSync, constants, mkdirSync, openSync } from 'node:fs';
import { StartError } from '../../kit/run.ts';

/** Makes `folder` when missing. @throws StartError when it cannot be made or written */
export function prepareDataDir(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new StartError(`DATA_DIR ${folder} cannot be written (${code}): set it to a folder of this user`);
  }
}

/** Makes `file`, empty and for its owner only, when missing: SQLite would make it readable for everybody. */
export function preparePrivateFile(file: string): void {
  closeSync(openSync(file, 'a', 0o600));
}
