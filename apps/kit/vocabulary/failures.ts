/** Why an attempt with a message ended without sending it, or the message failed, and what was done otherwise than asked. */
const look = {
  en: 'look into the chat before sending it again',
  ru: 'загляните в чат, прежде чем отправлять снова',
};

export const failureWords = {
  telegram_answered: {
    en: 'Telegram answered {name} to {method}',
    ru: 'Telegram ответил {name} на {method}',
  },
  telegram_answered_only: { en: 'Telegram answered {name}', ru: 'Telegram ответил {name}' },
  telegram_refused: {
    en: '{reason}, for message {id} to chat {chat}',
    ru: '{reason}, сообщение {id} в чат {chat}',
  },
  message_held: { en: 'message {id} to chat {chat}: {reason}', ru: 'сообщение {id} в чат {chat}: {reason}' },
  message_unreached: {
    en: 'message {id} to chat {chat}: Telegram is out of reach ({reason}); it is sent as soon as that is over',
    ru: 'сообщение {id} в чат {chat}: нет связи с Telegram ({reason}); оно уйдёт, как только связь появится',
  },
  message_unanswered: {
    en: 'message {id} to chat {chat}: no answer from Telegram ({reason}); asking again whether it was sent',
    ru: 'сообщение {id} в чат {chat}: Telegram не ответил ({reason}); спрашиваем снова, отправлено ли оно',
  },
  files_unreadable: {
    en: 'message {id} to chat {chat}: its files cannot be read ({reason}); it is tried again',
    ru: 'сообщение {id} в чат {chat}: его файлы не читаются ({reason}); пробуем ещё раз',
  },
  internal_error: {
    en: 'message {id} to chat {chat}: an internal error; the log of this service has it under the message id',
    ru: 'сообщение {id} в чат {chat}: внутренняя ошибка; в журнале этого сервиса она по номеру сообщения',
  },
  not_offered: {
    en: 'the server does not offer {method} ({name})',
    ru: 'сервер не поддерживает {method} ({name})',
  },
  not_offered_only: {
    en: 'the server does not offer a method that this needs ({name})',
    ru: 'сервер не поддерживает нужный для этого метод ({name})',
  },
  message_not_offered: {
    en: 'message {id} to chat {chat}: {reason}',
    ru: 'сообщение {id} в чат {chat}: {reason}',
  },
  album_not_offered: {
    en: 'message {id} to chat {chat}: {reason}, which an album needs: send its files one by one',
    ru: 'сообщение {id} в чат {chat}: {reason}, а без него альбом не отправить: отправьте файлы по одному',
  },
  error_lasted: {
    en: '{reason}, for {minutes} minutes in which other calls of {method} succeeded: it was not sent',
    ru: '{reason}, и так {minutes} мин, хотя другие вызовы {method} удавались: сообщение не отправлено',
  },
  error_lasted_unknown: {
    en: `{reason}, for {minutes} minutes in which other calls of {method} succeeded: it may have been sent; ${look.en}`,
    ru: `{reason}, и так {minutes} мин, хотя другие вызовы {method} удавались: возможно, отправлено; ${look.ru}`,
  },
  never_answered: {
    en: `message {id} to chat {chat}: it may have been sent, and Telegram did not say so in {hours} h of asking ({reason}); ${look.en}`,
    ru: `сообщение {id} в чат {chat}: возможно, отправлено, за {hours} ч Telegram так и не ответил ({reason}); ${look.ru}`,
  },
  partly_sent: {
    en: '{reason}; before it, {count} of its texts were sent',
    ru: '{reason}; до этого из его текстов отправлено: {count}',
  },

  name_moved: {
    en: '{name}: the name leads to another chat by now',
    ru: '{name}: имя теперь ведёт в другой чат',
  },
  name_left: {
    en: '{name} is not the name of chat {chat} any more',
    ru: 'имя {name} чату {chat} больше не принадлежит',
  },
  lookup_held: { en: 'looking up {chat}: {reason}', ru: 'поиск {chat}: {reason}' },
  lookups_used_up: {
    en: 'the budget for looking up names is used up (LOOKUPS_PER_MIN, LOOKUPS_PER_DAY): {chat} is looked up as soon as there is one again',
    ru: 'лимит поиска имён исчерпан (LOOKUPS_PER_MIN, LOOKUPS_PER_DAY): {chat} будем искать, как только он позволит',
  },
  lookups_used_up_stale: {
    en: 'the budget for looking up names is used up (LOOKUPS_PER_MIN, LOOKUPS_PER_DAY); its owner was last seen {age_s} ago, and may be another by now: {chat} is looked up as soon as there is one again',
    ru: 'лимит поиска имён исчерпан (LOOKUPS_PER_MIN, LOOKUPS_PER_DAY); владельца имени видели {age_s} назад, теперь он может быть другим: {chat} будем искать, как только лимит позволит',
  },
  unknown_name: {
    en: '{chat} is not a name Telegram knows',
    ru: 'имени {chat} Telegram не знает',
    do: { en: 'check it, or send to a chat_id', ru: 'проверьте его или отправляйте по chat_id' },
  },
  unknown_chat: {
    en: 'chat {chat} is not known to this account',
    ru: 'чат {chat} этому аккаунту неизвестен',
    do: {
      en: 'open a dialog with it in Telegram and reload the cache (POST /reload_cache), or send to its username',
      ru: 'откройте с ним диалог в Telegram и перечитайте кеш (POST /reload_cache) или отправляйте по имени',
    },
  },
  name_not_looked_up: {
    en: '{chat} cannot be looked up by name: {reason}. Send to a chat_id, or open a dialog with it in Telegram and reload the cache (POST /reload_cache)',
    ru: '{chat} нельзя найти по имени: {reason}. Отправляйте по chat_id или откройте с ним диалог в Telegram и перечитайте кеш (POST /reload_cache)',
  },
  phone_not_looked_up: {
    en: '{chat} cannot be looked up by phone number: {reason}. Send to a chat_id or to its username, or open a dialog with it in Telegram and reload the cache (POST /reload_cache)',
    ru: '{chat} нельзя найти по номеру телефона: {reason}. Отправляйте по chat_id или по имени либо откройте с ним диалог в Telegram и перечитайте кеш (POST /reload_cache)',
  },

  strangers_used_up: {
    en: 'the budget of first messages to people who are not contacts (STRANGERS_PER_DAY) is used up for {left_s} more; all other messages go on',
    ru: 'лимит первых сообщений незнакомым (STRANGERS_PER_DAY) исчерпан ещё на {left_s}; остальные сообщения уходят',
  },
  was_out_of_reach: { en: 'Telegram was out of reach', ru: 'связи с Telegram не было' },
  was_paused: { en: 'sending was paused', ru: 'отправка была на паузе' },
  not_sent_in_time: { en: 'it could not be sent in time', ru: 'его не удалось отправить в срок' },
  message_not_in_time: {
    en: 'the message could not be sent in time',
    ru: 'сообщение не удалось отправить в срок',
  },
  message_cancelled: { en: 'the message was cancelled', ru: 'сообщение отменено' },
} as const;

/** Notes on messages that went out, or will. */
export const noteWords = {
  sent_to_old_owner: {
    en: '{chat} could not be looked up again, because the budget for that is used up: it goes to the chat that was last seen with the name {age_s} ago',
    ru: '{chat} не удалось найти заново, лимит поиска исчерпан: сообщение идёт в чат, у которого это имя видели {age_s} назад',
  },
  album_incomplete: {
    en: 'Telegram did not name items {items} of the album, and they were not found in the chat: look there before sending them again',
    ru: 'Telegram не назвал части альбома {items}, и в чате они не нашлись: загляните туда, прежде чем отправлять их снова',
  },
  id_without_mark: {
    en: 'no group with the id {given} is known, and a channel is: the message goes to {chat}, as its id is with -100',
    ru: 'группы с номером {given} нет, а канал есть: сообщение идёт в {chat}, это его номер вместе с -100',
  },
  formatting_cut: {
    en: 'Telegram keeps the first {most} formatted stretches of a message, and this one has {count}',
    ru: 'Telegram оставляет в сообщении первые фрагменты с форматированием ({most}), а в этом их {count}',
  },
  formatting_cut_text: {
    en: 'Telegram keeps the first {most} formatted stretches of a message, and this one has {count}: with split: true it is sent as several that keep them all',
    ru: 'Telegram оставляет в сообщении первые фрагменты с форматированием ({most}), а в этом их {count}: с split: true оно уйдёт несколькими, и сохранятся все',
  },
  photo_too_large: {
    en: '{field} goes as a document: a photo is at most {most} bytes, this one {size}',
    ru: '{field} уйдёт как документ: фото занимает не больше {most} байт, а это {size}',
  },
  photo_too_wide: {
    en: '{field} goes as a document: width and height of a photo are at most {most} px together, this one is {width} × {height}',
    ru: '{field} уйдёт как документ: ширина и высота фото вместе не больше {most} пикселей, а это {width} × {height}',
  },
  photo_too_narrow: {
    en: '{field} goes as a document: a photo is at most {most} times longer than wide, this one is {width} × {height}',
    ru: '{field} уйдёт как документ: длинная сторона фото не больше короткой в {most} раз, а это {width} × {height}',
  },
  thumbnail_left_out: {
    en: '{field} is left out: Telegram makes those of photos itself',
    ru: '{field} не отправляется: для фото Telegram делает миниатюры сам',
  },
} as const;
