/**
 * What diagnostics say, in English; the monitor's API answers with these words as well. `{x_s}` is put in as a duration,
 * `{x_ms}` as milliseconds, `{x_bytes}` as a size, `{x_at}` as a time, `{state}` and `{reason}` in the reader's language.
 */
export const enDiagnostics = {
  'check.supervisor': 'state',
  'check.port': 'port',
  'check.health': '/health',
  'check.telegram': 'Telegram',
  'check.session': 'session',
  'check.stats': '/stats',
  'check.cache': 'cache',
  'check.errors': 'last errors',
  'check.disk': 'disk',
  'check.clock': 'clock',

  'detail.state': '{state}',
  'detail.state_because': '{state}: {reason}',
  'detail.unavailable': 'could not be asked: {reason}',
  'detail.late': 'no outcome in {limit_s}: given up',
  'detail.listening': 'port {port} is open',
  'detail.listening_by': 'port {port} is open: {owner}, pid {pid}',
  'detail.not_listening': 'nothing listens on port {port}: {reason}',
  'detail.foreign': 'port {port} is held by another program',
  'detail.foreign_by': 'port {port} is held by another program: {owner}, pid {pid}',
  'detail.answered': 'answers: {health}',
  'detail.answered_because': 'answers: {health}: {reason}',
  'detail.answered_code': 'answers with HTTP {code}',
  'detail.no_answer': '{reason}',
  'detail.not_told': 'the service does not tell',
  'detail.telegram_ok': 'Telegram answers',
  'detail.telegram_ping': 'Telegram answers in {ping_ms}',
  'detail.signed_in': 'signed in',
  'detail.told': '{reason}',
  'detail.stats': 'version {version}, queue {depth}, up for {uptime_s}',
  'detail.cache': 'chats known: {size}',
  'detail.no_errors': 'no errors',
  'detail.errors': 'lines: {count}, the last of {last_at}',
  'detail.disk': '{free_bytes} of {total_bytes} are free',
  'detail.clock_right': 'right to within {off_s}',
  'detail.clock_ahead': '{off_s} ahead',
  'detail.clock_behind': '{off_s} behind',
  'detail.clock_unknown': 'could not be compared: {reason}',
  'detail.clock_alone': 'there is nothing to compare it with',

  'scope.strangers': 'first messages to people who are not contacts',
  'scope.chat': 'chat {chat}',
  'answer.ok': 'all is well',
  'answer.degraded': 'with trouble',
  'answer.down': 'cannot send',

  'fact.state': 'state: {state}',
  'fact.state_because': 'state: {state}: {reason}',
  'fact.port_held': 'port {port} is held though the service does not run',
  'fact.port_held_by': 'port {port} is held by {owner} (pid {pid}) though the service does not run',
  'fact.restarts': 'started again {count} times in the last {within_s}',
  'fact.disk_free': '{free_bytes} are free',
  'fact.clock_ahead': 'the clock is {off_s} ahead',
  'fact.clock_behind': 'the clock is {off_s} behind',
  'fact.told': '{reason}',
  'fact.gate': '{scope}: closed for {left_s} more, until {until_at}',
  'fact.waits': 'waits in the last hour: {count}, the longest of {longest_s}',
  'fact.cache_size': 'chats known: {size}',
  'fact.chats': 'chats: {chats}',

  'cause.port_taken': 'Another program holds the port',
  'cause.port_taken.do':
    'Stop the program that listens there, or set PORT to another; then start the service.',
  'cause.port_taken.avoid': 'Do not restart before the port is free: every start fails the same way.',
  'cause.not_running': 'The service is not running',
  'cause.not_running.do': 'Start it. Messages that were accepted before are kept and will be sent.',
  'cause.not_running.avoid':
    'Do not start it again and again when it ends by itself: read its last lines first, each start is a sign-in that Telegram sees.',
  'cause.disk_full': 'The disk is full',
  'cause.disk_full.do':
    'Free room where DATA_DIR lies, or lower RETAIN_DAYS and SPOOL_LIMIT_MB. What was accepted is not lost.',
  'cause.disk_full.avoid': 'Do not delete anything under DATA_DIR: the outbox and the sessions are there.',
  'cause.clock_wrong': "This machine's clock is wrong",
  'cause.clock_wrong.do':
    'Switch time synchronisation on (timedatectl set-ntp true), then restart the services: Telegram drops what comes from another time.',
  'cause.clock_wrong.avoid': 'Do not sign in anew: the session is good, only the time is not.',
  'cause.restart_loop': 'The service ends and is started again, over and over',
  'cause.restart_loop.do':
    'Read its last lines before each end (Errors, or its log): they name the reason. Stop it until the reason is mended; accepted messages are kept.',
  'cause.restart_loop.avoid':
    'Do not leave it restarting: each start signs in at Telegram, and many sign-ins in a row end in a flood wait.',
  'cause.two_clients': 'Two clients use one session',
  'cause.two_clients.do':
    'Stop the other program that uses this session (an old service, a copy of the folder), then sign in anew with `npm run login`: each gateway needs a session of its own.',
  'cause.two_clients.avoid':
    'Do not copy a session file or start the old service beside this one: Telegram ends the session for both.',
  'cause.never_signed_in': 'Nobody has signed this service in',
  'cause.never_signed_in.do':
    'Run `npm run login`: it makes a session for each gateway. Then start or restart the service.',
  'cause.never_signed_in.avoid':
    'Do not copy the session of another service: Telegram ends a session that two programs use.',
  'cause.session_revoked': 'Telegram ended the session: the account must sign in again',
  'cause.session_revoked.do':
    "Look in Telegram's list of devices (Settings, Devices) for who ended it, then run `npm run login` and restart the service; the queue is kept meanwhile.",
  'cause.session_revoked.avoid': 'Do not only restart: the same session is refused again.',
  'cause.session_unconfirmed': 'Telegram may have forgotten the session',
  'cause.session_unconfirmed.do':
    'Wait up to 5 minutes: the gateway asks again over new connections, and says then whether the account must sign in. The queue is kept.',
  'cause.session_unconfirmed.avoid': 'Do not sign in anew yet: servers give this answer by mistake, too.',
  'cause.account_deactivated': 'The Telegram account is deleted or banned',
  'cause.account_deactivated.do':
    'Write the phone number of the account to recover@telegram.org, or ask at https://telegram.org/support. To send at once, sign another account in with `npm run login` under a TELEGRAM_ACCOUNT of its own.',
  'cause.account_deactivated.avoid':
    'Do not sign in again and again with this number: that does not lift a ban.',
  'cause.account_frozen': 'Telegram froze the account: it may read and not send',
  'cause.account_frozen.do':
    'Sign in to this account in a Telegram app and appeal at the address in the evidence; the gateway notices within 15 minutes that the account is free, and sends what waits.',
  'cause.account_frozen.avoid':
    'Do not sign in anew and do not restart: the session is good, the account is not.',
  'cause.other_account': 'The session is of another Telegram user',
  'cause.other_account.do':
    'Set TELEGRAM_ACCOUNT to a name of its own for this user, or sign in as the user it was with `npm run login`; then restart the service.',
  'cause.other_account.avoid':
    'Do not delete DATA_DIR to get past it: the queue and the table of chats are there.',
  'cause.proxy_failed': 'The proxy lets nothing through to Telegram',
  'cause.proxy_failed.do':
    'Check that the proxy of `TELEGRAM_PROXY` runs and knows the user, password or secret, or set another one; the gateway connects again by itself and sends what waits.',
  'cause.proxy_failed.avoid':
    'Do not sign in anew and do not restart over and over: the session is good, and the queue is kept.',
  'cause.telegram_unreachable': 'Telegram is out of reach',
  'cause.telegram_unreachable.do':
    "Check the network, DNS and firewall of this machine towards Telegram's data centres; the gateway connects again by itself and sends what waits.",
  'cause.telegram_unreachable.avoid':
    'Do not restart and do not sign in anew: neither brings the network back, and the queue is kept.',
  'cause.account_restricted': 'Telegram refuses first messages to people who are not contacts (PEER_FLOOD)',
  'cause.account_restricted.do': 'Write to @SpamBot in Telegram to learn for how long, and wait that long.',
  'cause.account_restricted.avoid':
    'Do not write to anybody new by hand meanwhile: that makes it longer. All other messages go on, so nothing needs to be paused.',
  'cause.flood_loop': 'Flood loop: Telegram makes the account wait again and again',
  'cause.flood_loop.do':
    'Wait it out: what waits in the queue goes out by itself. For old services that walk over the dialogs at every start use Clear flood wait.',
  'cause.flood_loop.avoid':
    'Do not restart and do not reload the cache: waits persist, and a new walk over the dialogs is flooded at once.',
  'cause.flood_wait': 'Telegram asked to wait',
  'cause.flood_wait.do':
    'Wait it out: what waits in the queue goes out by itself. If such waits come often, lower the pace of the account.',
  'cause.flood_wait.avoid':
    'Do not restart, and let no other program send from this account: the wait persists, and calls during it make it longer.',
  'cause.empty_cache': 'The cache of chats is empty',
  'cause.empty_cache.do':
    'Wait for the walk over the dialogs to end, or reload the cache once no wait runs; meanwhile send to @usernames. A chat that the account never opened is not in it.',
  'cause.empty_cache.avoid':
    'Do not restart: a walk that is begun anew takes longer, and may end in a flood wait.',
  'cause.banned': 'The account is banned in a chat',
  'cause.banned.do': 'Ask an administrator of these chats to lift the ban, or take them off the list.',
  'cause.banned.avoid': 'Do not retry: it does not help, and refusals count against the account.',
  'cause.persistent_timestamp': 'Updates of Telegram lag behind (PersistentTimestamp)',
  'cause.persistent_timestamp.do':
    'Nothing: this concerns receiving, not sending, and passes by itself. A client that only sends should ask for no updates; our gateways do not.',
  'cause.persistent_timestamp.avoid':
    'Do not restart because of it: the walk over the dialogs at the start is the greater risk.',
};
