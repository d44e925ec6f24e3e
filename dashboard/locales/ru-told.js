/** What services, supervisors and the monitor say in sentences of their own, in Russian; the same keys as in English. */

/** @type {typeof import('./en-told.js').enTold} */
export const ruTold = {
  'told.telegram': 'Telegram: {reason}',
  'told.telegram_ok': 'Telegram отвечает',
  'told.connecting': 'подключается',
  'told.not_connected': 'ещё не подключён к Telegram',
  'told.connection_lost': 'соединение с Telegram потеряно',
  'told.proxy_unreachable':
    'прокси {address} недоступен ({error}): запустите его или укажите другой в TELEGRAM_PROXY',
  'told.proxy_user':
    'прокси {address} не принял имя и пароль из TELEGRAM_PROXY ({error}): укажите те, что он знает',
  'told.proxy_secret':
    'прокси {address} не принял секрет из TELEGRAM_PROXY ({error}): укажите его секрет и проверьте, достаёт ли он сам до Telegram',
  'told.proxy_onward':
    'прокси {address} не достаёт до Telegram ({error}): проверьте его сеть или укажите другой в TELEGRAM_PROXY',
  'told.unreachable_refused':
    '{address} отклоняет соединение ({error}): проверьте файрвол этой машины и, если задан, TELEGRAM_DC',
  'told.unreachable_timeout': '{address} не отвечает ({error}): проверьте сеть и файрвол этой машины',
  'told.unreachable_name': 'имя {address} не находится ({error}): проверьте TELEGRAM_DC и DNS этой машины',
  'told.unreachable_route':
    'до {address} из этой сети нет пути ({error}): проверьте сеть и маршруты этой машины',
  'told.unreachable_cut':
    '{address} обрывает соединение ({error}): ищите файрвол или фильтр на пути и проверьте TELEGRAM_DC, если он задан',
  'told.unreachable_transport':
    'Telegram на {address} не принимает шлюз, ошибка {error}: подождите, шлюз пробует снова с паузами, а каждый перезапуск добавляет подключение',
  'told.unreachable_other':
    'не удаётся подключиться к {address} ({error}): подробности в журнале этого сервиса',
  'told.asked_to_wait': 'Telegram попросил подождать ({name})',
  'told.held_account':
    'Telegram попросил подождать ({name}), прежде чем аккаунт подключится: подождите, он подключится сам, а перезапуск паузу не сократит',
  'told.session_ended':
    'Telegram завершил сессию ({name}): посмотрите в списке устройств Telegram, кто это сделал, войдите заново через npm run login и перезапустите сервис',
  'told.session_denied':
    'Telegram отвечает, что не знает эту сессию ({name}): подождите до 5 минут, шлюз переспрашивает через новые соединения, а очередь сохраняется',
  'told.session_unknown':
    'Telegram больше не знает эту сессию, это подтвердили несколько соединений ({name}): посмотрите в списке устройств Telegram, кто её завершил, войдите заново через npm run login и перезапустите сервис',
  'told.session_used_twice':
    'сессией пользовались две программы сразу, и Telegram её завершил ({name}): остановите вторую программу, войдите заново через npm run login и перезапустите сервис',
  'told.never_signed_in':
    'в эту сессию никто не входил ({name}): войдите через npm run login и перезапустите сервис',
  'told.no_session': 'сессии нет: npm run login создаст её для каждого шлюза',
  'told.deactivated':
    'аккаунт Telegram удалён или деактивирован ({name}): обратитесь на telegram.org/support или войдите в другой аккаунт через npm run login',
  'told.account_banned':
    'Telegram заблокировал аккаунт ({name}): напишите на recover@telegram.org, указав его номер, или войдите в другой аккаунт через npm run login',
  'told.other_account':
    'сессия другого пользователя Telegram, а не того, чьи данные хранит аккаунт {account}: задайте для неё другое имя в TELEGRAM_ACCOUNT или войдите прежним пользователем',
  'told.frozen_until':
    'Telegram заморозил аккаунт {since}, читать можно, отправлять нельзя: подайте апелляцию на {address} от имени этого аккаунта до {until}, иначе Telegram его удалит',
  'told.frozen':
    'Telegram заморозил аккаунт, читать можно, отправлять нельзя: подайте апелляцию на {address} от имени этого аккаунта',
  'told.server_errors': 'Telegram отвечает {name} на {method}: подряд {count}, уже {age_s}',
  'told.signed_in': 'вход в аккаунт выполнен',
  'told.signed_out': 'вход в аккаунт не выполнен',
  'told.sign_in_unknown': 'выполнен ли вход в аккаунт, неизвестно, пока Telegram не ответит',
  'told.walk_unfinished': 'первый обход диалогов не закончен; известно чатов: {size}',
  'told.walk_old': 'последний обход диалогов был давно',
  'told.chats_known': 'известно чатов: {size}',
  'told.paused': 'отправка на паузе',
  'told.queue_unexplained':
    'сообщения ждут уже {age_s}, и ничто известное их не держит: перезапустите этот сервис',
  'told.queue_old': 'сообщение ждёт {age_s}',
  'told.queue': 'ждёт: {depth}',
  'told.disk_failed':
    'диск с DATA_DIR отказал ({cause}): записанное только что может остаться и быть отправлено, а может пропасть; ' +
    'новое не принимается, пока сервис не запустят заново',
  'told.unrecorded':
    'Записать это под DATA_DIR монитор не может: кто это сделал, забудется с его остановкой.',
  'told.database_locked': 'базу данных заблокировал другой процесс, уже {age_s}',
  'told.disk_full': 'диск заполнен: новые сообщения не принимаются',
  'told.spool_gone':
    'папки для файлов под DATA_DIR нет ({code}): подключите её диск или восстановите резервную копию',
  'told.spool_forbidden':
    'в папку для файлов под DATA_DIR этому пользователю не записать: задайте в DATA_DIR его папку',
  'told.no_descriptors':
    'у процесса кончились файловые дескрипторы ({code}): поднимите предел (LimitNOFILE, ulimit -n)',
  'told.disk_read_only':
    'диск с DATA_DIR доступен только для чтения: причину скажет dmesg; подключите его заново',
  'told.disk_no_room': 'на диске с DATA_DIR нет места: освободите его (df -h, df -i)',
  'told.disk_quota': 'квота на диске с DATA_DIR исчерпана: освободите место или увеличьте её',
  'told.disk_broken': 'диск с DATA_DIR сбоит (EIO): восстановите резервную копию на другой',
  'told.disk_hangs': 'диск с DATA_DIR не записал файл за {limit_s}',
  'told.database_ok': 'база данных отвечает',
  'told.database_failed': 'база данных не отвечает: {text}',
  'told.gate_strangers':
    'первые сообщения тем, кого нет в контактах, ждут ещё {left_s} ({name}), остальные уходят: срок скажет @SpamBot',
  'told.gate': 'Telegram попросил подождать с {scope} ({name}), ещё {left_s}',
  'told.gates_of_chats': 'чатов в медленном режиме: {count}, не дольше {left_s}',
  'told.no_answer_in': 'нет ответа за {limit_s}',
  'told.refused': 'в соединении отказано {address}',
  'told.no_answer': 'нет ответа',
  'told.no_answer_code': 'нет ответа ({code})',
  'told.no_answer_why': 'нет ответа: {reason}',
  'told.cut': 'соединение оборвалось',
  'told.answered': 'ответил HTTP {code}',
  'told.silent': '{label} не отвечает на {address}',
  'told.exit_code': 'завершился с кодом {code}',
  'told.signal': 'завершён сигналом {name}',
  'told.sigkill': 'завершён сигналом {name}',
  'told.out_of_memory': 'не хватило памяти',
  'told.not_in_time': 'не успел запуститься или остановиться',
  'told.watchdog': 'не подавал признаков жизни',
  'told.too_often': 'запускался слишком часто за короткое время',
  'told.resources': 'системе не хватает нужного для запуска',
  'told.protocol': 'не сообщил systemd о готовности',
  'told.masked': 'юнит замаскирован',
  'told.unit_wrong': 'файл юнита неверен ({name})',
  'told.port_in_use': 'порт {port} занят: освободите его или задайте другой {setting}',
  'told.no_launched': 'только наблюдение: npm start не запускает {name}',
  'told.watched_container': 'только наблюдение: в SERVICES для него нет контейнера',
  'told.watched_unit': 'только наблюдение: в SERVICES для него нет юнита systemd',
  'told.no_launcher': 'npm start не отвечает на своём сокете: {reason}',
  'told.nothing_in': 'ничего за {limit_ms}',
  'told.no_socket': 'сокета {path} нет',
  'told.socket_denied': 'сокет {path} недоступен пользователю монитора',
  'told.nothing_listens': 'на {address} никто не слушает',
  'told.not_npm_start': 'монитор запущен не через npm start: LAUNCHER_SOCKET не задан',
  'told.no_supervisor': 'не настроено, чем запускать и останавливать сервисы: задайте SUPERVISOR',
  'told.no_program': 'на этой машине нет {program}',
  'told.program_denied': '{program} нельзя запустить от этого пользователя',
  'told.program_silent': '{program} не ответил за {limit_ms}',
  'told.systemd_silent': 'systemd не отвечает: {reason}',
  'told.no_unit': 'у systemd нет юнита {unit}',
  'told.no_polkit': 'пользователю монитора нельзя управлять {unit} ({verb}): это разрешает правило polkit',
  'told.systemd_did_not': 'systemd не выполнил {verb} для {unit}: {text}',
  'told.docker_silent': 'Docker не отвечает: {reason}',
  'told.no_container': 'у Docker нет контейнера {name}',
  'told.docker_not_listed': 'прокси перед Docker не пропускает запросы о {name}: его нет в списке',
  'told.docker_unreached': 'прокси перед ним не может до него достучаться ({code})',
  'told.no_name': 'имя {name} никому не известно',
  'told.journal_denied': 'пользователю монитора нельзя читать журнал: добавьте его в группу systemd-journal',
  'told.no_journal': 'на этой машине нет журнала systemd',
  'told.journal_ended': 'journalctl завершился: {text}',
  'told.not_stored': 'прочитанное не удаётся сохранить: {text}',
  'told.not_asked': 'ещё не спрашивали',
  'told.no_lines': 'строки читать неоткуда',
  'told.unreadable': '{path} читается не полностью: {reason}',
  'told.not_metrics': 'строка {line} не в текстовом формате Prometheus',
  'told.not_json': 'это не объект JSON',
  'told.docker_refused': 'Docker отказал: {text}',
  'told.held': 'идёт «Сбросить flood wait»: дождитесь конца или сначала отмените его',
  'told.not_held': '«Сбросить flood wait» не идёт: отменять нечего',
  'told.cancelled_by': 'отменил {user}',
  'told.cannot_write': 'монитор не может писать в DATA_DIR и забыл бы о процедуре: ничего не остановлено',
  'told.delayed': 'отложено до {until_at}: другой сервис аккаунта запущен только что',
  'told.no_service': 'сервиса {name} нет',
  'told.token_needed': 'сервис не пустил монитор: задайте GATEWAY_TOKEN с правом читать и управлять',
  'told.walked_recently':
    'диалоги обходили слишком недавно или Telegram попросил подождать: можно будет через {left_s}',
  'told.line_gone': 'строка вытеснена более новыми',
  'told.stopping': 'останавливается',
  'told.delayed_start': 'Запустить, отложенно',
  'told.delayed_restart': 'Перезапустить, отложенно',
  'told.flood_stop': 'Сбросить flood wait: остановить',
  'told.flood_start': 'Сбросить flood wait: запустить',
  'told.flood_wait': 'Сбросить flood wait: ждать {wait_s}',
  'told.flood_done': 'Сбросить flood wait: конец',
  'told.flood_failed': 'Сбросить flood wait: прервано',
  'told.flood_cancelled': 'Сбросить flood wait: отменено',
  'told.album_incomplete':
    'Telegram не назвал части альбома {items}: загляните в чат, прежде чем отправлять их снова',
  'told.outcome_unknown':
    'возможно, отправлено: за {hours} ч Telegram так и не ответил ({reason}); загляните в чат',
  'told.outcome_failed':
    'Telegram {minutes} мин отвечал {name} на {method}, хотя другое уходило; возможно, отправлено: загляните в чат',
  'told.refused_by': 'Telegram ответил {name} на {method}',
  'told.flood_cancel': 'Отменить сброс flood wait',
};
