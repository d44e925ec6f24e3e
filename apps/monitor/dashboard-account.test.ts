/** How the account stands with Telegram, on the page: each state in its own words, in both languages, wide and narrow. */
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { reason, sentence } from '../kit/reason.ts';
import { standingByError, standingOfFreeze, standingOfUnreachable } from '../gateway/model/standing.ts';
import { describeDashboard, says } from './testing/dashboard-suite.ts';

const address = '149.154.167.50:443';
const freeze = {
  since: Date.UTC(2026, 10, 1),
  until: Date.UTC(2026, 11, 1),
  appealUrl: 'https://t.me/spambot',
};
const states = [
  {
    standing: standingByError('revoked', 'SESSION_REVOKED'),
    russian: 'Telegram завершил сессию (SESSION_REVOKED): посмотрите в списке устройств Telegram',
    english: 'Telegram ended the session (SESSION_REVOKED): look in Telegram',
  },
  {
    standing: standingByError('session_lost', '-404'),
    russian: 'Telegram больше не знает эту сессию',
    english: 'Telegram does not know the session any more',
  },
  {
    standing: standingByError('used_twice', 'AUTH_KEY_DUPLICATED'),
    russian: 'остановите вторую программу',
    english: 'stop the other program',
  },
  {
    standing: standingByError('banned', 'USER_DEACTIVATED_BAN'),
    russian: 'напишите на recover@telegram.org, указав его номер',
    english: 'write its phone number to recover@telegram.org',
  },
  {
    standing: standingByError('deactivated', 'USER_DEACTIVATED'),
    russian: 'аккаунт Telegram удалён или деактивирован',
    english: 'The Telegram account is deleted or deactivated',
  },
  {
    standing: standingOfFreeze(freeze),
    russian: 'подайте апелляцию на https://t.me/spambot от имени этого аккаунта до 2026-12-01',
    english: 'appeal at https://t.me/spambot, signed in as this account by 2026-12-01',
  },
  {
    standing: standingByError('unconfirmed', 'AUTH_KEY_UNREGISTERED'),
    russian: 'подождите до 5 минут',
    english: 'wait up to 5 minutes',
  },
  {
    standing: standingByError('never_signed_in', 'AUTH_KEY_UNREGISTERED'),
    russian: 'в эту сессию никто не входил',
    english: 'Nobody has signed in with this session',
  },
  {
    standing: standingOfUnreachable({ cause: 'name_not_found', error: 'ENOTFOUND', address }),
    russian: `имя ${address} не находится (ENOTFOUND)`,
    english: `${address} cannot be found by its name (ENOTFOUND)`,
  },
  {
    standing: standingOfUnreachable({ cause: 'refused', error: 'ECONNREFUSED', address }),
    russian: `Telegram: ${address} отклоняет соединение (ECONNREFUSED)`,
    english: `Telegram: ${address} refuses the connection (ECONNREFUSED)`,
  },
];

/** Whether nothing on the page, nor in the card, is wider than its place. */
const fits = (page: Page) =>
  page.evaluate<boolean>(
    "[document.documentElement, document.querySelector('[data-service=send-text]')].every((each) => each.scrollWidth <= each.clientWidth)",
  );

describeDashboard('an account in trouble', {}, (dashboard) => {
  it('is told on the card with its own words and advice, and at the top by its own verdict', async () => {
    const wide = await dashboard.open();
    const narrow = await dashboard.open({ locale: 'en-US', viewport: { width: 360, height: 800 } });
    const verdicts = new Set<string>();
    for (const { standing, russian, english } of states) {
      const { state } = standing;
      const cause =
        state === 'unreachable' ? reason('telegram', { reason: standing.reason }) : standing.reason;
      const status = state === 'unconfirmed' ? 'degraded' : 'down';
      dashboard.stand.text.healthStatus = status === 'down' ? 503 : 200;
      const reasons = { reasons: [sentence(cause)], causes: [cause] };
      dashboard.stand.text.health = { status, sandbox: true, ...reasons, account_state: { state } };
      await says(wide, '[data-service=send-text] .reason', russian);
      await says(narrow, '[data-service=send-text] .reason', english);
      verdicts.add(await wide.locator('[role=status]').first().innerText());
      for (const [page, name] of [
        [wide, 'wide'],
        [narrow, 'narrow'],
      ] as const) {
        expect(await fits(page), `${state}, ${name}`).toBe(true);
      }
    }
    expect(verdicts.size).toBe(new Set(states.map(({ standing }) => standing.state)).size);
  });
});
