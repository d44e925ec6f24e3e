/** How an account stands with Telegram, its connection included. */
export const accountWords = {
  telegram: { en: 'Telegram: {reason}', ru: 'Telegram: {reason}' },
  telegram_answers: { en: 'Telegram answers', ru: 'Telegram отвечает' },
  connecting: { en: 'connecting', ru: 'подключается' },
  not_connected: { en: 'not connected to Telegram yet', ru: 'ещё не подключён к Telegram' },
  link_lost: { en: 'the connection to Telegram was lost', ru: 'соединение с Telegram потеряно' },
  account_closed: { en: 'closed', ru: 'закрыт' },
  signed_in: { en: 'signed in', ru: 'вход в аккаунт выполнен' },
  sign_in_unknown: {
    en: 'not known until Telegram answers',
    ru: 'выполнен ли вход в аккаунт, неизвестно, пока Telegram не ответит',
  },
  server_errors: {
    en: 'Telegram answers {name} to {method}: {count} times in a row, for {age_s}',
    ru: 'Telegram отвечает {name} на {method}: подряд {count}, уже {age_s}',
  },

  session_unconfirmed: {
    en: 'Telegram says that it does not know the session ({error})',
    ru: 'Telegram отвечает, что не знает эту сессию ({error})',
    do: {
      en: 'wait up to 5 minutes: the gateway asks again over new connections and keeps the queue',
      ru: 'подождите до 5 минут, шлюз переспрашивает через новые соединения, а очередь сохраняется',
    },
  },
  session_revoked: {
    en: 'Telegram ended the session ({error})',
    ru: 'Telegram завершил сессию ({error})',
    do: {
      en: "look in Telegram's list of devices for who ended it, sign in again with npm run login, then restart this service",
      ru: 'посмотрите в списке устройств Telegram, кто это сделал, войдите заново через npm run login и перезапустите сервис',
    },
  },
  session_lost_for_good: {
    en: 'Telegram does not know the session any more, several connections confirmed it ({error})',
    ru: 'Telegram больше не знает эту сессию, это подтвердили несколько соединений ({error})',
    do: {
      en: "look in Telegram's list of devices for who ended it, sign in again with npm run login, then restart this service",
      ru: 'посмотрите в списке устройств Telegram, кто её завершил, войдите заново через npm run login и перезапустите сервис',
    },
  },
  session_used_twice: {
    en: 'Two programs used the session at once, and Telegram ended it ({error})',
    ru: 'сессией пользовались две программы сразу, и Telegram её завершил ({error})',
    do: {
      en: 'stop the other program, sign in again with npm run login, then restart this service',
      ru: 'остановите вторую программу, войдите заново через npm run login и перезапустите сервис',
    },
  },
  account_deactivated: {
    en: 'The Telegram account is deleted or deactivated ({error})',
    ru: 'аккаунт Telegram удалён или деактивирован ({error})',
    do: {
      en: 'ask https://telegram.org/support, or sign another account in with npm run login',
      ru: 'обратитесь на https://telegram.org/support или войдите в другой аккаунт через npm run login',
    },
  },
  account_banned: {
    en: 'Telegram banned the account ({error})',
    ru: 'Telegram заблокировал аккаунт ({error})',
    do: {
      en: 'write its phone number to recover@telegram.org, or sign another account in with npm run login',
      ru: 'напишите на recover@telegram.org, указав его номер, или войдите в другой аккаунт через npm run login',
    },
  },
  never_signed_in: {
    en: 'Nobody has signed in with this session ({error})',
    ru: 'в эту сессию никто не входил ({error})',
    do: {
      en: 'sign in with npm run login, then restart this service',
      ru: 'войдите через npm run login и перезапустите сервис',
    },
  },
  other_account: {
    en: 'the session is of another Telegram user than the data of the account {account}',
    ru: 'сессия другого пользователя Telegram, а не того, чьи данные хранит аккаунт {account}',
    do: {
      en: 'set TELEGRAM_ACCOUNT to a name of its own, or sign in as the user it was',
      ru: 'задайте для неё другое имя в TELEGRAM_ACCOUNT или войдите прежним пользователем',
    },
  },
  frozen: {
    en: 'Telegram froze the account, it may read and not send',
    ru: 'Telegram заморозил аккаунт, читать можно, отправлять нельзя',
    do: {
      en: 'appeal at {appeal}, signed in as this account',
      ru: 'подайте апелляцию на {appeal} от имени этого аккаунта',
    },
  },
  frozen_since: {
    en: 'Telegram froze the account on {since_day}, it may read and not send',
    ru: 'Telegram заморозил аккаунт {since_day}, читать можно, отправлять нельзя',
    do: {
      en: 'appeal at {appeal}, signed in as this account',
      ru: 'подайте апелляцию на {appeal} от имени этого аккаунта',
    },
  },
  frozen_until: {
    en: 'Telegram froze the account on {since_day}, it may read and not send',
    ru: 'Telegram заморозил аккаунт {since_day}, читать можно, отправлять нельзя',
    do: {
      en: 'appeal at {appeal}, signed in as this account by {until_day}, when Telegram deletes it',
      ru: 'подайте апелляцию на {appeal} от имени этого аккаунта до {until_day}, иначе Telegram его удалит',
    },
  },
  held: {
    en: 'Telegram asked to wait ({error}) before the account connects',
    ru: 'Telegram попросил подождать ({error}), прежде чем аккаунт подключится',
    do: {
      en: 'wait, it connects by itself, and a restart does not shorten it',
      ru: 'подождите, он подключится сам, а перезапуск паузу не сократит',
    },
  },

  unreachable_refused: {
    en: '{address} refuses the connection ({error})',
    ru: '{address} отклоняет соединение ({error})',
    do: {
      en: 'look at the firewall of this machine, and at TELEGRAM_DC if it is set',
      ru: 'проверьте файрвол этой машины и, если задан, TELEGRAM_DC',
    },
  },
  unreachable_timeout: {
    en: '{address} does not answer ({error})',
    ru: '{address} не отвечает ({error})',
    do: { en: "look at this machine's network and firewall", ru: 'проверьте сеть и файрвол этой машины' },
  },
  unreachable_name_not_found: {
    en: '{address} cannot be found by its name ({error})',
    ru: 'имя {address} не находится ({error})',
    do: {
      en: "look at TELEGRAM_DC and at this machine's DNS",
      ru: 'проверьте TELEGRAM_DC и DNS этой машины',
    },
  },
  unreachable_no_route: {
    en: '{address} cannot be reached from this network ({error})',
    ru: 'до {address} из этой сети нет пути ({error})',
    do: { en: "look at this machine's network and routes", ru: 'проверьте сеть и маршруты этой машины' },
  },
  unreachable_cut: {
    en: '{address} cuts the connection ({error})',
    ru: '{address} обрывает соединение ({error})',
    do: {
      en: 'look for a firewall or a filter on the way, and at TELEGRAM_DC if it is set',
      ru: 'ищите файрвол или фильтр на пути и проверьте TELEGRAM_DC, если он задан',
    },
  },
  unreachable_transport: {
    en: '{address} refuses us with an error of the transport ({error})',
    ru: 'Telegram на {address} не принимает шлюз, ошибка {error}',
    do: {
      en: 'wait: the gateway asks again with pauses, and each restart adds a connection',
      ru: 'подождите, шлюз пробует снова с паузами, а каждый перезапуск добавляет подключение',
    },
  },
  unreachable_other: {
    en: '{address} cannot be connected to ({error})',
    ru: 'не удаётся подключиться к {address} ({error})',
    do: {
      en: 'read the log of this service for the error',
      ru: 'подробности в журнале этого сервиса',
    },
  },

  proxy_unreachable: {
    en: 'the proxy {address} cannot be reached ({error})',
    ru: 'прокси {address} недоступен ({error})',
    do: {
      en: 'start it, or set TELEGRAM_PROXY to another',
      ru: 'запустите его или укажите другой в TELEGRAM_PROXY',
    },
  },
  proxy_user: {
    en: 'the proxy {address} refused the user and password ({error})',
    ru: 'прокси {address} не принял имя и пароль ({error})',
    do: {
      en: 'set TELEGRAM_PROXY with those that the proxy knows',
      ru: 'укажите в TELEGRAM_PROXY те, что он знает',
    },
  },
  proxy_secret: {
    en: 'the proxy {address} refused the secret ({error})',
    ru: 'прокси {address} не принял секрет ({error})',
    do: {
      en: 'set TELEGRAM_PROXY with the secret as it was given, and look whether the proxy itself reaches Telegram',
      ru: 'укажите в TELEGRAM_PROXY его секрет и проверьте, достаёт ли он сам до Telegram',
    },
  },
  proxy_onward: {
    en: 'the proxy {address} does not reach Telegram ({error})',
    ru: 'прокси {address} не достаёт до Telegram ({error})',
    do: {
      en: 'look at the network of the proxy, or set TELEGRAM_PROXY to another',
      ru: 'проверьте его сеть или укажите другой в TELEGRAM_PROXY',
    },
  },
} as const;
