/** The words of the inbox in both languages, and numbers, sizes and times as people write them. */

const WORDS = {
  en: {
    language: 'RU',
    sandbox: 'sandbox',
    tagline: 'a Telegram of your own',
    offline: 'no connection to the sandbox',
    search: 'Search chats',
    delivered: 'sent',
    repeated: 'asked again',
    errors: 'errors',
    violations: 'too early',
    calls: 'calls',
    noChats: 'No chat fits.',
    welcome: 'Nothing here leaves this machine',
    welcomeText: 'Point any MTProto client at this address, or open a chat and send something to it.',
    address: 'Address',
    dataCentre: 'Data centre',
    key: 'RSA key',
    publicKey: 'Public key',
    report: 'Report (JSON)',
    world: 'World (JSON)',
    back: 'Back to the chats',
    copy: 'Copy the chat id',
    emptyChat: 'Nothing was sent to this chat yet. It will appear here as it arrives.',
    you: 'You',
    photo: 'Photo',
    video: 'Video',
    file: 'File',
    audio: 'Audio',
    gone: 'no longer kept',
    download: 'Download',
    silent: 'sent silently',
    reply: 'in reply to',
    newBelow: 'new',
    today: 'Today',
    yesterday: 'Yesterday',
    self: 'saved messages',
    user: 'user',
    chat: 'basic group',
    supergroup: 'supergroup',
    channel: 'channel',
    members: ['member', 'members', 'members'],
    banned: 'the account is banned here',
    archived: 'archived',
    wait: (seconds) => `Telegram asks to wait ${seconds} s`,
    cutBefore: 'the connection was cut before the call was carried out',
    cutAfter: 'the call was carried out, then the connection was cut before its answer',
    refused: 'Telegram refused the call',
    on: 'on',
  },
  ru: {
    language: 'EN',
    sandbox: 'песочница',
    tagline: 'свой Telegram у себя',
    offline: 'нет связи с песочницей',
    search: 'Поиск чатов',
    delivered: 'отправлено',
    repeated: 'повторы',
    errors: 'ошибки',
    violations: 'раньше срока',
    calls: 'вызовы',
    noChats: 'Таких чатов нет.',
    welcome: 'Отсюда ничего не уходит в сеть',
    welcomeText: 'Укажите этот адрес любому клиенту MTProto или откройте чат и отправьте в него что-нибудь.',
    address: 'Адрес',
    dataCentre: 'Дата-центр',
    key: 'Ключ RSA',
    publicKey: 'Открытый ключ',
    report: 'Отчёт (JSON)',
    world: 'Мир (JSON)',
    back: 'К списку чатов',
    copy: 'Скопировать id чата',
    emptyChat: 'В этот чат ещё ничего не отправляли. Сообщения появятся здесь сразу.',
    you: 'Вы',
    photo: 'Фотография',
    video: 'Видео',
    file: 'Файл',
    audio: 'Аудио',
    gone: 'больше не хранится',
    download: 'Скачать',
    silent: 'отправлено без звука',
    reply: 'в ответ на',
    newBelow: 'новых',
    today: 'Сегодня',
    yesterday: 'Вчера',
    self: 'избранное',
    user: 'пользователь',
    chat: 'обычная группа',
    supergroup: 'супергруппа',
    channel: 'канал',
    members: ['участник', 'участника', 'участников'],
    banned: 'аккаунт здесь заблокирован',
    archived: 'в архиве',
    wait: (seconds) => `Telegram просит подождать ${seconds} с`,
    cutBefore: 'соединение оборвано до выполнения вызова',
    cutAfter: 'вызов выполнен, но соединение оборвано до ответа',
    refused: 'Telegram отклонил вызов',
    on: 'на',
  },
};

const STORED = 'vestnik-sandbox-language';

/** @type {'en' | 'ru'} */
let language = firstLanguage();

function firstLanguage() {
  const stored = localStorage.getItem(STORED);
  if (stored === 'en' || stored === 'ru') return stored;
  return navigator.language.startsWith('ru') ? 'ru' : 'en';
}

/** The words of the current language. */
export function words() {
  return WORDS[language];
}

/** Changes to the other language and remembers it. */
export function switchLanguage() {
  language = language === 'en' ? 'ru' : 'en';
  localStorage.setItem(STORED, language);
}

/** Puts the current language into every element that names its word. */
export function translatePage() {
  document.documentElement.lang = language;
  for (const place of document.querySelectorAll('[data-word]')) {
    place.textContent = String(words()[place.dataset.word]);
  }
}

/** @param {number} count */
export function number(count) {
  return new Intl.NumberFormat(language).format(count);
}

/** A count with the right form of its word. @param {number} count @param {string[]} forms one, few, many */
export function counted(count, forms) {
  const rule = new Intl.PluralRules(language).select(count);
  const form = rule === 'one' ? forms[0] : rule === 'few' ? forms[1] : forms[2];
  return `${number(count)} ${form}`;
}

/** @param {number} bytes */
export function fileSize(bytes) {
  const units = language === 'ru' ? ['Б', 'КБ', 'МБ', 'ГБ'] : ['B', 'KB', 'MB', 'GB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  const digits = unit > 0 && value < 100 ? 1 : 0;
  return `${new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value)} ${units[unit]}`;
}

/** Hours and minutes. @param {number} at ms since 1970 */
export function clock(at) {
  return new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', hour12: false }).format(at);
}

/** A day in words. @param {number} at ms since 1970 */
export function day(at) {
  const days = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / 86_400_000);
  if (days === 0) return words().today;
  if (days === 1) return words().yesterday;
  return new Intl.DateTimeFormat(language, { day: 'numeric', month: 'long' }).format(at);
}

/** Time today, else the day. @param {number} at ms since 1970 */
export function shortTime(at) {
  if (new Date(at).toDateString() === new Date().toDateString()) return clock(at);
  return new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short' }).format(at);
}

/** Date and time in full, for titles. @param {number} at ms since 1970 */
export function fullTime(at) {
  return new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'medium' }).format(at);
}
