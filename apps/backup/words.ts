/** What whoever makes or restores a backup is told. */
import type { Snapshot } from '../gateway/storage/sqlite/snapshot.ts';
import type { Backup } from './backup.ts';

export function backupWords({ folder, waiting, spooled }: Backup): string {
  return [
    `${folder}: ${waiting} messages that wait, ${spooled.length} files.`,
    'It holds the sessions too: whoever has it can send as the account. Check that it is on another disk.',
  ].join('\n');
}

export function restoreWords({ waiting, maybeSent }: Snapshot, dataDir: string): string {
  return [
    `${dataDir}: ${waiting} messages wait, of which ${maybeSent} may have been sent when the backup was made.`,
    'Start the gateways, and never those of the DATA_DIR it was made from: two on one session are how Telegram ends it.',
    'What was sent since the backup is asked again with the same random_id, for which Telegram sends nothing new.',
    'The backup cannot know of what came after it: messages accepted since are gone, and callers that repeat them send',
    'twice unless they use an Idempotency-Key; messages cancelled since are sent; those that expire before they are',
    'asked again are told as expired, though they may have been sent.',
  ].join('\n');
}
