/** npm run backup -- FOLDER, npm run restore -- BACKUP: of DATA_DIR, from and to the one that is set. */
import { resolve } from 'node:path';
import { gatewaySettings } from '../gateway/settings.ts';
import { readConfig } from '../kit/config.ts';
import { readEnvironment } from '../kit/environment.ts';
import { backUp, restore } from './backup.ts';
import { backupWords, restoreWords } from './words.ts';

process.umask(0o077);
const [command, folder] = process.argv.slice(2);
try {
  const { DATA_DIR } = readConfig({ DATA_DIR: gatewaySettings(0).DATA_DIR }, readEnvironment(), 'BACKUP');
  if (!folder) throw new Error('give backup FOLDER or restore BACKUP');
  const path = resolve(process.env.INIT_CWD ?? '.', folder);
  if (command === 'backup') console.log(backupWords(backUp(DATA_DIR, path, Date.now())));
  else if (command === 'restore') console.log(restoreWords(restore(path, DATA_DIR), DATA_DIR));
  else throw new Error('give backup FOLDER or restore BACKUP');
} catch (error) {
  process.stderr.write(`${command ?? 'backup'}: ${(error as Error).message}\n`);
  process.exitCode = 1;
}
