/** Why a message waits. */
export const waitingWords = {
  storage_failed: { en: 'the storage does not work: {reason}', ru: 'хранилище не работает: {reason}' },
  storage_locked: {
    en: 'another process has locked the database',
    ru: 'базу данных заблокировал другой процесс',
  },
  paused: { en: 'sending is paused', ru: 'отправка на паузе' },
  account_connecting: { en: 'no connection to Telegram: {reason}', ru: 'нет связи с Telegram: {reason}' },
  account_signed_out: {
    en: 'the account is signed out: {reason}',
    ru: 'аккаунт вышел из Telegram: {reason}',
  },
  account_unconfirmed: {
    en: 'the account may be signed out: {reason}',
    ru: 'аккаунт, возможно, вышел из Telegram: {reason}',
  },
  account_frozen: { en: 'the account is frozen: {reason}', ru: 'аккаунт заморожен: {reason}' },
  flood_wait: {
    en: 'Flood wait on {method} ({name}): {left_s} left',
    ru: 'Telegram попросил подождать с {method} ({name}), ещё {left_s}',
  },
  peer_flood: {
    en: 'Telegram refuses first messages to people who are not contacts ({name}): {left_s} left',
    ru: 'Telegram не даёт аккаунту писать незнакомым ({name}), ещё {left_s}',
  },
  peer_flood_chat: {
    en: 'Telegram refuses messages to chat {chat} ({name}): {left_s} left',
    ru: 'Telegram не принимает сообщения в чат {chat} ({name}), ещё {left_s}',
  },
  strangers_budget: {
    en: 'the budget of first messages to people who are not contacts is {per_day} a day (STRANGERS_PER_DAY): {left_s} left',
    ru: 'лимит первых сообщений незнакомым — {per_day} в день (STRANGERS_PER_DAY) — исчерпан, ещё {left_s}',
  },
  slow_mode: {
    en: 'chat {chat} is in slow mode ({name}): {left_s} left',
    ru: 'в чате {chat} медленный режим ({name}), ещё {left_s}',
  },
  earlier_message: {
    en: 'message {id} to the same chat goes first',
    ru: 'сначала уйдёт сообщение {id} в тот же чат',
  },
  walk: {
    en: '{chat} is not known yet: the dialogs are still being read',
    ru: 'чат {chat} пока неизвестен: диалоги ещё читаются',
  },
  lookup: { en: 'Telegram is being asked for {chat}', ru: 'спрашиваем Telegram, кто такой {chat}' },
  lookup_budget: {
    en: '{chat} is looked up when the budget for that (LOOKUPS_PER_MIN, LOOKUPS_PER_DAY) allows',
    ru: '{chat} ещё не искали: лимит поиска имён (LOOKUPS_PER_MIN, LOOKUPS_PER_DAY) исчерпан',
  },
  lookup_failed: {
    en: 'looking up {chat} failed ({reason}), and is tried again',
    ru: 'найти {chat} не удалось ({reason}), пробуем ещё раз',
  },
  telegram_error: {
    en: 'Telegram answered {name} to {method}, and is asked again',
    ru: 'Telegram ответил {name} на {method}, спрашиваем ещё раз',
  },
  connection_lost: {
    en: 'the message did not reach Telegram ({reason}), and goes out again',
    ru: 'сообщение не дошло до Telegram ({reason}), отправляем ещё раз',
  },
  unanswered: {
    en: 'no answer came ({reason}): Telegram is asked again whether the message was sent',
    ru: 'ответа не было ({reason}): спрашиваем Telegram, отправлено ли сообщение',
  },
  service_stops: { en: 'this service stops', ru: 'сервис останавливается' },
  service_stopped: { en: 'the service stopped', ru: 'сервис остановился' },
  pace_chat: {
    en: 'the pace of a chat is {rate} a second (PACE_CHAT_PER_S)',
    ru: 'не чаще {rate} в секунду в один чат (PACE_CHAT_PER_S)',
  },
  pace_group: {
    en: 'the pace of a group is {rate} a minute (PACE_GROUP_PER_MIN)',
    ru: 'не чаще {rate} в минуту в одну группу (PACE_GROUP_PER_MIN)',
  },
  pace_account: {
    en: 'the pace of the account is {rate} a second',
    ru: 'не чаще {rate} в секунду с аккаунта',
  },
  busy: {
    en: '{count} other chats are being sent to (SEND_CONCURRENCY)',
    ru: 'сейчас отправляется в другие чаты: {count} (SEND_CONCURRENCY)',
  },
} as const;
