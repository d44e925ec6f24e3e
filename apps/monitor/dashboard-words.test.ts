/** The words of the page: in both languages, for every reason that services give, and for the verdict at the top. */
import { readdir } from 'node:fs/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { chooseLanguage } from '../../dashboard/language.js';
import { inWords, wordsOf } from '../../dashboard/reasons.js';
import { verdictOn } from '../../dashboard/verdict.js';
import { parseProxy, ProxyError, proxyFaults } from '../gateway/telegram/mtproto/proxy.ts';
import {
  said,
  standingByError,
  standingOfFreeze,
  standingOfUnreachable,
  standingOfWait,
  type Standing,
} from '../gateway/model/standing.ts';
import { answerReason, TelegramError } from '../gateway/model/telegram-error.ts';
import { reason, sentence, type Code, type Reason } from '../kit/reason.ts';
import { accountWords } from '../kit/vocabulary/account.ts';
import { failureWords, noteWords } from '../kit/vocabulary/failures.ts';
import { healthWords } from '../kit/vocabulary/health.ts';
import { monitoringWords } from '../kit/vocabulary/monitoring.ts';
import { vocabulary, wordsIn, type Entry } from '../kit/vocabulary/vocabulary.ts';
import { waitingWords } from '../kit/vocabulary/waiting.ts';

beforeEach(() => chooseLanguage('ru'));

type Words = Readonly<Record<string, string>>;
const locales = new URL('../../dashboard/locales/', import.meta.url);
const wordsOfPage = async (language: 'en' | 'ru'): Promise<Words> => {
  const files = (await readdir(locales)).filter((name) => name.startsWith(language) && name.includes('.js'));
  const modules = await Promise.all(
    files.map((name) => import(new URL(name, locales).href) as Promise<Record<string, Words>>),
  );
  return Object.assign({}, ...modules.flatMap((each) => Object.values(each))) as Words;
};
const placesIn = (words = '') => [...words.matchAll(/\{\w+\}/g)].map(([place]) => place).sort();

it.each([
  ['the page', () => Promise.all([wordsOfPage('en'), wordsOfPage('ru')])],
  ['the vocabulary', () => Promise.resolve([wordsIn('en'), wordsIn('ru')] as [Words, Words])],
])('every word of %s is there in both languages, with the same values in it', async (_, read) => {
  const [en, ru] = await read();
  expect(Object.keys(ru).sort()).toEqual(Object.keys(en).sort());
  for (const [key, words] of Object.entries(ru)) {
    expect(words, key).toMatch(/\S/);
    expect([...new Set(placesIn(words))], key).toEqual([...new Set(placesIn(en[key]))]);
  }
});

it('no code stands in two files of the vocabulary', () => {
  const files = [accountWords, healthWords, waitingWords, failureWords, noteWords, monitoringWords];
  const codes = files.flatMap((words) => Object.keys(words));
  expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
  expect(Object.keys(vocabulary).sort()).toEqual(['verbatim', ...codes].sort());
});

/** A reason of the code, each of its values standing for itself. */
function anyOf(code: Code): Reason {
  const entry: Entry = vocabulary[code];
  const names = placesIn(entry.en + (entry.do?.en ?? '')).map((place) => place.slice(1, -1));
  const values = names.map((name) => [name, /_(?:s|ms|bytes)$|^count$/.test(name) ? 26 : `9-${name}-9`]);
  return { code, values: Object.fromEntries(values) as Record<string, string | number> };
}

describe('what a service says', () => {
  const codes = Object.keys(vocabulary) as Code[];

  it.each(codes.filter((code) => code !== 'verbatim'))('is said in Russian: %s', (code) => {
    const any = anyOf(code);
    const russian = wordsOf(any)!;
    for (const value of Object.values(any.values).filter((each) => typeof each === 'string'))
      if (!/-(?:scope|\w+_at)-/.test(value)) expect(russian).toContain(value);
    const named =
      /https:\/\/\S+|systemd-journal|Telegram|HTTP|Docker|systemd|Prometheus|JSON|NAT|polkit|DNS|MTProto|PATH|SpamBot|npm (?:start|run login)|dmesg|journalctl|clear-flood-wait|flood wait|(?:df -[hi])|ulimit -n|[\w.]+@telegram\.org|\b[A-Z][A-Z_]{3,}\b|LimitNOFILE|EIO|chat_id|\/reload_cache|split: true|9-\w+-9/g;
    expect(russian.replace(named, '')).not.toMatch(/[a-z]{2,}/i);
    expect(russian).toMatch(code === 'telegram' || code === 'exit_because' ? /./ : /[а-я]{2}/i);
  });

  it('has the words of what it says of another service, or of itself, within its own', async () => {
    const refused = reason('unreachable_refused', { address: '149.154.167.50:443', error: 'ECONNREFUSED' });
    const waits = reason('account_connecting', { reason: refused });
    expect(wordsOf(waits)).toBe(
      'нет связи с Telegram: 149.154.167.50:443 отклоняет соединение (ECONNREFUSED): проверьте файрвол этой машины и, если задан, TELEGRAM_DC',
    );
    expect(waits.values.reason).toBe(sentence(refused));
    await chooseLanguage('en');
    expect(wordsOf(waits)).toBe(sentence(waits));
  });

  it('says in Russian why a message failed, with what Telegram answered inside', async () => {
    const error = new TelegramError(400, 'CHAT_RESTRICTED', 'messages.sendMessage');
    const refusal = reason('telegram_refused', { id: 'm1', chat: '-1001', reason: answerReason(error) });
    const said = reason('partly_sent', { reason: refusal, count: 2 });
    expect(wordsOf(said)).toBe(
      'Telegram ответил CHAT_RESTRICTED на messages.sendMessage, сообщение m1 в чат -1001; до этого из его текстов отправлено: 2',
    );
    expect(sentence(said)).toBe(
      'Telegram answered CHAT_RESTRICTED to messages.sendMessage, for message m1 to chat -1001; before it, 2 of its texts were sent',
    );
    await chooseLanguage('en');
    expect(wordsOf(said)).toBe(sentence(said));
  });

  it('has amounts and times as the reader writes them', async () => {
    const plain = (given: Reason) => wordsOf(given)!.replace(/\u00a0|\u202f/g, ' ');
    expect(plain(reason('queue_old', { age_s: 4000 }))).toBe('самое старое сообщение ждёт 1 ч 6 мин');
    expect(
      plain(reason('gate', { scope: 'method:messages.sendMessage', name: 'FLOOD_WAIT_9', left_s: 9 })),
    ).toBe('Telegram попросил подождать с messages.sendMessage (FLOOD_WAIT_9), ещё 9 с');
    const until_at = '2026-02-20T04:29:00.000Z';
    expect(plain(reason('delayed_start', { until_at }))).toMatch(
      /^отложено до (?!2026-02).*:29:00.*: другой сервис аккаунта запущен только что$/,
    );
    await chooseLanguage('en');
    expect(plain(reason('queue_old', { age_s: 4000 }))).toBe('the oldest message has waited 1h 6m');
  });

  it('stays as it was said where it has no code, a newer one, or not all of its values', () => {
    const text = 'the moon is full';
    expect(inWords(text)).toBe(text);
    expect(inWords(text, [{ code: 'moon', values: {} }])).toBe(text);
    expect(inWords(text, [{ code: 'queue_old', values: {} }])).toBe(text);
    expect(inWords(text, [reason('paused'), { code: 'moon', values: {} }])).toBe(text);
    expect(inWords(text, [reason('paused'), reason('dialogs_old')])).toBe(
      'отправка на паузе; последний обход диалогов был давно',
    );
    expect(wordsOf(reason('telegram', { reason: text }))).toBe(`Telegram: ${text}`);
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
    revoked: 'SESSION_REVOKED',
    session_lost: '-404',
    unconfirmed: 'AUTH_KEY_UNREGISTERED',
    used_twice: 'AUTH_KEY_DUPLICATED',
    deactivated: 'USER_DEACTIVATED',
    banned: 'USER_DEACTIVATED_BAN',
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
    ...proxyFaults.map((fault) => new ProxyError(proxy, fault, 'ECODE').standing),
    { state: 'other_account', reason: reason('other_account', { account: 'main' }) },
  ];

  it.each(troubles.map((each) => [said(each), each.reason] as const))(
    'is a sentence in either language, its values and its advice with it: %s',
    async (english, stands) => {
      const russian = wordsOf(stands);
      expect(russian).toMatch(/^(?:Telegram |149\S+ |[а-я]).*[а-я].*: .*[а-я]{3}/);
      expect(wordsOf(reason('telegram', { reason: stands }))).toBe(`Telegram: ${russian}`);
      const { error, address, appeal } = stands.values;
      for (const value of [error, address, appeal].filter(Boolean)) expect(russian).toContain(value);
      await chooseLanguage('en');
      expect(wordsOf(stands)).toBe(english);
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
        label: 'text',
        state: 'running',
        since: null,
        answers: true,
        lacks: [],
        queue: null,
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
