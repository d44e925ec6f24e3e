/** What services, supervisors and the monitor say in sentences of their own, in English; `told-patterns.js` has how each is known. */
export const enTold = {
  'told.telegram': 'Telegram: {reason}',
  'told.telegram_ok': 'Telegram answers',
  'told.connecting': 'connecting',
  'told.not_connected': 'not connected to Telegram yet',
  'told.connection_lost': 'the connection to Telegram was lost',
  'told.proxy_unreachable':
    'the proxy {address} cannot be reached ({error}): start it, or set TELEGRAM_PROXY to another',
  'told.proxy_user':
    'the proxy {address} refused the user and password of TELEGRAM_PROXY ({error}): set those that it knows',
  'told.proxy_secret':
    'the proxy {address} refused the secret of TELEGRAM_PROXY ({error}): set the one that it has, and look whether it reaches Telegram itself',
  'told.proxy_onward':
    'the proxy {address} does not reach Telegram ({error}): look at its network, or set TELEGRAM_PROXY to another',
  'told.unreachable_refused':
    '{address} refuses the connection ({error}): look at the firewall of this machine, and at TELEGRAM_DC if it is set',
  'told.unreachable_timeout':
    "{address} does not answer ({error}): look at this machine's network and firewall",
  'told.unreachable_name':
    "{address} cannot be found by its name ({error}): look at TELEGRAM_DC and at this machine's DNS",
  'told.unreachable_route':
    "{address} cannot be reached from this network ({error}): look at this machine's network and routes",
  'told.unreachable_cut':
    '{address} cuts the connection ({error}): look for a firewall or a filter on the way, and at TELEGRAM_DC if it is set',
  'told.unreachable_transport':
    'Telegram at {address} refuses the gateway with its error {error}: wait, it is asked again with pauses, and each restart adds a connection',
  'told.unreachable_other':
    '{address} cannot be connected to ({error}): read the log of this service for the error',
  'told.asked_to_wait': 'Telegram asked to wait ({name})',
  'told.held_account':
    'Telegram asked to wait ({name}) before the account connects: wait, it connects by itself, and a restart does not shorten it',
  'told.session_ended':
    "Telegram ended the session ({name}): look in Telegram's list of devices for who ended it, sign in again with npm run login, then restart this service",
  'told.session_denied':
    'Telegram says that it does not know the session ({name}): wait up to 5 minutes, it is asked again over new connections, and what waits is kept',
  'told.session_unknown':
    "Telegram does not know the session any more, several connections confirmed it ({name}): look in Telegram's list of devices for who ended it, sign in again with npm run login, then restart this service",
  'told.session_used_twice':
    'Two programs used the session at once, and Telegram ended it ({name}): stop the other program, sign in again with npm run login, then restart this service',
  'told.never_signed_in':
    'Nobody has signed in with this session ({name}): sign in with npm run login, then restart this service',
  'told.no_session': 'there is no session: npm run login makes one for each gateway',
  'told.deactivated':
    'The Telegram account is deleted or deactivated ({name}): ask telegram.org/support, or sign another account in with npm run login',
  'told.account_banned':
    'Telegram banned the account ({name}): write its phone number to recover@telegram.org, or sign another account in with npm run login',
  'told.other_account':
    'The session is of another Telegram user than the data of the account {account}: set TELEGRAM_ACCOUNT to a name of its own, or sign in as the user it was',
  'told.frozen_until':
    'Telegram froze the account on {since}, it may read and not send: appeal at {address}, signed in as this account, by {until}, when Telegram deletes it',
  'told.frozen':
    'Telegram froze the account, it may read and not send: appeal at {address}, signed in as this account',
  'told.server_errors': 'Telegram answers {name} to {method}: {count} times in a row, for {age_s}',
  'told.signed_in': 'signed in',
  'told.signed_out': 'signed out',
  'told.sign_in_unknown': 'whether the account is signed in is not known until Telegram answers',
  'told.walk_unfinished': 'the first walk over the dialogs is not finished; chats known: {size}',
  'told.walk_old': 'the last walk over the dialogs is old',
  'told.chats_known': 'chats known: {size}',
  'told.paused': 'sending is paused',
  'told.queue_old': 'a message waits for {age_s}',
  'told.queue_unexplained':
    'messages wait, and nothing that is known holds them, for {age_s}: restart this service',
  'told.queue': 'waiting: {depth}',
  'told.disk_failed':
    'the disk under DATA_DIR failed ({cause}): what was just written may be kept and sent, or be gone; nothing more is ' +
    'taken until this service is started again',
  'told.unrecorded':
    'The monitor cannot write that down under its DATA_DIR, and forgets who did it when it stops.',
  'told.database_locked': 'another process has locked the database, for {age_s} so far',
  'told.disk_full': 'the disk is full: new messages are refused',
  'told.spool_gone': 'the spool under DATA_DIR is gone ({code}): mount its disk again, or restore a backup',
  'told.spool_forbidden':
    'the spool under DATA_DIR cannot be written by this user: set DATA_DIR to a folder of this user',
  'told.no_descriptors':
    'this process has no file descriptor left ({code}): raise its limit (LimitNOFILE, ulimit -n)',
  'told.disk_read_only': 'the disk of DATA_DIR is mounted read-only: dmesg says why; remount it',
  'told.disk_no_room': 'the disk of DATA_DIR is full: free some of it (df -h, df -i)',
  'told.disk_quota': "the quota of DATA_DIR's disk is used up: free some of it, or raise the quota",
  'told.disk_broken': 'the disk of DATA_DIR fails (EIO): restore a backup to another one',
  'told.disk_hangs': 'the disk of DATA_DIR has not written a file in {limit_s}',
  'told.database_ok': 'the database answers',
  'told.database_failed': 'the database does not answer: {text}',
  'told.gate_strangers':
    'first messages to people who are not contacts wait for {left_s} more ({name}), and all others go on: @SpamBot tells for how long',
  'told.gate': 'Telegram asked to wait with {scope} ({name}), for {left_s} more',
  'told.gates_of_chats': 'chats in slow mode: {count}, for {left_s} more at most',
  'told.no_answer_in': 'no answer in {limit_s}',
  'told.refused': 'connection refused {address}',
  'told.no_answer': 'no answer',
  'told.no_answer_code': 'no answer ({code})',
  'told.no_answer_why': 'no answer: {reason}',
  'told.cut': 'the connection was cut',
  'told.answered': 'it answered HTTP {code}',
  'told.silent': '{label} does not answer on {address}',
  'told.exit_code': 'ended with exit code {code}',
  'told.signal': 'ended by signal {name}',
  'told.sigkill': 'ended by {name}',
  'told.out_of_memory': 'out of memory',
  'told.not_in_time': 'it did not start or stop in time',
  'told.watchdog': 'its watchdog got no sign of life',
  'told.too_often': 'it was started too often in too short a time',
  'told.resources': 'the system lacks what it needs to start',
  'told.protocol': 'it did not tell systemd that it was ready',
  'told.masked': 'the unit is masked',
  'told.unit_wrong': 'the unit file is wrong ({name})',
  'told.port_in_use': 'port {port} is in use: free it, or set {setting} to another',
  'told.no_launched': 'only watched: npm start runs no {name}',
  'told.watched_container': 'only watched: SERVICES names no container for it',
  'told.watched_unit': 'only watched: SERVICES names no unit of systemd for it',
  'told.no_launcher': 'npm start does not answer on its socket: {reason}',
  'told.nothing_in': 'nothing in {limit_ms}',
  'told.no_socket': 'there is no socket {path}',
  'told.socket_denied': "the socket {path} may not be used by the monitor's user",
  'told.nothing_listens': 'nothing listens at {address}',
  'told.not_npm_start': 'the monitor was not started by npm start: LAUNCHER_SOCKET is not set',
  'told.no_supervisor': 'nothing that starts and stops services is configured: set SUPERVISOR',
  'told.no_program': 'there is no {program} on this machine',
  'told.program_denied': '{program} may not be run by this user',
  'told.program_silent': '{program} gave no answer in {limit_ms}',
  'told.systemd_silent': 'systemd does not answer: {reason}',
  'told.no_unit': 'systemd has no unit named {unit}',
  'told.no_polkit': "the monitor's user may not {verb} {unit}: a polkit rule must allow it",
  'told.systemd_did_not': 'systemd did not {verb} {unit}: {text}',
  'told.docker_silent': 'Docker does not answer: {reason}',
  'told.no_container': 'Docker has no container named {name}',
  'told.docker_not_listed': 'Docker may not be asked that of {name}: the proxy before it has it on no list',
  'told.docker_unreached': 'the proxy before it does not reach it ({code})',
  'told.no_name': 'nothing is known by the name {name}',
  'told.journal_denied':
    "the journal may not be read by the monitor's user: add it to the group systemd-journal",
  'told.no_journal': 'there is no journal on this machine',
  'told.journal_ended': 'journalctl ended: {text}',
  'told.not_stored': 'what was read cannot be stored: {text}',
  'told.not_asked': 'not asked yet',
  'told.no_lines': 'there is nothing to read lines from',
  'told.unreadable': 'not all of {path} can be read: {reason}',
  'told.not_metrics': 'line {line} is not in the text format of Prometheus',
  'told.not_json': 'not a JSON object',
  'told.docker_refused': 'Docker refused: {text}',
  'told.held': 'Clear flood wait is running: wait for its end, or cancel it first',
  'told.not_held': 'Clear flood wait is not running: there is nothing to cancel',
  'told.cancelled_by': 'cancelled by {user}',
  'told.cannot_write':
    'the monitor cannot write under DATA_DIR, and would forget the procedure: nothing was stopped',
  'told.delayed': 'put off until {until_at}: another service of the account was started just now',
  'told.no_service': 'there is no service named {name}',
  'told.token_needed':
    'the service refused the monitor: set GATEWAY_TOKEN to a token that may read and control it',
  'told.walked_recently':
    'the dialogs were walked too recently, or Telegram asked to wait: possible again in {left_s}',
  'told.line_gone': 'the line was dropped for newer ones',
  'told.stopping': 'it is stopping',
  'told.delayed_start': 'Start, delayed',
  'told.delayed_restart': 'Restart, delayed',
  'told.flood_stop': 'Clear flood wait: stop',
  'told.flood_start': 'Clear flood wait: start',
  'told.flood_wait': 'Clear flood wait: wait {wait_s}',
  'told.flood_done': 'Clear flood wait: the end',
  'told.flood_failed': 'Clear flood wait: given up',
  'told.flood_cancelled': 'Clear flood wait: cancelled',
  'told.album_incomplete':
    'Telegram did not name items {items} of the album: look into the chat before sending them again',
  'told.outcome_unknown':
    'it may have been sent, and Telegram did not say so in {hours} h of asking ({reason}): look into the chat',
  'told.outcome_failed':
    'Telegram answered {name} to {method} for {minutes} min while others were sent; it may have been sent: look into the chat',
  'told.refused_by': 'Telegram answered {name} to {method}',
  'told.flood_cancel': 'Cancel Clear flood wait',
};
