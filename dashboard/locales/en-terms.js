/** Words for names that come from the monitor, in English: classes of errors, what they mean, actions, checks. */
export const enTerms = {
  'class.persistent_timestamp': 'PersistentTimestamp',
  'class.cannot_resolve': 'Cannot resolve',
  'class.flood_wait': 'FloodWait',
  'class.other': 'other',
  'class.slow_mode': 'slow mode',
  'class.peer_flood': 'PeerFlood',
  'class.banned': 'banned in the chat',
  'class.write_forbidden': 'writing forbidden',
  'class.privacy': 'privacy of the recipient',
  'class.session_lost': 'session lost',
  'class.account_frozen': 'account frozen',
  'class.outcome_unknown': 'outcome unknown',
  'class.telegram_unavailable': 'Telegram out of reach',
  'class.telegram_error': 'error of Telegram',
  'class.media_invalid': 'media not taken',
  'class.text_too_long': 'text too long',
  'class.overloaded': 'too many large requests',
  'class.queue_full': 'queue full',
  'class.storage_full': 'disk full',
  'class.storage_failed': 'storage failed',
  'class.internal': 'error of the program',
  'means.persistent_timestamp':
    'Telegram could not give the updates since the last known state. Sending goes on; if it repeats for long, restart the service.',
  'means.cannot_resolve':
    'The account does not know this chat. Open a dialog with it, use its username, or reload the cache.',
  'means.flood_wait':
    'Telegram asked to wait. Messages stay in the queue and go out by themselves when the wait is over.',
  'means.slow_mode': 'The chat lets nobody write more often. The message goes out when it may.',
  'means.peer_flood': 'First messages to people who are not contacts wait. Ask @SpamBot for how long.',
  'means.banned': 'The account is banned in that chat. Only its admins can change that.',
  'means.write_forbidden': 'The account may not write in that chat.',
  'means.session_lost':
    'The account may not send any more: its session was ended or is in doubt, or the account is deleted or banned. The card of the service says which, and what to do.',
  'means.account_frozen':
    'Telegram froze the account: it may read and not send. Appeal at @SpamBot; messages wait meanwhile.',
  'means.outcome_unknown':
    'The message may have been sent, and Telegram would not say so. Look into the chat before sending it again.',
  'means.telegram_unavailable': 'Telegram could not be reached. The service connects again by itself.',
  'means.storage_full': 'The disk is full. Make room; until then new messages are refused.',
  'means.storage_failed':
    'Messages cannot be written to the disk or read from it. Look at the disk and its rights.',
  'audit.start': 'Start',
  'audit.stop': 'Stop',
  'audit.restart': 'Restart',
  'audit.reload-cache': 'Reload cache',
  'audit.pause': 'Pause',
  'audit.resume': 'Resume',
  'audit.retry-message': 'Retry a message',
  'audit.retry-messages': 'Retry all messages',
  'audit.cancel-message': 'Cancel a message',
  'audit.clear-flood-wait': 'Clear flood wait',
};
