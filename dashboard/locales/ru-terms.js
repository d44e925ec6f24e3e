/** Words for names that come from the monitor, in Russian; the same keys as in English. */

/** @type {typeof import('./en-terms.js').enTerms} */
export const ruTerms = {
  'class.persistent_timestamp': 'PersistentTimestamp',
  'class.cannot_resolve': 'Cannot resolve',
  'class.flood_wait': 'FloodWait',
  'class.other': 'другие',
  'class.slow_mode': 'медленный режим',
  'class.peer_flood': 'PeerFlood',
  'class.banned': 'бан в чате',
  'class.write_forbidden': 'писать запрещено',
  'class.privacy': 'приватность получателя',
  'class.session_lost': 'сессия потеряна',
  'class.account_frozen': 'аккаунт заморожен',
  'class.outcome_unknown': 'исход неизвестен',
  'class.telegram_unavailable': 'Telegram недоступен',
  'class.telegram_error': 'ошибка Telegram',
  'class.media_invalid': 'медиа не принято',
  'class.text_too_long': 'текст слишком длинный',
  'class.overloaded': 'слишком много больших запросов',
  'class.queue_full': 'очередь полна',
  'class.storage_full': 'диск заполнен',
  'class.storage_failed': 'сбой хранилища',
  'class.internal': 'ошибка программы',
  'means.persistent_timestamp':
    'Telegram не смог отдать обновления с последнего известного состояния. Отправка продолжается; если это надолго, перезапустите сервис.',
  'means.cannot_resolve':
    'Аккаунт не знает этот чат. Откройте с ним диалог, укажите username или обновите кэш.',
  'means.flood_wait':
    'Telegram попросил подождать. Сообщения остаются в очереди и уйдут сами, когда пауза кончится.',
  'means.slow_mode': 'В чате нельзя писать чаще. Сообщение уйдёт, когда станет можно.',
  'means.peer_flood': 'Первые сообщения тем, кого нет в контактах, ждут. Надолго ли, скажет @SpamBot.',
  'means.banned': 'Аккаунт забанен в этом чате. Изменить это могут только его админы.',
  'means.write_forbidden': 'Аккаунту нельзя писать в этот чат.',
  'means.session_lost':
    'Аккаунт больше не может отправлять: сессия завершена или под сомнением, либо аккаунт удалён или заблокирован. Что именно и что делать, сказано на карточке сервиса.',
  'means.account_frozen':
    'Telegram заморозил аккаунт: он может читать, но не писать. Подайте апелляцию через @SpamBot; сообщения пока ждут.',
  'means.outcome_unknown':
    'Возможно, сообщение отправлено, но Telegram этого не подтвердил. Прежде чем отправлять снова, загляните в чат.',
  'means.telegram_unavailable': 'До Telegram не достучаться. Сервис подключится снова сам.',
  'means.storage_full': 'Диск заполнен. Освободите место; до тех пор новые сообщения не принимаются.',
  'means.storage_failed':
    'Сообщения не записываются на диск или не читаются с него. Проверьте диск и права на него.',
  'audit.start': 'Запустить',
  'audit.stop': 'Остановить',
  'audit.restart': 'Перезапустить',
  'audit.reload-cache': 'Обновить кэш',
  'audit.pause': 'Пауза',
  'audit.resume': 'Продолжить',
  'audit.retry-message': 'Повторить сообщение',
  'audit.retry-messages': 'Повторить все сообщения',
  'audit.cancel-message': 'Отменить сообщение',
  'audit.clear-flood-wait': 'Сбросить flood wait',
};
