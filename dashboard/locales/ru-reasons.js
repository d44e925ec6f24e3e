/** Почему сообщение ждёт. */

/** @type {typeof import('./en-reasons.js').enReasons} */
export const ruReasons = {
  'reason.storage_failed': 'хранилище не работает: {reason}',
  'reason.storage_locked': 'базу данных заблокировал другой процесс',
  'reason.paused': 'отправка на паузе',
  'reason.account_connecting': 'нет связи с Telegram: {reason}',
  'reason.account_signed_out': 'аккаунт вышел из Telegram: {reason}',
  'reason.account_unconfirmed': 'аккаунт, возможно, вышел из Telegram: {reason}',
  'reason.account_frozen': 'аккаунт заморожен: {reason}',
  'reason.flood_wait': 'Telegram попросил подождать с {method} ({name}), ещё {left_s}',
  'reason.peer_flood': 'Telegram не даёт аккаунту писать незнакомым ({name}), ещё {left_s}',
  'reason.peer_flood_chat': 'Telegram не принимает сообщения в чат {chat} ({name}), ещё {left_s}',
  'reason.strangers_budget':
    'лимит первых сообщений незнакомым — {per_day} в день (STRANGERS_PER_DAY) — исчерпан, ещё {left_s}',
  'reason.slow_mode': 'в чате {chat} медленный режим ({name}), ещё {left_s}',
  'reason.earlier_message': 'сначала уйдёт сообщение {id} в тот же чат',
  'reason.walk': 'чат {chat} пока неизвестен: диалоги ещё читаются',
  'reason.lookup': 'спрашиваем Telegram, кто такой {chat}',
  'reason.lookup_budget':
    '{chat} ещё не искали: лимит поиска имён (LOOKUPS_PER_MIN, LOOKUPS_PER_DAY) исчерпан',
  'reason.lookup_failed': 'найти {chat} не удалось ({reason}), пробуем ещё раз',
  'reason.telegram_error': 'Telegram ответил {name} на {method}, спрашиваем ещё раз',
  'reason.connection_lost': 'сообщение не дошло до Telegram ({reason}), отправляем ещё раз',
  'reason.unanswered': 'ответа не было ({reason}): спрашиваем Telegram, отправлено ли сообщение',
  'reason.pace_chat': 'не чаще {rate} в секунду в один чат',
  'reason.pace_group': 'не чаще {rate} в минуту в одну группу',
  'reason.pace_account': 'не чаще {rate} в секунду с аккаунта',
  'reason.busy': 'сейчас отправляется в другие чаты: {count}',
};
