/** The words of the page: in both languages, for every sentence that others say, and for the verdict at the top. */
import { readFile } from 'node:fs/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { chooseLanguage } from '../../dashboard/language.js';
import { verdictOn } from '../../dashboard/verdict.js';
import { told } from '../../dashboard/wording.js';
import { reasonCodes, reasonWords } from '../gateway/model/reasons.ts';
import { unnamedItemsNote } from '../gateway/model/unnamed-items.ts';
import { parseProxy, ProxyError, proxyFaults } from '../gateway/telegram/mtproto/proxy.ts';
import { standingOfProxy } from '../gateway/telegram/mtproto/proxy.ts';
import {
  said,
  standing,
  standingByError,
  standingOfFreeze,
  standingOfUnreachable,
  standingOfWait,
  type Standing,
} from '../gateway/model/standing.ts';

beforeEach(() => chooseLanguage('ru'));

/** Files of words, and what each exports in either language. */
const files = ['', '-panels', '-terms', '-diagnostics', '-told', '-reasons'];
type Words = Readonly<Record<string, string>>;
const wordsOf = async (language: 'en' | 'ru'): Promise<Words> => {
  const modules = await Promise.all(
    files.map(
      (file) => import(`../../dashboard/locales/${language}${file}.js`) as Promise<Record<string, Words>>,
    ),
  );
  return Object.assign({}, ...modules.flatMap((each) => Object.values(each))) as Words;
};
const placesIn = (words = '') => [...words.matchAll(/\{\w+\}/g)].map(([place]) => place).sort();

it('every word of the page is there in both languages, with the same values in it', async () => {
  const [en, ru] = await Promise.all([wordsOf('en'), wordsOf('ru')]);
  expect(Object.keys(ru).sort()).toEqual(Object.keys(en).sort());
  for (const [key, words] of Object.entries(ru)) {
    expect(words, key).toMatch(/\S/);
    expect(placesIn(words), key).toEqual(placesIn(en[key]));
  }
});

it('why a message waits is worded for every reason there is, with its values', async () => {
  const en = await wordsOf('en');
  for (const code of reasonCodes)
    expect(placesIn(en[`reason.${code}`]), code).toEqual(placesIn(reasonWords[code]));
});

/** Where a sentence is said, what stands there of it, and how it may come out. */
const sentences: [file: string, fragment: string, sentence: string, inRussian: string][] = [
  ['gateway/http/health.ts', '`Telegram: ${reason', 'Telegram: connecting', 'Telegram: подключается'],
  [
    'gateway/http/health.ts',
    'not known before Telegram answers',
    'not known before Telegram answers',
    'выполнен ли вход в аккаунт, неизвестно, пока Telegram не ответит',
  ],
  [
    'gateway/http/health.ts',
    'is not finished; ${size} chats are known',
    'the first walk over the dialogs is not finished; 12 chats are known',
    'первый обход диалогов не закончен; известно чатов: 12',
  ],
  [
    'gateway/http/health.ts',
    'the last walk over the dialogs is old',
    'the last walk over the dialogs is old',
    'последний обход диалогов был давно',
  ],
  [
    'gateway/http/health.ts',
    'a message waits for ${facts.oldest_s} s',
    'a message waits for 4000 s',
    'сообщение ждёт 1 ч 6 мин',
  ],
  [
    'gateway/http/health.ts',
    'messages wait, and nothing that is known holds them, for ${seconds} s: restart this service',
    'messages wait, and nothing that is known holds them, for 40 s: restart this service',
    'сообщения ждут уже 40 с, и ничто известное их не держит: перезапустите этот сервис',
  ],
  ['gateway/http/health.ts', 'sending is paused', 'sending is paused', 'отправка на паузе'],
  [
    'gateway/http/storage-check.ts',
    'another process has locked the database, for ${seconds} s so far',
    'another process has locked the database, for 26 s so far',
    'базу данных заблокировал другой процесс, уже 26 с',
  ],
  [
    'monitor/http/recorded.ts',
    'it was done, but the monitor cannot write under DATA_DIR, and forgets who did it when it stops',
    'it was done, but the monitor cannot write under DATA_DIR, and forgets who did it when it stops',
    'Записать это под DATA_DIR монитор не может: кто это сделал, забудется с его остановкой.',
  ],
  [
    'gateway/http/storage-check.ts',
    'the disk is full: new messages are refused',
    'the disk is full: new messages are refused',
    'диск заполнен: новые сообщения не принимаются',
  ],
  [
    'gateway/storage/storage-trouble.ts',
    'has no file descriptor left (${code}): raise its limit (LimitNOFILE, ulimit -n)',
    'this process has no file descriptor left (EMFILE): raise its limit (LimitNOFILE, ulimit -n)',
    'у процесса кончились файловые дескрипторы (EMFILE): поднимите предел (LimitNOFILE, ulimit -n)',
  ],
  [
    'gateway/storage/storage-trouble.ts',
    'is gone (${code}): mount its disk again, or restore a backup',
    'the spool under DATA_DIR is gone (ENOENT): mount its disk again, or restore a backup',
    'папки для файлов под DATA_DIR нет (ENOENT): подключите её диск или восстановите резервную копию',
  ],
  [
    'gateway/storage/storage-trouble.ts',
    'is mounted read-only: dmesg says why; remount it',
    'the disk of the spool under DATA_DIR is mounted read-only: dmesg says why; remount it',
    'диск с DATA_DIR доступен только для чтения: причину скажет dmesg; подключите его заново',
  ],
  [
    'gateway/http/storage-check.ts',
    'has not written a file in',
    'the disk of DATA_DIR has not written a file in 3 s',
    'диск с DATA_DIR не записал файл за 3 с',
  ],
  [
    'gateway/pacing/gates.ts',
    'Telegram asked to wait with ${what} (${left})',
    'Telegram asked to wait with messages.sendMessage (FLOOD_WAIT_1080, 1079 s are left)',
    'Telegram попросил подождать с messages.sendMessage (FLOOD_WAIT_1080), ещё 17 мин',
  ],
  [
    'gateway/pacing/gates.ts',
    'Telegram refuses first messages to people who are not contacts (${left}): these wait, and all others go on; ',
    'Telegram refuses first messages to people who are not contacts (PEER_FLOOD, 26 s are left): these wait, and all others go on; write to @SpamBot in Telegram to learn for how long',
    'первые сообщения тем, кого нет в контактах, ждут ещё 26 с (PEER_FLOOD), остальные уходят: срок скажет @SpamBot',
  ],
  [
    'gateway/pacing/gates.ts',
    'chats are in slow mode (at most',
    '3 chats are in slow mode (at most 20 s are left)',
    'чатов в медленном режиме: 3, не дольше 20 с',
  ],
  [
    'gateway/http/health.ts',
    'times in a row, for ${seconds} s',
    'Telegram answers INTERNAL to messages.sendMessage: 4 times in a row, for 90 s',
    'Telegram отвечает INTERNAL на messages.sendMessage: подряд 4, уже 1 мин',
  ],
  [
    'gateway/telegram/account-status.ts',
    'the connection to Telegram was lost',
    'the connection to Telegram was lost',
    'соединение с Telegram потеряно',
  ],
  [
    'gateway/http/operations.ts',
    'the dialogs were walked too recently, or Telegram asked to wait',
    'the dialogs were walked too recently, or Telegram asked to wait: ask again in 90 s',
    'диалоги обходили слишком недавно или Telegram попросил подождать: можно будет через 1 мин',
  ],
  [
    'monitor/health/gateway.ts',
    'no answer in ${withinMs / 1000} s',
    'no answer in 10 s',
    'нет ответа за 10 с',
  ],
  [
    'gateway/model/unnamed-items.ts',
    'Telegram did not name items ${items.join',
    unnamedItemsNote([2, 4]),
    'Telegram не назвал части альбома 2, 4: загляните в чат, прежде чем отправлять их снова',
  ],
  [
    'gateway/outbox/not-sent.ts',
    'and Telegram did not say so in ${hours} h of asking',
    'message m1 to chat 7: it may have been sent, and Telegram did not say so in 24 h of asking (Telegram answered INTERNAL to messages.sendMessage); look into the chat before sending it again',
    'возможно, отправлено: за 24 ч Telegram так и не ответил (Telegram ответил INTERNAL на messages.sendMessage); загляните в чат',
  ],
  [
    'gateway/outbox/not-sent.ts',
    'for ${minutes} minutes in which other calls of',
    'Telegram answered INTERNAL to messages.sendMessage, for message m1 to chat 7, for 10 minutes in which other calls of messages.sendMessage succeeded: it may have been sent; look into the chat before sending it again',
    'Telegram 10 мин отвечал INTERNAL на messages.sendMessage, хотя другое уходило; возможно, отправлено: загляните в чат',
  ],
  ['monitor/health/gateway.ts', 'connection refused', 'connection refused', 'в соединении отказано'],
  ['monitor/health/check.ts', 'answered ${code}', 'answered 503', 'ответил HTTP 503'],
  [
    'monitor/supervisors/launcher.ts',
    'npm start does not answer on its socket: ${why}',
    'npm start does not answer on its socket: nothing in 2000 ms',
    'npm start не отвечает на своём сокете: ничего за 2 000 мс',
  ],
  [
    'monitor/supervisors/systemd.ts',
    'systemd has no unit named ${unit}',
    'systemd has no unit named vestnik-send-text.service',
    'у systemd нет юнита vestnik-send-text.service',
  ],
  [
    'monitor/supervisors/systemd-show.ts',
    'exit code ${ExecMainStatus}',
    'exit code 1; it was started too often in too short a time',
    'завершился с кодом 1; запускался слишком часто за короткое время',
  ],
  ['monitor/supervisors/docker.ts', 'out of memory', 'out of memory', 'не хватило памяти'],
  [
    'kit/app.ts',
    'is in use: set ${setting} to another',
    'port 5022 is in use: set PORT to another',
    'порт 5022 занят: освободите его или задайте другой PORT',
  ],
];

describe('a sentence that others say in English', () => {
  it.each(sentences)(
    'of %s, with %s in it, is said in Russian',
    async (file, fragment, sentence, inRussian) => {
      const source = await readFile(new URL(`../${file}`, import.meta.url), 'utf8');
      // Whoever changes the sentence there changes it in dashboard/locales as well.
      expect(source).toContain(fragment);
      expect(told(sentence).replace(/\u00a0|\u202f/g, ' ')).toBe(inRussian);
    },
  );

  it('has a time as the reader writes it', async () => {
    const source = await readFile(new URL('http/services.ts', import.meta.url), 'utf8');
    expect(source).toContain('`delayed until ${iso}: another service of the account was started just now`');
    const delayed =
      'delayed until 2026-02-20T04:29:00.000Z: another service of the account was started just now';
    expect(told(delayed)).toMatch(
      /^отложено до (?!2026-02).*:29:00.*: другой сервис аккаунта запущен только что$/,
    );
  });

  it('stays as it is where it is not known, beside those that are', async () => {
    expect(told('sending is paused; the moon is full')).toBe('отправка на паузе; the moon is full');
    await chooseLanguage('en');
    expect(told('a message waits for 4000 s')).toBe('a message waits for 1h 6m');
  });
});

describe('what a gateway says of its account', () => {
  const address = '149.154.167.50:443';
  const proxy = parseProxy(`socks5://${address}`)!;
  const freeze = {
    since: Date.UTC(2026, 10, 1),
    until: Date.UTC(2026, 11, 1),
    appealUrl: 'https://t.me/spambot',
  };
  const errors = {
    ...{ revoked: 'SESSION_REVOKED', session_lost: '-404', unconfirmed: 'AUTH_KEY_UNREGISTERED' },
    ...{ used_twice: 'AUTH_KEY_DUPLICATED', deactivated: 'USER_DEACTIVATED', banned: 'USER_DEACTIVATED_BAN' },
    never_signed_in: 'AUTH_KEY_UNREGISTERED',
  };
  const causes = ['refused', 'timeout', 'name_not_found', 'no_route', 'cut', 'transport', 'other'] as const;
  const troubles: Standing[] = [
    ...Object.entries(errors).map(([state, error]) => standingByError(state as keyof typeof errors, error)),
    standingOfFreeze(undefined),
    standingOfFreeze({ ...freeze, until: undefined }),
    standingOfFreeze(freeze),
    standingOfWait('FLOOD_WAIT_26', freeze.until),
    ...causes.map((cause) => standingOfUnreachable({ cause, error: 'ECODE', address })),
    ...proxyFaults.map((fault) => standingOfProxy(new ProxyError(proxy, fault, 'ECODE'))),
    standing(
      'other_account',
      'the session is of another Telegram user than the data of the account main: set TELEGRAM_ACCOUNT to a name of its own, or sign in as the user it was',
    ),
  ];

  it.each(troubles.map((each) => [said(each), each] as const))(
    'is a sentence in either language, its values and its advice with it: %s',
    async (sentence, { values }) => {
      const russian = told(sentence);
      expect(russian).toMatch(/^(?:Telegram |149\S+ |[а-я]).*[а-я].*: .*[а-я]{3}/);
      expect(told(`Telegram: ${sentence}`)).toBe(`Telegram: ${russian}`);
      for (const value of [values.error, values.address, values.appeal].filter(Boolean))
        expect(russian).toContain(value);
      await chooseLanguage('en');
      expect(told(sentence).slice(0, 20).toLowerCase()).toMatch(sentence.slice(0, 8).toLowerCase());
    },
  );

  it('has a verdict of its own for each', async () => {
    const verdicts = () =>
      [...new Set(troubles.map(({ state }) => state))].map((account_state) => {
        const health = { status: 'down', reasons: [] };
        const service = {
          label: 'text',
          state: 'running',
          since: null,
          answers: true,
          lacks: [],
          queue: null,
        };
        return verdictOn([{ ...service, floods: [], health, account_state } as never]).text;
      });
    const inRussian = verdicts();
    expect(new Set(inRussian).size).toBe(inRussian.length);
    expect(inRussian).toContain('text не отправляет: Telegram заморозил аккаунт');
    await chooseLanguage('en');
    expect(verdicts()).toContain('text sends nothing: Telegram froze the account');
  });
});

describe('the verdict on a service', () => {
  const until = new Date(Date.now() + 1_080_000).toISOString();
  const verdict = (scopes: string[], holding: string[] = scopes) =>
    verdictOn([
      {
        ...{ label: 'text', state: 'running', since: null, answers: true, lacks: [], queue: null },
        floods: scopes.map((scope) => ({ scope, until, seconds: 1080, holds: holding.includes(scope) })),
        health: { status: holding.length > 0 ? 'degraded' : 'ok', reasons: [] },
      } as never,
    ]);
  const [text, file, album] = ['sendMessage', 'sendMedia', 'sendMultiMedia'].map(
    (name) => `method:messages.${name}`,
  );

  it('says until when nothing is sent while what it sends with is held', () => {
    for (const held of [verdict([text!]), verdict([file!, album!])]) {
      expect(held.level).toBe('error');
      expect(held.text).toMatch(/^text ничего не отправляет до .*\d\d:\d\d: flood wait, ещё 18 мин$/);
    }
  });

  it('says that a part is held where only files or only albums are', () => {
    expect(verdict([file!])).toMatchObject({
      level: 'warning',
      text: expect.stringContaining('text держит часть сообщений до'),
    });
  });

  it('says that first messages to strangers wait, and all others go on', () => {
    expect(verdict(['strangers'])).toMatchObject({
      level: 'warning',
      text: expect.stringMatching(/первые сообщения тем, кого нет в контактах, ждут до .*; остальные уходят/),
    });
  });

  it('minds no gate of what another service sends with', () => {
    expect(verdict([text!], [])).toEqual({ level: 'ok', text: 'Всё отправляется' });
  });
});
