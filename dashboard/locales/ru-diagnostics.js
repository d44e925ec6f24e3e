/** What diagnostics say, in Russian; the same keys as in English. */

/** @type {typeof import('./en-diagnostics.js').enDiagnostics} */
export const ruDiagnostics = {
  'check.supervisor': 'состояние',
  'check.port': 'порт',
  'check.health': '/health',
  'check.telegram': 'Telegram',
  'check.session': 'сессия',
  'check.stats': '/stats',
  'check.cache': 'кэш',
  'check.errors': 'последние ошибки',
  'check.disk': 'диск',
  'check.clock': 'часы',

  'detail.state': '{state}',
  'detail.state_because': '{state}: {reason}',
  'detail.unavailable': 'узнать не удалось: {reason}',
  'detail.late': 'за {limit_s} не ответила, дальше не жду',
  'detail.listening': 'порт {port} открыт',
  'detail.listening_by': 'порт {port} открыт: {owner}, pid {pid}',
  'detail.not_listening': 'порт {port} никто не слушает: {reason}',
  'detail.foreign': 'порт {port} занят другой программой',
  'detail.foreign_by': 'порт {port} занят другой программой: {owner}, pid {pid}',
  'detail.answered': 'отвечает: {health}',
  'detail.answered_because': 'отвечает: {health}: {reason}',
  'detail.answered_code': 'отвечает HTTP {code}',
  'detail.no_answer': '{reason}',
  'detail.not_told': 'сервис этого не сообщает',
  'detail.telegram_ok': 'Telegram отвечает',
  'detail.telegram_ping': 'Telegram отвечает за {ping_ms}',
  'detail.signed_in': 'вход выполнен',
  'detail.told': '{reason}',
  'detail.stats': 'версия {version}, очередь {depth}, работает {uptime_s}',
  'detail.cache': 'известно чатов: {size}',
  'detail.no_errors': 'ошибок нет',
  'detail.errors': 'строк: {count}, последняя {last_at}',
  'detail.disk': 'свободно {free_bytes} из {total_bytes}',
  'detail.clock_right': 'верны с точностью до {off_s}',
  'detail.clock_ahead': 'спешат на {off_s}',
  'detail.clock_behind': 'отстают на {off_s}',
  'detail.clock_unknown': 'сравнить не удалось: {reason}',
  'detail.clock_alone': 'сравнить не с чем',

  'scope.strangers': 'первые сообщения тем, кого нет в контактах',
  'scope.chat': 'чат {chat}',
  'answer.ok': 'всё в порядке',
  'answer.degraded': 'есть неполадки',
  'answer.down': 'отправлять не может',

  'fact.state': 'состояние: {state}',
  'fact.state_because': 'состояние: {state}: {reason}',
  'fact.port_held': 'порт {port} занят, хотя сервис не запущен',
  'fact.port_held_by': 'порт {port} занят: {owner} (pid {pid}), хотя сервис не запущен',
  'fact.restarts': 'перезапусков за последние {within_s}: {count}',
  'fact.disk_free': 'свободно {free_bytes}',
  'fact.clock_ahead': 'часы спешат на {off_s}',
  'fact.clock_behind': 'часы отстают на {off_s}',
  'fact.told': '{reason}',
  'fact.gate': '{scope}: пауза ещё {left_s}, до {until_at}',
  'fact.waits': 'пауз за последний час: {count}, самая долгая {longest_s}',
  'fact.cache_size': 'известно чатов: {size}',
  'fact.chats': 'чаты: {chats}',

  'cause.port_taken': 'Порт занят другой программой',
  'cause.port_taken.do':
    'Остановите программу, которая слушает этот порт, или задайте другой PORT; затем запустите сервис.',
  'cause.port_taken.avoid': 'Не перезапускайте, пока порт не свободен: каждый запуск кончится тем же.',
  'cause.not_running': 'Сервис не запущен',
  'cause.not_running.do': 'Запустите его. Принятые раньше сообщения сохранены и будут отправлены.',
  'cause.not_running.avoid':
    'Если он останавливается сам, не запускайте его раз за разом: сначала прочитайте последние строки; каждый запуск — вход, который видит Telegram.',
  'cause.disk_full': 'Диск заполнен',
  'cause.disk_full.do':
    'Освободите место там, где лежит DATA_DIR, или уменьшите RETAIN_DAYS и SPOOL_LIMIT_MB. Принятое не потеряно.',
  'cause.disk_full.avoid': 'Ничего не удаляйте внутри DATA_DIR: там очередь и сессии.',
  'cause.clock_wrong': 'Часы этой машины идут неверно',
  'cause.clock_wrong.do':
    'Включите синхронизацию времени (timedatectl set-ntp true) и перезапустите сервисы: Telegram отбрасывает то, что пришло из другого времени.',
  'cause.clock_wrong.avoid': 'Не входите в аккаунт заново: с сессией всё хорошо, неверно только время.',
  'cause.restart_loop': 'Сервис раз за разом завершается и запускается снова',
  'cause.restart_loop.do':
    'Прочитайте его последние строки перед каждым завершением (раздел «Ошибки» или журнал): в них названа причина. Остановите сервис, пока она не устранена; принятые сообщения сохранены.',
  'cause.restart_loop.avoid':
    'Не оставляйте его перезапускаться: каждый запуск — вход в Telegram, а много входов подряд кончаются флуд-паузой.',
  'cause.two_clients': 'Два клиента используют одну сессию',
  'cause.two_clients.do':
    'Остановите вторую программу с этой сессией (старый сервис, копию папки) и войдите заново через `npm run login`: каждому шлюзу нужна своя сессия.',
  'cause.two_clients.avoid':
    'Не копируйте файл сессии и не запускайте старый сервис рядом с этим: Telegram завершит сессию для обоих.',
  'cause.never_signed_in': 'В этот сервис никто не вошёл',
  'cause.never_signed_in.do':
    'Выполните `npm run login`: он создаст сессию для каждого шлюза. Затем запустите или перезапустите сервис.',
  'cause.never_signed_in.avoid':
    'Не копируйте сессию другого сервиса: сессию, которой пользуются две программы, Telegram завершает.',
  'cause.session_revoked': 'Telegram завершил сессию: аккаунт должен войти заново',
  'cause.session_revoked.do':
    'Посмотрите в списке устройств Telegram (Настройки, Устройства), кто её завершил, выполните `npm run login` и перезапустите сервис; очередь тем временем сохраняется.',
  'cause.session_revoked.avoid': 'Не ограничивайтесь перезапуском: ту же сессию снова не примут.',
  'cause.session_unconfirmed': 'Возможно, Telegram забыл сессию',
  'cause.session_unconfirmed.do':
    'Подождите до 5 минут: шлюз переспросит через новые соединения и скажет, нужно ли входить заново. Очередь сохраняется.',
  'cause.session_unconfirmed.avoid': 'Пока не входите заново: серверы отвечают так и по ошибке.',
  'cause.account_deactivated': 'Аккаунт Telegram удалён или заблокирован',
  'cause.account_deactivated.do':
    'Напишите на recover@telegram.org, указав номер аккаунта, или обратитесь на https://telegram.org/support. Чтобы отправлять уже сейчас, войдите в другой аккаунт через `npm run login` под другим именем в TELEGRAM_ACCOUNT.',
  'cause.account_deactivated.avoid': 'Не входите с этим номером раз за разом: блокировку это не снимет.',
  'cause.account_frozen': 'Telegram заморозил аккаунт: читать можно, отправлять нельзя',
  'cause.account_frozen.do':
    'Войдите в этот аккаунт в приложении Telegram и подайте апелляцию по адресу из признаков; что аккаунт разморожен, шлюз заметит за 15 минут и отправит очередь.',
  'cause.account_frozen.avoid':
    'Не входите заново и не перезапускайте: с сессией всё хорошо, заморожен сам аккаунт.',
  'cause.other_account': 'Сессия принадлежит другому пользователю Telegram',
  'cause.other_account.do':
    'Задайте для этого пользователя другое имя в TELEGRAM_ACCOUNT или войдите прежним пользователем через `npm run login`; затем перезапустите сервис.',
  'cause.other_account.avoid': 'Не удаляйте ради этого DATA_DIR: там очередь и таблица чатов.',
  'cause.proxy_failed': 'Прокси не пропускает к Telegram',
  'cause.proxy_failed.do':
    'Проверьте, что прокси из `TELEGRAM_PROXY` работает и знает эти имя и пароль или секрет, либо укажите другой; шлюз подключится сам и отправит то, что ждёт.',
  'cause.proxy_failed.avoid':
    'Не входите заново и не перезапускайте раз за разом: с сессией всё в порядке, а очередь сохраняется.',
  'cause.telegram_unreachable': 'Telegram недоступен',
  'cause.telegram_unreachable.do':
    'Проверьте сеть, DNS и файрвол этой машины в сторону серверов Telegram; шлюз подключится сам и отправит то, что ждёт.',
  'cause.telegram_unreachable.avoid':
    'Не перезапускайте и не входите заново: сеть от этого не вернётся, а очередь сохраняется и так.',
  'cause.account_restricted': 'Telegram не принимает первые сообщения тем, кого нет в контактах (PEER_FLOOD)',
  'cause.account_restricted.do': 'Напишите @SpamBot в Telegram, чтобы узнать срок, и дождитесь его.',
  'cause.account_restricted.avoid':
    'Пока не пишите новым собеседникам вручную: от этого срок растёт. Остальные сообщения уходят, ставить на паузу ничего не нужно.',
  'cause.flood_loop': 'Петля flood wait: Telegram снова и снова заставляет аккаунт ждать',
  'cause.flood_loop.do':
    'Дождитесь конца паузы: очередь уйдёт сама. Для старых сервисов, которые обходят диалоги при каждом запуске, есть «Сбросить flood wait».',
  'cause.flood_loop.avoid':
    'Не перезапускайте и не обновляйте кэш: паузы сохраняются, а новый обход диалогов сразу получит следующую.',
  'cause.flood_wait': 'Telegram попросил подождать',
  'cause.flood_wait.do':
    'Дождитесь конца паузы: очередь уйдёт сама. Если такие паузы часты, снизьте темп аккаунта.',
  'cause.flood_wait.avoid':
    'Не перезапускайте и не отправляйте с этого аккаунта другими программами: пауза сохраняется, а вызовы во время неё её удлиняют.',
  'cause.empty_cache': 'Кэш чатов пуст',
  'cause.empty_cache.do':
    'Дождитесь конца обхода диалогов или обновите кэш, когда паузы закончатся; пока отправляйте по @username. Чата, который аккаунт никогда не открывал, в кэше нет.',
  'cause.empty_cache.avoid':
    'Не перезапускайте: начатый заново обход займёт больше времени и может кончиться паузой.',
  'cause.banned': 'Аккаунт забанен в чате',
  'cause.banned.do': 'Попросите администратора этих чатов снять бан или уберите их из рассылки.',
  'cause.banned.avoid': 'Не повторяйте отправку: это не поможет, а отказы вредят аккаунту.',
  'cause.persistent_timestamp': 'Обновления Telegram отстают (PersistentTimestamp)',
  'cause.persistent_timestamp.do':
    'Ничего: это касается приёма, а не отправки, и проходит само. Клиенту, который только отправляет, обновления не нужны; наши шлюзы их не запрашивают.',
  'cause.persistent_timestamp.avoid':
    'Не перезапускайте из-за этого: обход диалогов при запуске опаснее самой ошибки.',
};
