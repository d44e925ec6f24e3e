/** What diagnostics say, in the languages of the page. Telegram's own names and lines of logs stay as they are. */
import type { CauseId, PhraseId } from './causes.ts';
import type { DetailId } from './checks.ts';

export const languages = ['en', 'ru'] as const;
export type Language = (typeof languages)[number];

interface Words {
  readonly causes: Readonly<Record<CauseId, { readonly title: string; readonly advice: string }>>;
  /** `{name}` is replaced by the value of that name. */
  readonly phrases: Readonly<Record<PhraseId, string>>;
  readonly details: Readonly<Record<DetailId, string>>;
  readonly times: string;
}

const en: Words = {
  causes: {
    port_taken: {
      title: 'Another program holds the port',
      advice: 'Stop the program that listens there, or set PORT to another; then start the service.',
    },
    not_running: {
      title: 'The service is not running',
      advice: 'Start it. Messages that were accepted before are kept and will be sent.',
    },
    disk_full: {
      title: 'The disk is full',
      advice:
        'Free room where DATA_DIR lies, or lower RETAIN_DAYS and SPOOL_LIMIT_MB. What was accepted is not lost.',
    },
    clock_wrong: {
      title: "This machine's clock is wrong",
      advice:
        'Switch time synchronisation on (timedatectl set-ntp true), then restart the services: Telegram drops what comes from another time.',
    },
    two_clients: {
      title: 'Two clients use one session',
      advice:
        'Stop the other program that uses this session (an old service, a copy of the folder), then sign in anew with `npm run login`: each gateway needs a session of its own.',
    },
    session_revoked: {
      title: 'The session is over: the account must sign in again',
      advice:
        'Run `npm run login` and restart the service. Restarting alone changes nothing; the queue is kept meanwhile.',
    },
    telegram_unreachable: {
      title: 'Telegram is out of reach',
      advice:
        "Check the network, DNS and firewall of this machine towards Telegram's data centres; the gateway connects again by itself and sends what waits.",
    },
    account_restricted: {
      title: 'Telegram restricts the account (PEER_FLOOD)',
      advice:
        'Write to @SpamBot in Telegram to learn for how long. Send to nobody new meanwhile, and do not retry: that makes it longer.',
    },
    flood_loop: {
      title: 'Flood loop: Telegram makes the account wait again and again',
      advice:
        'Wait it out. Do not restart and do not reload the cache: waits persist, and a new walk over the dialogs is flooded at once. For old services that walk at every start use Clear flood wait.',
    },
    empty_cache: {
      title: 'The cache of chats is empty',
      advice:
        'Wait for the walk over the dialogs to end, or reload the cache once no wait runs; meanwhile send to @usernames. A chat that the account never opened is not in it.',
    },
    banned: {
      title: 'The account is banned in a chat',
      advice:
        'Ask an administrator of these chats to lift the ban, or take them off the list: trying again does not help.',
    },
    persistent_timestamp: {
      title: 'Updates of Telegram lag behind (PersistentTimestamp)',
      advice:
        'This concerns receiving, not sending, and passes by itself. A client that only sends should ask for no updates; our gateways do not.',
    },
  },
  phrases: {
    state: 'state: {state} {detail}',
    port_held: 'port {port} is held by {owner} though the service does not run',
    disk_free: '{bytes} bytes are free',
    clock_ahead: 'the clock is {seconds} s ahead',
    told: '{detail}',
    gate: '{scope}: closed for {seconds} s more',
    waits: '{count} waits in the last hour, the longest of {longest} s',
    cache_size: '{size} chats are known',
    chats: 'chats: {chats}',
  },
  details: {
    state: '{state} {detail}',
    unavailable: '{detail}',
    listening: 'port {port} is open{owner}',
    not_listening: 'nothing listens on port {port}: {detail}',
    foreign: 'port {port} is held by another program{owner}',
    answered: '{status} in {ms} ms {detail}',
    no_answer: '{detail}',
    not_told: 'the service does not tell',
    told: '{detail}',
    stats: '{version}, queue {depth}, up for {uptime} s',
    cache: '{size} chats are known',
    no_errors: 'no errors',
    errors: '{count} lines, the last: {last}',
    disk: '{free} GB of {total} GB are free',
    clock: '{seconds} s off',
    clock_unknown: 'could not be compared: {detail}',
  },
  times: '{count} times',
};

const ru: Words = {
  causes: {
    port_taken: {
      title: 'Порт занят другой программой',
      advice:
        'Остановите программу, которая слушает этот порт, или задайте другой PORT; затем запустите сервис.',
    },
    not_running: {
      title: 'Сервис не запущен',
      advice: 'Запустите его. Принятые раньше сообщения сохранены и будут отправлены.',
    },
    disk_full: {
      title: 'Диск заполнен',
      advice:
        'Освободите место там, где лежит DATA_DIR, или уменьшите RETAIN_DAYS и SPOOL_LIMIT_MB. Принятое не потеряно.',
    },
    clock_wrong: {
      title: 'Часы этой машины идут неверно',
      advice:
        'Включите синхронизацию времени (timedatectl set-ntp true) и перезапустите сервисы: Telegram отбрасывает то, что пришло из другого времени.',
    },
    two_clients: {
      title: 'Два клиента используют одну сессию',
      advice:
        'Остановите вторую программу с этой сессией (старый сервис, копию папки) и войдите заново через `npm run login`: каждому шлюзу нужна своя сессия.',
    },
    session_revoked: {
      title: 'Сессия завершена: аккаунт должен войти заново',
      advice:
        'Выполните `npm run login` и перезапустите сервис. Один перезапуск ничего не изменит; очередь тем временем сохраняется.',
    },
    telegram_unreachable: {
      title: 'Telegram недоступен',
      advice:
        'Проверьте сеть, DNS и файрвол этой машины в сторону серверов Telegram; шлюз подключится сам и отправит то, что ждёт.',
    },
    account_restricted: {
      title: 'Telegram ограничил аккаунт (PEER_FLOOD)',
      advice:
        'Напишите @SpamBot в Telegram, чтобы узнать срок. Пока не пишите новым собеседникам и не повторяйте: от этого срок растёт.',
    },
    flood_loop: {
      title: 'Петля flood wait: Telegram снова и снова заставляет аккаунт ждать',
      advice:
        'Дождитесь конца паузы. Не перезапускайте и не обновляйте кэш: паузы сохраняются, а новый обход диалогов сразу получит следующую. Для старых сервисов, которые обходят диалоги при каждом запуске, есть «Сбросить flood wait».',
    },
    empty_cache: {
      title: 'Кэш чатов пуст',
      advice:
        'Дождитесь конца обхода диалогов или обновите кэш, когда паузы закончатся; пока отправляйте по @username. Чата, который аккаунт никогда не открывал, в нём нет.',
    },
    banned: {
      title: 'Аккаунт забанен в чате',
      advice: 'Попросите администратора этих чатов снять бан или уберите их из рассылки: повторы не помогут.',
    },
    persistent_timestamp: {
      title: 'Обновления Telegram отстают (PersistentTimestamp)',
      advice:
        'Это касается приёма, а не отправки, и проходит само. Клиенту, который только отправляет, обновления не нужны; наши шлюзы их не запрашивают.',
    },
  },
  phrases: {
    state: 'состояние: {state} {detail}',
    port_held: 'порт {port} занят: {owner}, хотя сервис не запущен',
    disk_free: 'свободно {bytes} байт',
    clock_ahead: 'часы спешат на {seconds} с',
    told: '{detail}',
    gate: '{scope}: пауза ещё {seconds} с',
    waits: 'пауз за последний час: {count}, самая долгая {longest} с',
    cache_size: 'известно чатов: {size}',
    chats: 'чаты: {chats}',
  },
  details: {
    state: '{state} {detail}',
    unavailable: '{detail}',
    listening: 'порт {port} открыт{owner}',
    not_listening: 'порт {port} никто не слушает: {detail}',
    foreign: 'порт {port} занят другой программой{owner}',
    answered: '{status} за {ms} мс {detail}',
    no_answer: '{detail}',
    not_told: 'сервис этого не сообщает',
    told: '{detail}',
    stats: '{version}, очередь {depth}, работает {uptime} с',
    cache: 'известно чатов: {size}',
    no_errors: 'ошибок нет',
    errors: 'строк: {count}, последняя: {last}',
    disk: 'свободно {free} ГБ из {total} ГБ',
    clock: 'отклонение {seconds} с',
    clock_unknown: 'сравнить не удалось: {detail}',
  },
  times: '{count} раз',
};

export const wordsOf: Readonly<Record<Language, Words>> = { en, ru };

/** A sentence with its values in place. */
export function fill(sentence: string, values: Readonly<Record<string, string | number>>): string {
  return sentence.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? '')).trim();
}
