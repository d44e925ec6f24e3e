/** How old the newest backup is, where any were made. */
import { readdirSync } from 'node:fs';
import { ok, warn, type Finding } from '../finding.ts';
import type { Setup } from '../setup.ts';

const oldDays = 7;
const dayMs = 86_400_000;
const name = /^vestnik-(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)$/;

export function checkBackups({ backups }: Setup): readonly Finding[] {
  const made = namesIn(backups).flatMap((each) => madeAt(each) ?? []);
  if (made.length === 0) return [];
  const days = Math.max(0, (Date.now() - Math.max(...made)) / dayMs);
  const said = `the newest of ${made.length} in ${backups} is ${days.toFixed(1)} days old`;
  return [days <= oldDays ? ok('backup', said) : warn('backup', `${said}: npm run backup -- ${backups}`)];
}

function madeAt(folder: string): number | undefined {
  const [, day, ...time] = name.exec(folder) ?? [];
  return day === undefined ? undefined : Date.parse(`${day}T${time.join(':')}Z`);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
