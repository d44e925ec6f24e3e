/** What the checks of a gateway find, and what its storage fails with. */
export const healthWords = {
  dialogs_unread: {
    en: 'the first dialog sync has not finished; {size} chats are known',
    ru: 'первый обход диалогов не закончен; известно чатов: {size}',
  },
  dialogs_old: { en: 'the last dialog sync is long ago', ru: 'последний обход диалогов был давно' },
  dialogs_synced_recently: {
    en: 'the last dialog sync is too recent, or Telegram asked to wait: ask again in {left_s}',
    ru: 'диалоги обходили слишком недавно или Telegram попросил подождать: можно будет через {left_s}',
  },
  chats_known: { en: '{size} chats are known', ru: 'известно чатов: {size}' },
  chats_imported: {
    en: '{size} chats are known, as they were imported',
    ru: 'известно чатов: {size}, как их импортировали',
  },
  queue: { en: '{depth} wait', ru: 'ждёт: {depth}' },
  queue_old: { en: 'the oldest message has waited {age_s}', ru: 'самое старое сообщение ждёт {age_s}' },
  queue_unexplained: {
    en: 'messages wait, and nothing that is known holds them, for {age_s}: restart this service',
    ru: 'сообщения ждут уже {age_s}, и ничто известное их не держит: перезапустите этот сервис',
  },

  asked_to_wait: { en: 'Telegram asked to wait ({name})', ru: 'Telegram попросил подождать ({name})' },
  gate: {
    en: 'Flood wait on {scope} ({name}): {left_s} left',
    ru: 'Telegram попросил подождать с {scope} ({name}), ещё {left_s}',
  },
  gate_strangers: {
    en: 'Telegram refuses first messages to people who are not contacts ({name}), {left_s} left: these wait, and all others go on; write to @SpamBot in Telegram to learn for how long',
    ru: 'первые сообщения тем, кого нет в контактах, ждут ещё {left_s} ({name}), остальные уходят: срок скажет @SpamBot',
  },
  gates_of_chats: {
    en: '{count} chats are in slow mode: {left_s} left at most',
    ru: 'чатов в медленном режиме: {count}, не дольше {left_s}',
  },

  storage_unasked: {
    en: 'not known before the storage works',
    ru: 'неизвестно, пока хранилище не заработает',
  },
  database_answers: { en: 'the database answers', ru: 'база данных отвечает' },
  database_failed: {
    en: 'the database does not answer: {reason}',
    ru: 'база данных не отвечает: {reason}',
  },
  database_locked: {
    en: 'another process has locked the database, for {age_s} so far',
    ru: 'базу данных заблокировал другой процесс, уже {age_s}',
  },
  database_broken: {
    en: 'the database under DATA_DIR does not work ({error}): nothing was accepted',
    ru: 'база данных под DATA_DIR не работает ({error}): ничего не принято',
  },
  disk_full: {
    en: 'the disk is full: new messages are refused',
    ru: 'диск заполнен: новые сообщения не принимаются',
  },
  no_room: {
    en: 'no room to store the message: free disk space under DATA_DIR',
    ru: 'сообщение негде сохранить: освободите место на диске под DATA_DIR',
  },
  no_room_left: {
    en: 'no room to store it: free disk space under DATA_DIR, at least {least_bytes}',
    ru: 'сохранить негде: освободите место на диске под DATA_DIR, не меньше {least_bytes}',
  },
  disk_hangs: {
    en: 'the disk of DATA_DIR has not written a file in {limit_s}',
    ru: 'диск с DATA_DIR не записал файл за {limit_s}',
  },
  disk_failed: {
    en: 'the disk under DATA_DIR failed ({error}): what was just written may be kept and sent, or be gone; nothing more is accepted until this service is started again',
    ru: 'диск с DATA_DIR отказал ({error}): записанное только что может остаться и быть отправлено, а может пропасть; новое не принимается, пока сервис не запустят заново',
  },
  folder_gone: {
    en: '{folder} is gone ({error}): mount its disk again, or restore a backup',
    ru: 'папки {folder} нет ({error}): подключите её диск или восстановите резервную копию',
  },
  folder_forbidden: {
    en: '{folder} cannot be written by this user: set DATA_DIR to a folder of this user',
    ru: 'в {folder} этому пользователю не записать: задайте в DATA_DIR его папку',
  },
  folder_read_only: {
    en: 'the disk of {folder} is mounted read-only: dmesg says why; remount it',
    ru: 'диск с {folder} доступен только для чтения: причину скажет dmesg; подключите его заново',
  },
  folder_full: {
    en: 'the disk of {folder} is full: free some of it (df -h, df -i)',
    ru: 'на диске с {folder} нет места: освободите его (df -h, df -i)',
  },
  folder_quota: {
    en: 'the quota of the disk of {folder} is used up: free some of it, or raise the quota',
    ru: 'квота на диске с {folder} исчерпана: освободите место или увеличьте её',
  },
  folder_broken: {
    en: 'the disk of {folder} fails ({error}): restore a backup to another one',
    ru: 'диск с {folder} сбоит ({error}): восстановите резервную копию на другой',
  },
  folder_failed: {
    en: 'nothing can be kept under {folder}: {error}',
    ru: 'в {folder} ничего не сохранить: {error}',
  },
  no_descriptors: {
    en: 'this process has no file descriptor left ({error}): raise its limit (LimitNOFILE, ulimit -n)',
    ru: 'у процесса кончились файловые дескрипторы ({error}): поднимите предел (LimitNOFILE, ulimit -n)',
  },
  not_accepted: { en: '{reason}; nothing was accepted', ru: '{reason}; ничего не принято' },
} as const;
