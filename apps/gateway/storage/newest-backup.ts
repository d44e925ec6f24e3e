/** Where backups of a DATA_DIR are looked for, and which of them is the newest. */
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Where the handbook puts them. */
export const backupsFolder = '/var/backups/vestnik';

const name = /^vestnik-(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)$/;

export interface FoundBackup {
  readonly folder: string;
  /** Milliseconds since the epoch. */
  readonly madeAt: number;
}

/** The backups in `folder`, newest first; none where it cannot be read. */
export function backupsIn(folder: string): FoundBackup[] {
  const found = namesIn(folder).flatMap((each) => {
    const [, day, ...time] = name.exec(each) ?? [];
    if (day === undefined) return [];
    return { folder: join(folder, each), madeAt: Date.parse(`${day}T${time.join(':')}Z`) };
  });
  return found.sort((a, b) => b.madeAt - a.madeAt);
}

/** What to do about a database that cannot be used: restore the newest backup, by its path where one is found. */
export function restoreAdvice(dataDir: string): string {
  const beside = dirname(dataDir);
  const folders = [backupsFolder, beside, join(beside, 'backups')];
  const [newest] = folders.flatMap(backupsIn).sort((a, b) => b.madeAt - a.madeAt);
  if (!newest) return `move DATA_DIR aside and restore a backup (none is in ${folders.join(', ')})`;
  return `move DATA_DIR aside and restore the newest backup: npm run restore -- ${newest.folder}`;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
