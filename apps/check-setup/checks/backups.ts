/** How old the newest backup is, where any were made. */
import { backupsIn } from '../../gateway/storage/newest-backup.ts';
import { ok, warn, type Finding } from '../finding.ts';
import type { Setup } from '../setup.ts';

const oldDays = 7;
const dayMs = 86_400_000;

export function checkBackups({ backups }: Setup): readonly Finding[] {
  const [newest, ...others] = backupsIn(backups);
  if (!newest) return [];
  const days = Math.max(0, (Date.now() - newest.madeAt) / dayMs);
  const said = `the newest of ${1 + others.length} in ${backups} is ${days.toFixed(1)} days old`;
  return [days <= oldDays ? ok('backup', said) : warn('backup', `${said}: npm run backup -- ${backups}`)];
}
