/** The output of a backup and of a restore. */
import type { Snapshot } from '../gateway/storage/sqlite/snapshot.ts';
import type { Backup } from './backup.ts';

export function backupWords({ folder, waiting, spooled }: Backup): string {
  return [
    `${folder}: ${waiting} waiting messages, ${spooled.length} files.`,
    'It holds the sessions too: anyone who has it can send as the account. Keep a copy on another disk.',
  ].join('\n');
}

export function restoreWords({ waiting, maybeSent }: Snapshot, dataDir: string): string {
  return [
    `${dataDir}: ${waiting} messages wait; ${maybeSent} of them may have been sent when the backup was made.`,
    'Start the gateways here, and never again those of the original DATA_DIR: Telegram ends a session that two use.',
    'Messages sent since the backup are sent again with the same random_id, and Telegram creates no second message.',
    'The backup does not know what came after it. Messages accepted since are gone; callers that repeat them send them',
    'twice unless they use an Idempotency-Key. Messages cancelled since are sent. Messages that expire before the',
    'gateway sends them again are reported as expired, though they may have been sent.',
  ].join('\n');
}
