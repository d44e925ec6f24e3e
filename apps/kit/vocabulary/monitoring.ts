/** What the monitor says of services, of what keeps them running, and of what it does to them. */
export const monitoringWords = {
  no_answer: { en: 'no answer', ru: 'нет ответа' },
  no_answer_in: { en: 'no answer in {limit_s}', ru: 'нет ответа за {limit_s}' },
  no_answer_code: { en: 'no answer ({error})', ru: 'нет ответа ({error})' },
  no_answer_because: { en: 'no answer: {reason}', ru: 'нет ответа: {reason}' },
  connection_refused: { en: 'connection refused', ru: 'в соединении отказано' },
  answered: { en: 'answered {status}', ru: 'ответил HTTP {status}' },
  service_answered: { en: 'the service answered {status}', ru: 'сервис ответил {status}' },
  stopped_by_procedure: {
    en: 'stopped by clear-flood-wait',
    ru: 'остановлен процедурой «Сбросить flood wait»',
  },
  unreadable: { en: '{path}: {reason}', ru: '{path} читается не полностью: {reason}' },
  not_metrics: {
    en: 'line {line} is not in the text format of Prometheus',
    ru: 'строка {line} не в текстовом формате Prometheus',
  },
  not_json: { en: 'not a JSON object', ru: 'это не объект JSON' },
  silent: { en: '{label} does not answer on {address}', ru: '{label} не отвечает на {address}' },
  token_needed: {
    en: 'the service refused the monitor: set GATEWAY_TOKEN to a token that may read and control it',
    ru: 'сервис не пустил монитор: задайте GATEWAY_TOKEN с правом читать и управлять',
  },
  no_service: {
    en: 'there is no service named {name}; there are {names}',
    ru: 'сервиса {name} нет; есть {names}',
  },
  no_line: {
    en: 'there is no line {line}, or it was dropped for newer ones',
    ru: 'строки {line} нет, или она вытеснена более новыми',
  },
  delayed_start: {
    en: 'delayed until {until_at}: another service of the account was started just now',
    ru: 'отложено до {until_at}: другой сервис аккаунта запущен только что',
  },
  unrecorded: {
    en: 'It was done, but the monitor cannot write under DATA_DIR, and forgets who did it when it stops',
    ru: 'Это сделано, но монитор не может писать в DATA_DIR: кто это сделал, забудется с его остановкой',
  },
  of_account: { en: 'account {account}', ru: 'аккаунт {account}' },

  exit_code: { en: 'exit code {status}', ru: 'завершился с кодом {status}' },
  exit_because: { en: 'exit code {status}; {reason}', ru: 'завершился с кодом {status}; {reason}' },
  ended_by_signal: { en: 'ended by signal {signal}', ru: 'завершён сигналом {signal}' },
  out_of_memory: { en: 'out of memory', ru: 'не хватило памяти' },
  not_in_time: { en: 'it did not start or stop in time', ru: 'не успел запуститься или остановиться' },
  watchdog: { en: 'its watchdog got no sign of life', ru: 'не подавал признаков жизни' },
  too_often: {
    en: 'it was started too often in too short a time',
    ru: 'запускался слишком часто за короткое время',
  },
  lacks_resources: {
    en: 'the system lacks what it needs to start',
    ru: 'системе не хватает нужного для запуска',
  },
  never_ready: { en: 'it did not tell systemd that it was ready', ru: 'не сообщил systemd о готовности' },
  unit_masked: { en: 'the unit is masked', ru: 'юнит замаскирован' },
  unit_wrong: { en: 'the unit file is wrong ({error})', ru: 'файл юнита неверен ({error})' },
  port_in_use: {
    en: 'port {port} is in use: set {setting} to another',
    ru: 'порт {port} занят: освободите его или задайте другой {setting}',
  },
  settings_wrong: { en: 'settings are wrong: {problems}', ru: 'настройки неверны: {problems}' },

  watched_launched: {
    en: 'it is only watched: npm start runs no {name}',
    ru: 'только наблюдение: npm start не запускает {name}',
  },
  watched_container: {
    en: 'it is only watched: SERVICES names no container for it',
    ru: 'только наблюдение: в SERVICES для него нет контейнера',
  },
  watched_unit: {
    en: 'it is only watched: SERVICES names no unit of systemd for it',
    ru: 'только наблюдение: в SERVICES для него нет юнита systemd',
  },
  no_supervisor: {
    en: 'nothing that starts and stops services is configured: set SUPERVISOR',
    ru: 'не настроено, чем запускать и останавливать сервисы: задайте SUPERVISOR',
  },
  no_launcher: {
    en: 'the monitor was not started by npm start: LAUNCHER_SOCKET is not set',
    ru: 'монитор запущен не через npm start: LAUNCHER_SOCKET не задан',
  },
  launcher_silent: {
    en: 'npm start does not answer on its socket: {reason}',
    ru: 'npm start не отвечает на своём сокете: {reason}',
  },
  unexpected_answer: {
    en: '{path} answers otherwise than expected',
    ru: '{path} отвечает не так, как ожидалось',
  },
  nothing_in: { en: 'nothing in {limit_ms}', ru: 'ничего за {limit_ms}' },
  no_socket: { en: 'there is no socket {path}', ru: 'сокета {path} нет' },
  socket_denied: {
    en: "the socket {path} may not be used by the monitor's user",
    ru: 'сокет {path} недоступен пользователю монитора',
  },
  nothing_listens: { en: 'nothing listens at {address}', ru: 'на {address} никто не слушает' },
  no_host: { en: 'nothing is known by the name {name}', ru: 'имя {name} никому не известно' },
  no_program: { en: 'there is no {program} on this machine', ru: 'на этой машине нет {program}' },
  program_denied: {
    en: '{program} may not be run by this user',
    ru: '{program} нельзя запустить от этого пользователя',
  },
  program_failed: { en: '{program} cannot be run ({error})', ru: '{program} не запускается ({error})' },
  program_silent: { en: '{program} gave no answer in {limit_ms}', ru: '{program} не ответил за {limit_ms}' },
  systemd_silent: { en: 'systemd does not answer: {reason}', ru: 'systemd не отвечает: {reason}' },
  no_unit: { en: 'systemd has no unit named {unit}', ru: 'у systemd нет юнита {unit}' },
  no_polkit: {
    en: "the monitor's user may not {verb} {unit}: a polkit rule must allow it",
    ru: 'пользователю монитора нельзя управлять {unit} ({verb}): это разрешает правило polkit',
  },
  systemd_did_not: {
    en: 'systemd did not {verb} {unit}: {reason}',
    ru: 'systemd не выполнил {verb} для {unit}: {reason}',
  },
  no_reason: { en: 'it gave no reason', ru: 'причина не названа' },
  docker_silent: { en: 'Docker does not answer: {reason}', ru: 'Docker не отвечает: {reason}' },
  docker_refused: { en: 'Docker does not do that: {reason}', ru: 'Docker отказал: {reason}' },
  docker_unexpected: {
    en: 'Docker answers otherwise than expected: {reason}',
    ru: 'Docker отвечает не так, как ожидалось: {reason}',
  },
  docker_not_listed: {
    en: 'Docker may not be asked that of {name}: the proxy before it has it on no list',
    ru: 'прокси перед Docker не пропускает запросы о {name}: его нет в списке',
  },
  docker_unreached: {
    en: 'the proxy before it does not reach it ({status})',
    ru: 'прокси перед ним не может до него достучаться ({status})',
  },
  no_container: { en: 'Docker has no container named {name}', ru: 'у Docker нет контейнера {name}' },

  journal_denied: {
    en: "the journal may not be read by the monitor's user: add it to the group systemd-journal",
    ru: 'пользователю монитора нельзя читать журнал: добавьте его в группу systemd-journal',
  },
  no_journal: { en: 'there is no journal on this machine', ru: 'на этой машине нет журнала systemd' },
  journal_ended: { en: 'journalctl ended: {reason}', ru: 'journalctl завершился: {reason}' },
  not_stored: {
    en: 'what was read cannot be stored: {reason}',
    ru: 'прочитанное не удаётся сохранить: {reason}',
  },
  not_asked: { en: 'not asked yet', ru: 'ещё не спрашивали' },
  no_lines: { en: 'there is nothing to read lines from', ru: 'строки читать неоткуда' },

  procedure_runs: {
    en: 'clear-flood-wait is running: wait for its end or cancel it first',
    ru: 'идёт «Сбросить flood wait»: дождитесь конца или сначала отмените его',
  },
  procedure_idle: {
    en: 'clear-flood-wait is not running: there is nothing to cancel',
    ru: '«Сбросить flood wait» не идёт: отменять нечего',
  },
  procedure_unwritten: {
    en: 'the monitor cannot write under DATA_DIR, and would forget the procedure: nothing was stopped',
    ru: 'монитор не может писать в DATA_DIR и забыл бы о процедуре: ничего не остановлено',
  },
  procedure_nothing: {
    en: 'no service of the account can be stopped from here: {reason}',
    ru: 'ни один сервис аккаунта отсюда не остановить: {reason}',
  },
  no_service_left: { en: 'there is none', ru: 'их нет' },
  service_gone: { en: 'there is no service named {name} any more', ru: 'сервиса {name} больше нет' },
  deed_stop: { en: 'clear-flood-wait: stop', ru: 'Сбросить flood wait: остановить' },
  deed_start: { en: 'clear-flood-wait: start', ru: 'Сбросить flood wait: запустить' },
  deed_wait: { en: 'clear-flood-wait: wait {seconds} s', ru: 'Сбросить flood wait: ждать {seconds} с' },
  deed_done: { en: 'clear-flood-wait: done', ru: 'Сбросить flood wait: конец' },
  deed_failed: { en: 'clear-flood-wait: failed', ru: 'Сбросить flood wait: прервано' },
  deed_cancelled: { en: 'clear-flood-wait: cancelled', ru: 'Сбросить flood wait: отменено' },
  deed_delayed_start: { en: 'delayed start', ru: 'Запустить, отложенно' },
  deed_delayed_restart: { en: 'delayed restart', ru: 'Перезапустить, отложенно' },
  deed_cancel: { en: 'cancel clear-flood-wait', ru: 'Отменить сброс flood wait' },
  cancelled_by: { en: 'cancelled by {user}', ru: 'отменил {user}' },
} as const;
