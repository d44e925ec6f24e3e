/** Invented titles for the chats of a generated world, and the deterministic numbers behind them. No real people. */
import { createHash } from 'node:crypto';

const namesByKind = {
  supergroup: [
    'Пекарня «Колос» · смены',
    'Lighthouse On-call',
    'Склад №7',
    'Payments Alerts',
    'Кофейня «Север» · команда',
    'Backend Guild',
    'Маршруты и водители',
    'Release Room',
    'Тестовый полигон',
    'Support · Second Line',
    'Книжный «Лист» · заказы',
    'Data Platform',
  ],
  channel: [
    'Orchard Status',
    'Сводка за ночь',
    'Deploy Bulletin',
    'Ярмарка мастеров',
    'Market Pulse',
    'Погода в порту',
    'Night Builds',
    'Новости мастерской',
    'Incident Radar',
    'Расписание студии',
  ],
  chat: [
    'Обеды',
    'Weekend Hike',
    'Дежурство',
    'Board Games Friday',
    'Ремонт офиса',
    'Tea Club',
    'Дача: урожай',
    'Coffee Rota',
  ],
  user: [
    'Бариста Север',
    'Night Shift',
    'Мастерская Окно',
    'Harbour Desk',
    'Диспетчер Луна',
    'Lantern Books',
    'Ателье Нить',
    'Maple Courier',
    'Сервис Винтик',
    'Olive Kitchen',
    'Цветы Полюшко',
    'Robin Reports',
    'Типография Строка',
    'Tide Monitor',
  ],
} as const;

const greetings = [
  'Всё спокойно, ждём первых сообщений.',
  'All quiet here. Send something!',
  'Смена принята, вопросов нет.',
  'Green across the board.',
  'Спасибо, получили.',
  'Deployed, watching the graphs.',
];

/** The title of the `index`th generated chat of a kind. */
export function titleOf(kind: keyof typeof namesByKind, index: number): string {
  const names = namesByKind[kind];
  const round = Math.floor(index / names.length);
  return `${names[index % names.length]}${round === 0 ? '' : ` ${round + 1}`}`;
}

/** What stands as the last message of a chat that nothing was sent to yet. */
export function greetingOf(index: number): string {
  return greetings[index % greetings.length] ?? '';
}

/** A signed 64-bit number that depends on the words alone: access hashes and ids are the same in every run. */
export function hashOf(...words: readonly (string | bigint | number)[]): bigint {
  return createHash('sha256').update(words.join('|')).digest().readBigInt64LE();
}

/** A number from 0 up to `bound` (exclusive) that depends on the words alone. */
export function numberOf(bound: number, ...words: readonly (string | bigint | number)[]): bigint {
  return BigInt.asUintN(64, hashOf(...words)) % BigInt(bound);
}
